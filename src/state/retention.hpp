#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace SQLite {
class Database;
}

namespace slicetool::state {

/// Which runs stay; an empty member sets no limit.
struct Retention
{
    std::optional<std::size_t> keep; ///< the newest so many
    std::optional<std::chrono::seconds> longest;
};

/// What every run keeps of those before it: a year of nightly runs and then some; or 41 days of
/// hourly ones, in some MiB.
inline constexpr Retention k_retention{1000, std::chrono::hours(400 * 24)};

/// Forgets the other runs, and all that belongs to them; how many they were. Runs that have not
/// ended and began within the last day stay. Throws SQLite::Exception.
std::size_t prune_runs(SQLite::Database& database, const Retention& retention,
                       std::chrono::system_clock::time_point now);

} // namespace slicetool::state
