#include "sync/held_differences.hpp"

#include "sync/reads.hpp"

namespace slicetool::sync {

namespace {

/// A few MiB of keys.
constexpr std::uint64_t k_most_rows = 10'000;

/// The difference with its rows listed.
RangeDifference with_keys(const TablePair& pair, RangeDifference difference, SessionPair& sessions)
{
    const auto keys = [&](db::Session& session, const TableSide& side) {
        return read_keys(session, side, "list rows of " + side.name,
                         build_keys_of_range(side, difference.range, std::nullopt));
    };
    if (difference.upstream.rows > 0)
        difference.missing = keys(sessions.upstream(), pair.upstream);
    if (difference.downstream_rows > 0)
        difference.extra = keys(sessions.downstream(), pair.downstream);
    difference.whole = false;
    return difference;
}

} // namespace

bool HeldDifferences::hold(const TablePair& pair, const RangeDifference& difference,
                           SessionPair& sessions)
{
    const std::uint64_t rows =
        difference.whole
            ? difference.upstream.rows + difference.downstream_rows
            : difference.missing.size() + difference.extra.size() + difference.changed.size();
    {
        const std::scoped_lock lock(m_mutex);
        if (m_overflown || m_rows + rows > k_most_rows) {
            m_overflown = true;
            return false;
        }
        m_rows += rows;
    }
    RangeDifference listed = difference.whole ? with_keys(pair, difference, sessions) : difference;
    const std::scoped_lock lock(m_mutex);
    m_differences.push_back(std::move(listed));
    return true;
}

} // namespace slicetool::sync
