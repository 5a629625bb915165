#include "sync/table_bounds.hpp"

#include "sync/reads.hpp"

#include <utility>

namespace slicetool::sync {

namespace {

/// Where the rows beyond `start` lie; but for downstream's last one. Rows that the pair leaves
/// alone downstream count: what lies beyond the last row is filled as a place without any.
TableBounds read_bounds_from(const TablePair& pair, const Bound& start, SessionPair& sessions)
{
    const auto first = [&](db::Session& session, const TableSide& side) {
        return read_key(session, side, "find the first key of " + side.name + " to look at",
                        build_first_key_from(side, start));
    };
    TableBounds bounds;
    bounds.start = start;
    TableSide all = pair.downstream;
    all.where.clear();
    auto [up, down] =
        sessions.both([&](db::Session& session) { return first(session, pair.upstream); },
                      [&](db::Session& session) { return first(session, all); });
    bounds.upstream_first = std::move(up);
    bounds.downstream_first = std::move(down);
    return bounds;
}

} // namespace

TableBounds read_bounds(const TablePair& pair, std::uint64_t estimated_rows, SessionPair& sessions,
                        const std::optional<Bound>& start)
{
    TableBounds bounds;
    bounds.estimated_rows = estimated_rows;
    struct Ends
    {
        std::optional<KeyTuple> first;
        std::optional<KeyTuple> last;
    };
    const auto ends = [](db::Session& session, const TableSide& side) {
        Ends found;
        db::Result rows =
            session.query("find the first and last key of " + side.name, build_extreme_keys(side));
        while (rows.next())
            (rows.number(0) == 0 ? found.first : found.last) = key_from(rows, side, 1);
        return found;
    };
    auto [up, down] = sessions.both(
        [&](db::Session& session) {
            if (pair.local.possible)
                return ends(session, pair.upstream);
            return Ends{read_key(session, pair.upstream,
                                 "find the first key of " + pair.upstream.name,
                                 build_first_key(pair.upstream)),
                        std::nullopt};
        },
        [&](db::Session& session) { return ends(session, pair.downstream); });
    bounds.upstream_first = std::move(up.first);
    bounds.upstream_last = std::move(up.last);
    bounds.downstream_first = std::move(down.first);
    bounds.downstream_last = std::move(down.last);
    if (!start)
        return bounds;
    TableBounds rest = read_bounds_from(pair, *start, sessions);
    rest.estimated_rows = estimated_rows;
    if (rest.upstream_first)
        rest.upstream_last = std::move(bounds.upstream_last);
    if (rest.downstream_first)
        rest.downstream_last = std::move(bounds.downstream_last);
    return rest;
}

Range tail_of(const TableBounds& bounds)
{
    if (!bounds.downstream_last)
        return {bounds.start, std::nullopt, {}, k_tail_ordinal};
    return {Bound{*bounds.downstream_last, true}, std::nullopt, {}, k_tail_ordinal};
}

} // namespace slicetool::sync
