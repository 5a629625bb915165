#include "sync/local_copy.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sync/reads.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

std::string comment(const TableSide& side, std::string_view what)
{
    return fmt::format("/* slicetool table={} {} */", sql::comment_text(side.name), what);
}

std::string where(const std::string& condition)
{
    return condition.empty() ? "" : " WHERE " + condition;
}

std::string copy(const TablePair& pair, const std::string& condition)
{
    const auto names = [](const TableSide& side) {
        std::vector<std::string> list;
        for (const auto& column : side.encoding.columns())
            list.push_back(column.name);
        return sql::quote_identifiers(list);
    };
    return fmt::format("{} INSERT INTO {} ({}) SELECT {} FROM {}{}",
                       comment(pair.downstream, "copy rows"), pair.downstream.table,
                       names(pair.downstream), names(pair.upstream), pair.upstream.from,
                       where(condition));
}

/// A side's rows of a range as (j: key columns, k: their values as they are read, r: the encoded
/// row), for joins. The names of the two tables' columns never meet.
std::string rows_for_join(const TableSide& side, const Range& range)
{
    std::vector<std::string> list;
    for (std::size_t at = 0; at < side.key.size(); ++at) {
        list.push_back(fmt::format("{} AS j{}", sql::quote_identifier(side.key[at].name), at));
        list.push_back(fmt::format("{} AS k{}", side.key[at].value_sql, at));
    }
    return fmt::format("(SELECT {}, {} AS r FROM {}{})", base::join(list, ", "),
                       side.encoding.row_sql(), side.from,
                       where(build_range_condition(side.key, range)));
}

std::string numbered(std::string_view format, std::size_t count, std::string_view separator)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < count; ++at)
        parts.push_back(fmt::format(fmt::runtime(format), at));
    return base::join(parts, separator);
}

/// A left join of both sides' rows of each range, by key.
std::string join(const TableSide& one, const TableSide& other, const std::vector<Range>& ranges,
                 std::string_view what, std::string_view list, std::string_view condition)
{
    const std::size_t parts = one.key.size();
    std::string text = comment(one, what);
    for (std::size_t at = 0; at < ranges.size(); ++at)
        text += fmt::format("{}SELECT {}{}, {} FROM {} AS a LEFT JOIN {} AS b ON {} WHERE {}",
                            at == 0 ? " " : " UNION ALL ", at, list, numbered("a.k{}", parts, ", "),
                            rows_for_join(one, ranges[at]), rows_for_join(other, ranges[at]),
                            numbered("b.j{0} = a.j{0}", parts, " AND "), condition);
    return text;
}

std::vector<Range> chosen(const std::vector<Range>& ranges,
                          const std::vector<std::size_t>& positions)
{
    std::vector<Range> some;
    for (const std::size_t at : positions)
        some.push_back(ranges[at]);
    return some;
}

} // namespace

std::string obstacle_to_local_copy(const TablePair& pair, const sql::Table& upstream,
                                   const sql::Table& downstream)
{
    if (pair.keyless)
        return "no key identifies its rows";
    if (!pair.choices.where.empty())
        return "a condition (where) chooses its rows"; // it might mean other tables over there
    if (!pair.carried.empty())
        return "columns of it are left out";
    if (!pair.choices.masks.empty())
        return "columns of it are masked";
    if (!downstream.is_transactional())
        return fmt::format("its engine downstream, {}, cannot roll back", downstream.engine);
    const auto& up = pair.upstream.encoding.columns();
    const auto& down = pair.downstream.encoding.columns();
    for (std::size_t at = 0; at < up.size(); ++at) {
        const sql::Column& here = *upstream.find_column(up[at].name);
        const sql::Column& there = *downstream.find_column(down[at].name);
        if (here.column_type != there.column_type || here.charset != there.charset)
            return fmt::format("column {} has another type downstream", here.name);
    }
    return "";
}

std::string obstacle_to_local_read(db::Session& downstream, const TablePair& pair)
{
    try {
        read_key(downstream, pair.upstream, "read upstream's table " + pair.upstream.name,
                 build_first_key(pair.upstream));
        return "";
    } catch (const db::Error& failure) {
        if (failure.connection_lost())
            throw;
        return failure.server_message();
    }
}

bool may_read_committed(db::Session& downstream)
{
    const auto variable = [&](const char* name) -> std::string {
        db::Result row = downstream.query("ask about the binary log",
                                          fmt::format("SHOW VARIABLES LIKE '{}'", name));
        return row.next() ? row.get(1).value_or("") : "";
    };
    return variable("log_bin") != "ON" || variable("binlog_format") != "STATEMENT";
}

std::string build_local_copy(const TablePair& pair, const Range& range)
{
    return copy(pair, build_range_condition(pair.upstream.key, range));
}

std::string build_local_copy(const TablePair& pair, const std::vector<KeyTuple>& keys)
{
    return copy(pair, build_keys_condition(pair.upstream.key, keys));
}

std::string build_local_changes(const TableSide& one, const TableSide& other,
                                const std::vector<Range>& ranges)
{
    return join(one, other, ranges, "changed and missing rows", ", b.j0 IS NULL",
                "b.j0 IS NULL OR b.r <> a.r");
}

std::string build_local_strays(const TableSide& one, const TableSide& other,
                               const std::vector<Range>& ranges)
{
    return join(one, other, ranges, "extra rows", "", "b.j0 IS NULL");
}

std::vector<RangeDifference> read_local_differences(db::Session& downstream, const TablePair& pair,
                                                    const std::vector<Suspect>& suspects)
{
    std::vector<RangeDifference> differences;
    std::vector<Range> ranges;
    for (const auto& suspect : suspects) {
        ranges.push_back(suspect.range);
        differences.push_back({suspect.range,
                               suspect.upstream,
                               suspect.downstream.rows,
                               false,
                               {},
                               {},
                               {},
                               suspect.attempts});
    }
    // What follows sees both tables at one moment.
    db::Transaction moment(downstream, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    const auto now = read_fingerprints(downstream, pair.upstream, ranges);
    std::vector<std::size_t> unchanged;
    for (std::size_t at = 0; at < suspects.size(); ++at) {
        if (hash::proves_equal(suspects[at].upstream, now[at]))
            unchanged.push_back(at);
    }
    const std::string label = "compare rows of " + pair.downstream.name;
    read_of_ranges(
        downstream, label, chosen(ranges, unchanged),
        [&](const auto& some) { return build_local_changes(pair.upstream, pair.downstream, some); },
        [&](std::size_t at, const db::Result& row) {
            RangeDifference& difference = differences[unchanged[at]];
            auto& keys = row.number(1) != 0 ? difference.missing : difference.changed;
            keys.push_back(key_from(row, pair.upstream, 2));
        });
    // Rows that upstream lacks are there only if downstream has more than those that it shares.
    std::vector<std::size_t> larger;
    for (const std::size_t at : unchanged) {
        if (suspects[at].downstream.rows + differences[at].missing.size() >
            suspects[at].upstream.rows)
            larger.push_back(at);
    }
    read_of_ranges(
        downstream, label, chosen(ranges, larger),
        [&](const auto& some) { return build_local_strays(pair.downstream, pair.upstream, some); },
        [&](std::size_t at, const db::Result& row) {
            differences[larger[at]].extra.push_back(key_from(row, pair.downstream, 1));
        });
    moment.commit();
    return differences;
}

} // namespace slicetool::sync
