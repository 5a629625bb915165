#include "sync/latest_change.hpp"

#include "sql/quote.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// Baker Island's zone is that far behind UTC, and the Line Islands' that far ahead.
constexpr int k_hours_behind_utc = 12;
constexpr int k_hours_ahead_of_utc = 14;

} // namespace

std::string point_in_time(const std::string& text)
{
    return fmt::format("CAST({} AS DATETIME(6))", sql::quote_string(text));
}

std::string build_latest_change(const LiteColumn& column, const std::string& snapshot_time)
{
    return fmt::format(
        "CAST(MAX(CASE WHEN {0} <= ({1} - INTERVAL {2} HOUR) THEN {0} END) AS DATETIME(6))",
        sql::quote_identifier(column.name), point_in_time(snapshot_time),
        column.is_instant ? 0 : k_hours_behind_utc);
}

int hours_dated_back(const LiteColumn& column)
{
    return column.is_instant ? 0 : k_hours_behind_utc + k_hours_ahead_of_utc;
}

} // namespace slicetool::sync
