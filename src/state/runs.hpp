#pragma once

#include "report/record.hpp"
#include "report/run_line.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

/// Reading what runs told. All may throw SQLite::Exception, and base::Error for words that this
/// version does not know; call them inside File::read.
namespace slicetool::state {

/// A run as it was told, as far as it is kept: everything but differing rows.
struct StoredRun
{
    report::RunLine line;
    std::string tool_version;
    report::Record record;
};

/// Which runs are meant; an empty member does not choose.
struct RunFilter
{
    std::string job;
    std::string pair; ///< as RunOrigin::pair
    std::string command;
};

/// The newest `limit` runs, the newest first.
std::vector<report::RunLine> list_runs(SQLite::Database& database, const RunFilter& filter,
                                       std::size_t limit);

/// nullopt: there is no run of that number (any more).
std::optional<StoredRun> load_run(SQLite::Database& database, std::int64_t id);

/// The newest slice before the run `id` that got as far as comparing these two databases, and was
/// no dry run.
std::optional<report::RunLine> run_before(SQLite::Database& database, std::int64_t id,
                                          const std::string& pair);

/// Which two databases a run is about, and the end of that text, which tells the downstream one.
std::string pair_of(const std::string& upstream_url, const std::string& downstream_url);
std::string downstream_of_pair(const std::string& downstream_url);

/// The newest slice after the run `after` and before the run `before` that wrote to this downstream
/// from another upstream.
std::optional<report::RunLine> other_slice_between(SQLite::Database& database, std::int64_t after,
                                                   std::int64_t before, const std::string& pair,
                                                   const std::string& downstream_url);

/// nullopt: there is none.
std::optional<std::int64_t> last_run(SQLite::Database& database);

} // namespace slicetool::state
