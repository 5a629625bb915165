#include "sync/statements.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

std::string comment(const TableSide& side, std::string_view what)
{
    return fmt::format("/* slicetool table={} {} */", sql::comment_text(side.name), what);
}

std::string both(const std::string& a, const std::string& b)
{
    if (a.empty() || b.empty())
        return a + b;
    return fmt::format("({}) AND ({})", a, b);
}

/// " WHERE …" for a condition, or nothing.
std::string where(const std::string& condition)
{
    return condition.empty() ? "" : " WHERE " + condition;
}

std::string where_range(const TableSide& side, const Range& range)
{
    return where(both(build_range_condition(side.key, range), side.where));
}

std::string key_values(const TableSide& side)
{
    std::vector<std::string> values;
    for (const auto& column : side.key)
        values.push_back(column.value_sql);
    return base::join(values, ", ");
}

std::string row_values(const TableSide& side)
{
    return base::join(side.encoding.select_list(), ", ");
}

/// "`a` DESC, `b` DESC".
std::string descending(const TableSide& side)
{
    std::vector<std::string> names;
    for (const auto& column : side.key)
        names.push_back(sql::quote_identifier(column.name) + " DESC");
    return base::join(names, ", ");
}

std::string column_names(const std::vector<hash::EncodedColumn>& columns)
{
    std::vector<std::string> names;
    for (const auto& column : columns)
        names.push_back(column.name);
    return sql::quote_identifiers(names);
}

/// True where a JSON value's text, stored again, makes the same value with the same text.
std::string survives_as_text(const hash::EncodedColumn& column)
{
    const std::string text = hash::value_sql(column.form, column.source());
    // A value longer than max_allowed_packet has an empty text, which is no JSON.
    const std::string again = fmt::format("CAST(NULLIF({}, '') AS JSON)", text);
    return fmt::format("{0} <=> {1} AND {2} <=> {3}", again, column.source(),
                       hash::value_sql(column.form, again), text);
}

} // namespace

std::string build_fingerprints(const TableSide& side, const std::vector<Range>& ranges)
{
    std::string text = comment(side, "fingerprints");
    for (std::size_t at = 0; at < ranges.size(); ++at) {
        text +=
            fmt::format("{}SELECT {}, {} FROM {}{}", at == 0 ? " " : " UNION ALL ", at,
                        side.fingerprint.select_list(), side.from, where_range(side, ranges[at]));
    }
    return text;
}

std::string build_leaves(const TableSide& side, const std::vector<Range>& ranges)
{
    std::string text = comment(side, "leaves");
    for (std::size_t at = 0; at < ranges.size(); ++at) {
        text += fmt::format("{}SELECT {}, {}, {} FROM {}{}", at == 0 ? " " : " UNION ALL ", at,
                            side.encoding.row_digest_sql(), key_values(side), side.from,
                            where_range(side, ranges[at]));
    }
    return text;
}

std::string build_rows_of_range(const TableSide& side, const Range& range)
{
    return fmt::format("{} SELECT {} FROM {}{} ORDER BY {}", comment(side, "rows of a range"),
                       row_values(side), side.from, where_range(side, range), side.key_list);
}

std::string build_rows_of_keys(const TableSide& side, const std::vector<KeyTuple>& keys)
{
    return fmt::format("{} SELECT {} FROM {}{}", comment(side, "rows by key"), row_values(side),
                       side.from, where(both(build_keys_condition(side.key, keys), side.where)));
}

std::string build_digests_of_keys(const TableSide& side, const std::vector<KeyTuple>& keys)
{
    return fmt::format("{} SELECT {}, {} FROM {}{}", comment(side, "digests by key"),
                       side.encoding.row_digest_sql(), key_values(side), side.from,
                       where(both(build_keys_condition(side.key, keys), side.where)));
}

std::string build_keys_of_range(const TableSide& side, const Range& range,
                                std::optional<std::uint64_t> limit)
{
    return fmt::format("{} SELECT {} FROM {}{} ORDER BY {}{}", comment(side, "keys of a range"),
                       key_values(side), side.from, where_range(side, range), side.key_list,
                       limit ? fmt::format(" LIMIT {}", *limit) : "");
}

std::string build_count(const TableSide& side, const Range& range)
{
    return fmt::format("{} SELECT COUNT(*) FROM {}{}", comment(side, "count"), side.from,
                       where_range(side, range));
}

std::string build_first_key(const TableSide& side)
{
    return fmt::format("{} SELECT {} FROM {} ORDER BY {} LIMIT 1", comment(side, "first key"),
                       key_values(side), side.from, side.key_list);
}

std::string build_extreme_keys(const TableSide& side)
{
    return fmt::format("{0} (SELECT 0, {1} FROM {2} ORDER BY {3} LIMIT 1) UNION ALL "
                       "(SELECT 1, {1} FROM {2} ORDER BY {4} LIMIT 1)",
                       comment(side, "extreme keys"), key_values(side), side.from, side.key_list,
                       descending(side));
}

std::string build_first_key_from(const TableSide& side, const Bound& bound)
{
    return build_keys_of_range(side, {bound, std::nullopt, {}}, 1);
}

std::string build_sample(const TableSide& side, const Range& range, std::uint64_t sampling,
                         std::uint64_t limit)
{
    // A binary separator, since servers do not join texts of unlike character sets.
    const std::string chosen = fmt::format("CRC32(CONCAT_WS(CAST(',' AS BINARY), {})) % {} = 0",
                                           key_values(side), sampling);
    return fmt::format("{} SELECT {} FROM {}{} ORDER BY {} LIMIT {}",
                       comment(side, "sample of keys"), key_values(side), side.from,
                       where(both(build_range_condition(side.key, range), chosen)), side.key_list,
                       limit);
}

std::string build_cuts(const TableSide& side, const Range& range, std::uint64_t rows,
                       std::uint64_t stride)
{
    std::string text = comment(side, "cuts of a range");
    for (std::uint64_t at = stride; at < rows; at += stride) {
        text += fmt::format("{}(SELECT {} FROM {}{} ORDER BY {} LIMIT 1 OFFSET {})",
                            at == stride ? " " : " UNION ALL ", key_values(side), side.from,
                            where_range(side, range), side.key_list, at);
    }
    return text;
}

std::string build_delete_keys(const TableSide& side, const std::vector<KeyTuple>& keys)
{
    return fmt::format("{} DELETE FROM {} WHERE {}", comment(side, "delete rows"), side.table,
                       build_keys_condition(side.key, keys));
}

std::string build_delete_range(const TableSide& side, const Range& range, std::uint64_t limit)
{
    return fmt::format("{} DELETE FROM {}{} ORDER BY {} LIMIT {}", comment(side, "delete a range"),
                       side.table, where_range(side, range), side.key_list, limit);
}

std::string build_insert_head(const TableSide& side,
                              const std::vector<hash::EncodedColumn>& carried)
{
    std::string names = column_names(side.encoding.columns());
    if (!carried.empty())
        names += ", " + column_names(carried);
    return fmt::format("{} INSERT INTO {} ({}) VALUES ", comment(side, "insert rows"), side.table,
                       names);
}

void append_values(std::string& out, const std::vector<hash::EncodedColumn>& columns,
                   const RowValues& values)
{
    for (std::size_t at = 0; at < columns.size(); ++at) {
        if (at != 0)
            out += ',';
        if (values[at])
            hash::append_literal(out, columns[at].form, *values[at]);
        else
            out += "NULL";
    }
}

std::string build_load(const TableSide& side, const std::string& path)
{
    std::vector<std::string> fields;
    std::vector<std::string> conversions;
    for (const auto& column : side.encoding.columns()) {
        const std::string name = sql::quote_identifier(column.name);
        const std::string variable = fmt::format("@v{}", fields.size());
        const std::string conversion = hash::load_conversion_sql(column.form, variable);
        fields.push_back(conversion.empty() ? name : variable);
        if (!conversion.empty())
            conversions.push_back(fmt::format("{} = {}", name, conversion));
    }
    return fmt::format(
        "LOAD DATA LOCAL INFILE {} INTO TABLE {} CHARACTER SET binary FIELDS TERMINATED BY '\\t' "
        "ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' ({}){}",
        sql::quote_string(path), side.table, base::join(fields, ", "),
        conversions.empty() ? "" : " SET " + base::join(conversions, ", "));
}

void append_load_row(std::string& out, const RowValues& values)
{
    for (std::size_t at = 0; at < values.size(); ++at) {
        if (at != 0)
            out += '\t';
        if (!values[at]) {
            out += "\\N";
            continue;
        }
        for (const char c : *values[at]) {
            switch (c) {
            case '\0':
                out += "\\0";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\x1a':
                out += "\\Z";
                break;
            case '\\':
                out += "\\\\";
                break;
            default:
                out += c;
            }
        }
    }
    out += '\n';
}

std::string build_holders(const TableSide& side, const UniqueKey& unique,
                          const std::vector<RowValues>& rows)
{
    const auto& columns = side.encoding.columns();
    std::string condition;
    for (const auto& row : rows) {
        const bool collides = std::all_of(unique.columns.begin(), unique.columns.end(),
                                          [&](std::size_t at) { return row[at].has_value(); });
        if (!collides)
            continue;
        condition += condition.empty() ? "(" : " OR (";
        for (std::size_t part = 0; part < unique.columns.size(); ++part) {
            const std::size_t at = unique.columns[part];
            condition += fmt::format("{}{} = ", part == 0 ? "" : " AND ",
                                     sql::quote_identifier(columns[at].name));
            hash::append_literal(condition, columns[at].form, *row[at]);
        }
        condition += ')';
    }
    if (condition.empty())
        return "";
    return fmt::format("{} SELECT {}, {} FROM {} WHERE {}",
                       comment(side, "holders of unique values"), key_values(side),
                       row_values(side), side.table, condition);
}

std::string build_carried(const TableSide& side, const std::vector<hash::EncodedColumn>& carried,
                          const std::vector<KeyTuple>& keys)
{
    const hash::RowEncoding values(carried, side.encoding.digest());
    std::string altered = "NULL";
    for (std::size_t at = carried.size(); at-- > 0;) {
        if (carried[at].form == hash::Form::json)
            altered = fmt::format("IF({}, {}, {})", survives_as_text(carried[at]), altered, at);
    }
    return fmt::format("{} SELECT {}, {}, {} FROM {} WHERE {} FOR UPDATE",
                       comment(side, "kept columns"), key_values(side),
                       base::join(values.select_list(), ", "), altered, side.table,
                       build_keys_condition(side.key, keys));
}

std::string build_same_keys(const TableSide& side, const std::vector<KeyTuple>& keys)
{
    std::string which;
    for (std::size_t at = 0; at < keys.size(); ++at)
        which += fmt::format(" WHEN {} THEN {}", build_keys_condition(side.key, {keys[at]}), at);
    return fmt::format("{} SELECT CASE{} END, {} FROM {} WHERE {}", comment(side, "same keys"),
                       which, key_values(side), side.table, build_keys_condition(side.key, keys));
}

std::string build_saved_rows_of_keys(const TableSide& side, const std::vector<KeyTuple>& keys)
{
    return fmt::format("{} SELECT {}, {} FROM {}{} FOR UPDATE", comment(side, "save rows"),
                       side.encoding.row_digest_sql(), row_values(side), side.from,
                       where(both(build_keys_condition(side.key, keys), side.where)));
}

std::string build_saved_rows_of_range(const TableSide& side, const Range& range,
                                      std::optional<std::uint64_t> limit)
{
    return fmt::format("{} SELECT {}, {} FROM {}{} ORDER BY {}{} FOR UPDATE",
                       comment(side, "save a range"), side.encoding.row_digest_sql(),
                       row_values(side), side.from, where_range(side, range), side.key_list,
                       limit ? fmt::format(" LIMIT {}", *limit) : "");
}

} // namespace slicetool::sync
