#pragma once

#include "base/stop.hpp"
#include "sync/held_differences.hpp"

#include <cstdint>

namespace slicetool::sync {

/// What is left of a comparison's differences after later looks.
struct Rechecked
{
    RangeDifference remaining;   ///< its range is everything; rows that differed at every look
    std::uint64_t in_flight = 0; ///< rows that differed at first and were equal at a later look
};

/// Looks again, at most `looks` times and with growing pauses, at rows that differed: on a pair
/// that is written to, a change may have reached upstream's snapshot and not yet downstream. Each
/// look takes a new snapshot of upstream, on connections of its own, so that the run's snapshot
/// stays. A row is dropped once it is equal; when a look drops none, nothing is in flight any more,
/// and it was the last.
class Recheck
{
public:
    /// The looks' own sessions are opened beside the run's. `pair` and `stop` must outlive it.
    Recheck(const TablePair& pair, const db::Session& upstream, const db::Session& downstream,
            const base::StopToken& stop);

    Rechecked run(const std::vector<RangeDifference>& differences, unsigned looks);

    /// The connections, as the last look left them.
    SessionPair& sessions() { return m_sessions; }

private:
    RangeDifference look(const RangeDifference& before);

    const TablePair& m_pair;
    const base::StopToken& m_stop;
    SessionPair m_sessions;
};

} // namespace slicetool::sync
