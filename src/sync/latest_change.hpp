#pragma once

#include "sync/lite_column.hpp"

#include <string>

/// What the values of a lite step's column say of later changes. Pure.
///
/// A row that was written after a snapshot was taken is dated no earlier than the snapshot: of a
/// TIMESTAMP column by upstream's clock; of a DATETIME column by a clock in some zone, so by up to
/// 12 hours less (no zone is further behind UTC). A later value is one from the future, or of a
/// clock further east, and must hide no change that comes after it.
namespace slicetool::sync {

/// SQL of that text as a DATETIME(6).
std::string point_in_time(const std::string& text);

/// SQL of the greatest value that is no later than any change after the snapshot can be; NULL when
/// there is none. `snapshot_time` as in StepContext.
std::string build_latest_change(const LiteColumn& column, const std::string& snapshot_time);

/// By how many hours a change can be dated earlier than a value that was there before it: none for
/// a TIMESTAMP, 26 between the clocks of two zones (UTC+14 to UTC-12) for a DATETIME. That covers
/// the hour that is shown twice when summer ends, too.
int hours_dated_back(const LiteColumn& column);

} // namespace slicetool::sync
