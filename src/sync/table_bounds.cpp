#include "sync/table_bounds.hpp"

#include "sync/reads.hpp"

#include <utility>

namespace slicetool::sync {

TableBounds read_bounds(const TablePair& pair, std::uint64_t estimated_rows, SessionPair& sessions)
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
            return read_key(session, pair.upstream, "find the first key of " + pair.upstream.name,
                            build_first_key(pair.upstream));
        },
        [&](db::Session& session) { return ends(session, pair.downstream); });
    bounds.upstream_first = std::move(up);
    bounds.downstream_first = std::move(down.first);
    bounds.downstream_last = std::move(down.last);
    return bounds;
}

Range tail_of(const TableBounds& bounds)
{
    if (!bounds.downstream_last)
        return {std::nullopt, std::nullopt, {}, k_tail_ordinal};
    return {Bound{*bounds.downstream_last, true}, std::nullopt, {}, k_tail_ordinal};
}

} // namespace slicetool::sync
