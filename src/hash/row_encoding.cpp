#include "hash/row_encoding.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::hash {

namespace {

/// Equal to nothing, not even to itself: stands for the digest of a value that the server does not
/// give, since it is longer than max_allowed_packet. Some functions yield NULL then, with a mere
/// warning; MySQL makes an empty text of a JSON value. So two such values are never called equal.
constexpr const char* k_unequal_sql = "CONCAT(UUID())";

/// The digest of a long value that is not NULL.
std::string long_value_sql(const EncodedColumn& column, DigestKind digest)
{
    const std::string value = value_sql(column.form, column.source());
    const std::string text =
        fmt::format("IFNULL({}, {})", digest_hex_sql(digest, value), k_unequal_sql);
    if (!is_never_empty(column.form))
        return text;
    return fmt::format("REPLACE({}, '{}', {})", text, digest_hex(digest, ""), k_unequal_sql);
}

/// What stands in the tail: the bytes, or the digest of long ones.
std::string tail_sql(const EncodedColumn& column, DigestKind digest)
{
    const std::string name = column.source();
    if (is_digested(column.form)) {
        const std::string value = long_value_sql(column, digest);
        return column.nullable ? fmt::format("IF({} IS NULL, NULL, {})", name, value) : value;
    }
    const std::string value = value_sql(column.form, name);
    // A TINYTEXT is a BLOB to MariaDB, which prepares an on-disk table for it; LEFT cuts nothing
    // off.
    return column.is_tiny ? fmt::format("LEFT({}, 255)", value) : value;
}

std::string head_sql(const EncodedColumn& column, DigestKind digest)
{
    const std::string name = column.source();
    std::string value = value_sql(column.form, name);
    if (is_digested(column.form))
        value = column.nullable
                    ? fmt::format("IF({} IS NULL, NULL, {})", name, digest_bytes(digest) * 2)
                    : std::to_string(digest_bytes(digest) * 2);
    else if (column.form == Form::bytes)
        value = fmt::format("LENGTH({})", name); // LENGTH counts bytes, cast or not
    else if (is_string_like(column.form))
        value = fmt::format("LENGTH({})", value);
    return column.nullable ? fmt::format("IFNULL({}, '~')", value) : value;
}

/// Beyond 512 characters MariaDB takes an expression for a BLOB, and GROUP_CONCAT prepares an
/// on-disk table for it (CONVERT_IF_BIGGER_TO_BLOB): long heads are passed in several arguments.
constexpr std::uint64_t k_longest_argument = 480;

/// What a head's value may take for that purpose: a DECIMAL, or a DOUBLE as servers declare it.
constexpr std::uint64_t k_longest_declared = 68;

/// "CONCAT_WS(',', a, b), ',', CONCAT_WS(',', c)": values joined by commas, none of the calls too
/// long.
std::string join_values(const std::vector<std::string>& values,
                        const std::vector<std::uint64_t>& lengths)
{
    std::vector<std::string> calls;
    std::string call;
    std::uint64_t length = 0;
    for (std::size_t at = 0; at < values.size(); ++at) {
        const std::uint64_t more = std::min(lengths[at], k_longest_declared) + 1;
        if (!call.empty() && length + more > k_longest_argument) {
            calls.push_back(call + ")");
            call.clear();
            length = 0;
        }
        call += (call.empty() ? "CONCAT_WS(',', " : ", ") + values[at];
        length += more;
    }
    calls.push_back(call + ")");
    return base::join(calls, ", ',', ");
}

/// A binary string in its own right, not a mere literal: joined with it, columns of any character
/// set are taken as the bytes they are, none is converted, and none needs a cast of its own.
constexpr const char* k_separator_sql = "CAST(';' AS BINARY)";

/// Room in the head for a length and its comma; a VARCHAR has at most 65,535 bytes, a CONVERTed one
/// more.
constexpr std::uint64_t k_longest_length = 8;

} // namespace

RowEncoding::RowEncoding(std::vector<EncodedColumn> columns, DigestKind digest)
    : m_columns(std::move(columns)), m_digest(digest)
{
}

std::string RowEncoding::row_parts_sql() const
{
    std::vector<std::string> head;
    std::vector<std::uint64_t> lengths;
    for (const auto& column : m_columns) {
        if (is_string_like(column.form))
            continue;
        head.push_back(head_sql(column, m_digest));
        lengths.push_back(column.longest);
    }
    std::vector<std::string> tail;
    for (const auto& column : m_columns) {
        if (!is_string_like(column.form))
            continue;
        head.push_back(head_sql(column, m_digest));
        lengths.push_back(k_longest_length);
        const std::string bytes = tail_sql(column, m_digest);
        tail.push_back(column.nullable ? fmt::format("IFNULL({}, '')", bytes) : bytes);
    }
    std::vector<std::string> row{join_values(head, lengths), k_separator_sql};
    row.insert(row.end(), tail.begin(), tail.end());
    return base::join(row, ", ");
}

std::string RowEncoding::row_sql() const
{
    return fmt::format("CONCAT({})", row_parts_sql());
}

std::string RowEncoding::row_digest_sql() const
{
    return digest_raw_sql(m_digest, row_sql());
}

std::uint64_t RowEncoding::fixed_bytes() const
{
    std::uint64_t bytes = 1;
    for (const auto& column : m_columns) {
        if (!is_string_like(column.form))
            bytes += column.longest + 1;
        else
            bytes += k_longest_length + (is_digested(column.form) ? column.longest : 0);
    }
    return bytes;
}

std::uint64_t RowEncoding::longest_row() const
{
    std::uint64_t bytes = fixed_bytes();
    for (const auto& column : m_columns) {
        if (is_string_like(column.form) && !is_digested(column.form))
            bytes += column.longest;
    }
    return bytes;
}

std::string RowEncoding::varying_bytes_sql() const
{
    std::vector<std::string> lengths;
    for (const auto& column : m_columns) {
        if (!is_string_like(column.form) || is_digested(column.form))
            continue;
        const std::string length = fmt::format(
            "LENGTH({})",
            column.form == Form::bytes ? column.source() : value_sql(column.form, column.source()));
        lengths.push_back(column.nullable ? fmt::format("IFNULL({}, 0)", length) : length);
    }
    return lengths.empty() ? "0" : base::join(lengths, " + ");
}

std::vector<std::string> RowEncoding::select_list() const
{
    std::vector<std::string> list;
    for (const auto& column : m_columns)
        list.push_back(value_sql(column.form, column.source()));
    return list;
}

void RowEncoding::encode(const std::vector<std::optional<std::string>>& values,
                         std::string& out) const
{
    const auto start = out.size();
    const auto comma = [&] {
        if (out.size() != start)
            out += ',';
    };
    for (std::size_t at = 0; at < m_columns.size(); ++at) {
        if (is_string_like(m_columns[at].form))
            continue;
        comma();
        out += values[at] ? *values[at] : "~";
    }
    std::string tail;
    for (std::size_t at = 0; at < m_columns.size(); ++at) {
        if (!is_string_like(m_columns[at].form))
            continue;
        comma();
        if (!values[at]) {
            out += '~';
            continue;
        }
        const std::size_t before = tail.size();
        tail += is_digested(m_columns[at].form) ? digest_hex(m_digest, *values[at]) : *values[at];
        out += std::to_string(tail.size() - before);
    }
    out += ';';
    out += tail;
}

} // namespace slicetool::hash
