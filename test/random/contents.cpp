#include "random/contents.hpp"

#include "base/text.hpp"
#include "random/render.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::search {

namespace {

/// The eight bytes of a DOUBLE as they stand in a point; servers print fewer digits in many places.
std::string bits_of_real(const Families& families, const std::string& column)
{
    const bool tells_zeros_apart =
        families.up == sql::Family::mysql && families.down == sql::Family::mysql;
    return fmt::format("HEX(ST_AsWKB(POINT({}{}, 0)))", column, tells_zeros_apart ? "" : " + 0e0");
}

std::string in_hex(const Families& families, const Column& column, Side side)
{
    const std::string name = sql::quote_identifier(column.name);
    if (!column.generation.empty())
        return fmt::format("HEX(CONCAT({}))", name);
    switch (column.kind) {
    case Kind::real32:
    case Kind::real64:
        return bits_of_real(families, name);
    case Kind::bit:
        return fmt::format("HEX(CONCAT(CAST({} AS UNSIGNED)))", name);
    case Kind::enumeration:
    case Kind::set: // downstream's elements begin with upstream's
        return fmt::format("CONCAT(CAST({0} AS UNSIGNED), ':', HEX({0}))", name);
    case Kind::json:
        return families.of(side) == sql::Family::mysql && families.up == sql::Family::mysql
                   ? fmt::format("HEX(CAST({} AS CHAR CHARACTER SET utf8mb4))", name)
                   : fmt::format("HEX({})", name);
    case Kind::text:
        return column.down_type.empty() ? fmt::format("HEX({})", name)
                                        : fmt::format("HEX(CONVERT({} USING utf8mb4))", name);
    case Kind::bytes:
    case Kind::geometry:
    case Kind::vector:
        return fmt::format("HEX({})", name);
    case Kind::uuid:
    case Kind::inet4:
    case Kind::inet6:
        return fmt::format("HEX(CAST({} AS CHAR))", name);
    default:
        return fmt::format("HEX(CONCAT({}))", name);
    }
}

std::string images(const Case& of, const Table& table, Side side,
                   const std::vector<std::size_t>& columns)
{
    std::vector<std::string> parts;
    for (const std::size_t at : columns)
        parts.push_back(
            fmt::format("IFNULL({}, 'NULL')", in_hex(of.families, table.columns[at], side)));
    // The number of columns tells a lone empty text from no column at all.
    return parts.empty()
               ? "''"
               : fmt::format("CONCAT_WS(' ', '{}:', {})", parts.size(), base::join(parts, ", "));
}

} // namespace

Contents read_contents(db::Session& session, const Case& of, const Table& table, Side side,
                       const std::vector<std::size_t>& columns, const std::string& where)
{
    const Key* key = identifying_key(table);
    const std::string statement = fmt::format(
        "SELECT {}, {} FROM {}{}",
        images(of, table, side, key == nullptr ? std::vector<std::size_t>{} : key->columns),
        images(of, table, side, columns), sql::quote_identifier(table.name),
        where.empty() ? "" : " WHERE " + where);
    Contents contents;
    db::Result rows = session.query("read " + table.name, statement);
    while (rows.next())
        contents.push_back({rows.text(0), rows.text(1)});
    std::sort(contents.begin(), contents.end());
    return contents;
}

Counts compare(const Contents& up, const Contents& down)
{
    Counts counts;
    auto here = up.begin();
    auto there = down.begin();
    const auto keyed = [](const RowImage& image) {
        return image.key.empty() ? image.row : image.key;
    };
    while (here != up.end() || there != down.end()) {
        if (there == down.end() || (here != up.end() && keyed(*here) < keyed(*there))) {
            ++counts.missing;
            ++here;
        } else if (here == up.end() || keyed(*there) < keyed(*here)) {
            ++counts.extra;
            ++there;
        } else {
            counts.changed += here->row == there->row ? 0 : 1;
            ++here;
            ++there;
        }
    }
    return counts;
}

std::string first_difference(const Contents& up, const Contents& down)
{
    const auto [here, there] = std::mismatch(up.begin(), up.end(), down.begin(), down.end());
    return fmt::format("upstream   {}\ndownstream {}", here == up.end() ? "(none)" : here->row,
                       there == down.end() ? "(none)" : there->row);
}

} // namespace slicetool::search
