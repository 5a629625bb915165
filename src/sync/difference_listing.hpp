#pragma once

#include "report/reporter.hpp"
#include "sync/difference.hpp"
#include "sync/session_pair.hpp"
#include "sync/table_pair.hpp"

#include <string>

namespace slicetool::sync {

struct Listing;

/// Tells the reporter every differing row of a range; reads what it needs (the keys of a whole
/// range, the values of changed rows) from both sides.
void list_difference(const TablePair& pair, const RangeDifference& difference,
                     const Listing& listing, SessionPair& sessions, report::Reporter& reporter);

/// Tells the rows of a range that only upstream has; streamed.
void list_missing(const TablePair& pair, const Range& range, SessionPair& sessions,
                  report::Reporter& reporter);

/// "id=5: downstream has another value in `price`", for the first row of the range, or of the rows
/// named by key, that differs at this moment, as both sessions see it; "" when there is none. For a
/// range of few rows: it lists them all.
std::string describe_first_difference(const TablePair& pair, const RangeDifference& difference,
                                      SessionPair& sessions);

} // namespace slicetool::sync
