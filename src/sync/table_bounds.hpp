#pragma once

#include "sync/planner.hpp"
#include "sync/session_pair.hpp"

namespace slicetool::sync {

/// Asks both sides at the same time for their first and last keys.
TableBounds read_bounds(const TablePair& pair, std::uint64_t estimated_rows, SessionPair& sessions);

/// The keys beyond downstream's last one; all, if downstream is empty.
Range tail_of(const TableBounds& bounds);

} // namespace slicetool::sync
