#pragma once

#include "sync/planner.hpp"
#include "sync/session_pair.hpp"

namespace slicetool::sync {

/// Asks both sides at the same time for their first and last keys; with a `start`, of the rows
/// beyond it. Upstream's last one only where one server has both sides, since there the plan covers
/// it.
TableBounds read_bounds(const TablePair& pair, std::uint64_t estimated_rows, SessionPair& sessions,
                        const std::optional<Bound>& start = std::nullopt);

/// The keys beyond downstream's last one; all, or all from the start on, if downstream is empty.
Range tail_of(const TableBounds& bounds);

} // namespace slicetool::sync
