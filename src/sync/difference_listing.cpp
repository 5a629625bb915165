#include "sync/difference_listing.hpp"

#include "report/text.hpp"
#include "sql/quote.hpp"
#include "sync/reads.hpp"
#include "sync/scan.hpp"

#include <fmt/format.h>
#include <map>
#include <set>

namespace slicetool::sync {

namespace {

report::Difference difference_of(const TablePair& pair, report::DifferenceKind kind,
                                 const KeyTuple& key)
{
    report::Difference told;
    told.kind = kind;
    for (std::size_t at = 0; at < key.size(); ++at)
        told.key.push_back({pair.upstream.key[at].name, key[at]});
    return told;
}

std::map<KeyTuple, RowValues> rows_by_key(const TablePair& pair, db::Session& session,
                                          const TableSide& side, const std::vector<KeyTuple>& keys)
{
    std::map<KeyTuple, RowValues> rows;
    db::Result result = session.query("read rows of " + side.name, build_rows_of_keys(side, keys));
    while (result.next()) {
        RowValues row = row_values(result, 0, side.encoding.columns().size());
        KeyTuple key = key_of(pair, row);
        rows.emplace(std::move(key), std::move(row));
    }
    return rows;
}

std::optional<std::string> shown(const std::optional<std::string>& value)
{
    return value ? std::optional(report::shortened(*value)) : std::nullopt;
}

std::vector<report::ColumnDifference> differing_columns(const TablePair& pair, const RowValues& up,
                                                        const RowValues& down)
{
    std::vector<report::ColumnDifference> columns;
    for (std::size_t at = 0; at < up.size(); ++at) {
        if (up[at] != down[at])
            columns.push_back(
                {pair.upstream.encoding.columns()[at].name, shown(up[at]), shown(down[at])});
    }
    return columns;
}

std::pair<std::map<KeyTuple, RowValues>, std::map<KeyTuple, RowValues>>
rows_of_both(const TablePair& pair, const std::vector<KeyTuple>& keys, SessionPair& sessions)
{
    return sessions.both(
        [&](db::Session& session) { return rows_by_key(pair, session, pair.upstream, keys); },
        [&](db::Session& session) { return rows_by_key(pair, session, pair.downstream, keys); });
}

/// "`price`, `name`".
std::string differing_names(const TablePair& pair, const KeyTuple& key, SessionPair& sessions)
{
    auto [up, down] = rows_of_both(pair, {key}, sessions);
    std::vector<std::string> names;
    for (const auto& column : differing_columns(pair, up[key], down[key]))
        names.push_back(column.column);
    return sql::quote_identifiers(names);
}

void list_changed(const TablePair& pair, const std::vector<KeyTuple>& keys, bool with_columns,
                  SessionPair& sessions, report::Reporter& reporter)
{
    std::map<KeyTuple, RowValues> up;
    std::map<KeyTuple, RowValues> down;
    if (with_columns && !keys.empty())
        std::tie(up, down) = rows_of_both(pair, keys, sessions);
    for (const auto& key : keys) {
        auto told = difference_of(pair, report::DifferenceKind::changed, key);
        if (up.count(key) != 0 && down.count(key) != 0)
            told.columns = differing_columns(pair, up[key], down[key]);
        reporter.difference(pair.upstream.name, told);
    }
}

void list_keys(const TablePair& pair, report::DifferenceKind kind,
               const std::vector<KeyTuple>& keys, report::Reporter& reporter)
{
    for (const auto& key : keys)
        reporter.difference(pair.upstream.name, difference_of(pair, kind, key));
}

/// The keys of one side of a range, told as they come.
void list_side(const TablePair& pair, report::DifferenceKind kind, const Range& range,
               db::Session& session, const TableSide& side, report::Reporter& reporter)
{
    db::Result result =
        session.query("list rows of " + side.name, build_keys_of_range(side, range, std::nullopt));
    while (result.next()) {
        reporter.difference(pair.upstream.name, difference_of(pair, kind, key_from(result, side)));
    }
}

} // namespace

void list_missing(const TablePair& pair, const Range& range, SessionPair& sessions,
                  report::Reporter& reporter)
{
    list_side(pair, report::DifferenceKind::missing, range, sessions.upstream(), pair.upstream,
              reporter);
}

void list_difference(const TablePair& pair, const RangeDifference& difference,
                     const Listing& listing, SessionPair& sessions, report::Reporter& reporter)
{
    if (difference.whole) {
        if (difference.upstream.rows > 0)
            list_missing(pair, difference.range, sessions, reporter);
        if (difference.downstream_rows > 0)
            list_side(pair, report::DifferenceKind::extra, difference.range, sessions.downstream(),
                      pair.downstream, reporter);
        return;
    }
    list_keys(pair, report::DifferenceKind::missing, difference.missing, reporter);
    list_keys(pair, report::DifferenceKind::extra, difference.extra, reporter);
    list_changed(pair, difference.changed, listing.columns, sessions, reporter);
}

std::string describe_first_difference(const TablePair& pair, const RangeDifference& difference,
                                      SessionPair& sessions)
{
    const auto [up, down] = sessions.both(
        [&](db::Session& session) { return read_digests(session, pair.upstream, difference); },
        [&](db::Session& session) { return read_digests(session, pair.downstream, difference); });
    const RangeDifference now = compare_by_key(up, down);
    if (!now.changed.empty())
        return fmt::format("{}: downstream has another value in {}",
                           describe(pair.upstream.key, now.changed.front()),
                           differing_names(pair, now.changed.front(), sessions));
    if (!now.missing.empty())
        return describe(pair.upstream.key, now.missing.front()) + ": downstream does not have it";
    if (now.extra.empty())
        return "";
    return describe(pair.downstream.key, now.extra.front()) + ": upstream does not have it";
}

} // namespace slicetool::sync
