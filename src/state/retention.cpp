#include "state/retention.hpp"

#include "state/statement.hpp"

namespace slicetool::state {

std::size_t prune_runs(SQLite::Database& database, const Retention& retention,
                       std::chrono::system_clock::time_point now)
{
    constexpr std::int64_t k_day_milliseconds = 86'400'000;
    std::int64_t oldest = 0;
    if (retention.longest)
        oldest = to_milliseconds(now - *retention.longest);
    const std::int64_t keep = retention.keep ? static_cast<std::int64_t>(*retention.keep) : -1;
    run_statement(database,
                  "DELETE FROM runs WHERE (started_ms < ?1 OR (?2 >= 0 AND id NOT IN "
                  "(SELECT id FROM runs ORDER BY id DESC LIMIT ?2))) "
                  "AND (ended_ms IS NOT NULL OR started_ms < ?3)",
                  oldest, keep, to_milliseconds(now) - k_day_milliseconds);
    return static_cast<std::size_t>(database.getChanges());
}

} // namespace slicetool::state
