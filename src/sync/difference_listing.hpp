#pragma once

#include "report/reporter.hpp"
#include "sync/difference.hpp"
#include "sync/session_pair.hpp"
#include "sync/table_pair.hpp"

namespace slicetool::sync {

struct Listing;

/// Tells the reporter every differing row of a range; reads what it needs (the keys of a whole
/// range, the values of changed rows) from both sides.
void list_difference(const TablePair& pair, const RangeDifference& difference,
                     const Listing& listing, SessionPair& sessions, report::Reporter& reporter);

/// Tells the rows of a range that only upstream has; streamed.
void list_missing(const TablePair& pair, const Range& range, SessionPair& sessions,
                  report::Reporter& reporter);

} // namespace slicetool::sync
