#include "undo/entries.hpp"

#include "undo/bytes.hpp"

namespace slicetool::undo {

namespace {

void append_key(std::string& out, const Key& key)
{
    append_number(out, key.size());
    for (const auto& value : key)
        append_bytes(out, value);
}

/// 0: none; 1: before the key; 2: after it.
void append_bound(std::string& out, const std::optional<Bound>& bound)
{
    append_number(out, !bound ? 0 : bound->after ? 2 : 1);
    if (bound)
        append_key(out, bound->key);
}

Key read_key(ByteReader& bytes)
{
    Key key(bytes.count());
    for (auto& value : key)
        value = bytes.bytes();
    return key;
}

Values read_values(ByteReader& bytes)
{
    Values values(bytes.count());
    for (auto& value : values)
        value = bytes.optional_bytes();
    return values;
}

std::optional<Bound> read_bound(ByteReader& bytes)
{
    const std::uint64_t place = bytes.number();
    if (place == 0)
        return std::nullopt;
    if (place > 2)
        throw Damaged("a bound is neither before nor after its key");
    return Bound{read_key(bytes), place == 2};
}

Header read_header(ByteReader& bytes)
{
    Header header;
    header.format = bytes.number();
    if (header.format != k_format_version)
        return header; // the rest is another format's
    header.encoding_version = bytes.number();
    header.digest = bytes.bytes();
    header.run = bytes.bytes();
    header.started = bytes.number();
    header.tool_version = bytes.bytes();
    header.upstream = bytes.bytes();
    header.downstream = bytes.bytes();
    header.server = bytes.bytes();
    header.database = bytes.bytes();
    return header;
}

Table read_table(ByteReader& bytes)
{
    Table table;
    table.name = bytes.bytes();
    table.columns.resize(bytes.count());
    for (auto& column : table.columns) {
        column.name = bytes.bytes();
        column.type = bytes.bytes();
    }
    table.key = read_key(bytes);
    return table;
}

After read_after(ByteReader& bytes)
{
    After after;
    after.key = read_key(bytes);
    after.digest = bytes.bytes();
    return after;
}

Piece read_piece(ByteReader& bytes)
{
    Piece piece;
    piece.lower = read_bound(bytes);
    piece.upper = read_bound(bytes);
    piece.rows = bytes.number();
    piece.digest = bytes.bytes();
    return piece;
}

Count read_count(ByteReader& bytes)
{
    Count count;
    count.digest = bytes.bytes();
    count.before = bytes.number();
    count.after = bytes.number();
    return count;
}

/// Entries until the frame's end.
void read_entries(ByteReader& bytes, Frame& frame)
{
    while (!bytes.at_end()) {
        switch (frame.kind) {
        case Kind::rows:
            frame.rows.push_back(read_values(bytes));
            break;
        case Kind::afters:
            frame.afters.push_back(read_after(bytes));
            break;
        case Kind::pieces:
            frame.pieces.push_back(read_piece(bytes));
            break;
        case Kind::counts:
            frame.counts.push_back(read_count(bytes));
            break;
        default:
            throw Damaged("a frame is longer than it should be");
        }
    }
}

} // namespace

std::string encode_head(Kind kind, std::uint64_t batch, std::uint64_t table)
{
    std::string head(1, static_cast<char>(kind));
    append_number(head, batch);
    append_number(head, table);
    return head;
}

std::string encode_end(std::uint64_t batch, std::uint64_t table, std::uint64_t synced)
{
    std::string end = encode_head(Kind::end, batch, table);
    append_number(end, synced);
    return end;
}

void append(std::string& out, const Header& header)
{
    append_number(out, header.format);
    append_number(out, header.encoding_version);
    append_bytes(out, header.digest);
    append_bytes(out, header.run);
    append_number(out, header.started);
    append_bytes(out, header.tool_version);
    append_bytes(out, header.upstream);
    append_bytes(out, header.downstream);
    append_bytes(out, header.server);
    append_bytes(out, header.database);
}

void append(std::string& out, const Table& table)
{
    append_bytes(out, table.name);
    append_number(out, table.columns.size());
    for (const auto& column : table.columns) {
        append_bytes(out, column.name);
        append_bytes(out, column.type);
    }
    append_key(out, table.key);
}

void append(std::string& out, const Values& row)
{
    append_number(out, row.size());
    for (const auto& value : row)
        append_optional(out, value);
}

void append(std::string& out, const After& after)
{
    append_key(out, after.key);
    append_bytes(out, after.digest);
}

void append(std::string& out, const Piece& piece)
{
    append_bound(out, piece.lower);
    append_bound(out, piece.upper);
    append_number(out, piece.rows);
    append_bytes(out, piece.digest);
}

void append(std::string& out, const Count& count)
{
    append_bytes(out, count.digest);
    append_number(out, count.before);
    append_number(out, count.after);
}

Frame decode(std::string_view bytes)
{
    ByteReader reader(bytes);
    Frame frame;
    const std::uint64_t kind = reader.number();
    if (kind < static_cast<std::uint64_t>(Kind::header) ||
        kind > static_cast<std::uint64_t>(Kind::full))
        throw Damaged("a frame is of no known kind");
    frame.kind = static_cast<Kind>(kind);
    frame.batch = reader.number();
    frame.table = reader.number();
    if (frame.kind == Kind::header) {
        frame.header = read_header(reader);
        return frame;
    }
    if (frame.kind == Kind::table)
        frame.description = read_table(reader);
    if (frame.kind == Kind::end)
        frame.synced = reader.number();
    read_entries(reader, frame);
    return frame;
}

} // namespace slicetool::undo
