#pragma once

#include "report/reporter.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace SQLite {
class Database;
}

/// Writing what a run tells. All throw SQLite::Exception; call them inside File::write.
namespace slicetool::state {

/// What is known of a run before it has connected.
struct RunOrigin
{
    std::string tool_version;
    std::string command;
    std::string job;  ///< empty: the endpoints were given
    std::string from; ///< endpoints in words, without passwords
    std::string to;
    std::string pair; ///< which two databases: both URLs, without passwords
    std::chrono::system_clock::time_point started;
};

/// Returns the run's number; a number is never used twice.
std::int64_t add_run(SQLite::Database& database, const RunOrigin& origin);

void put_run_info(SQLite::Database& database, std::int64_t run, const report::RunInfo& info);
void put_end(SQLite::Database& database, std::int64_t run, const report::RunResult& end,
             std::chrono::system_clock::time_point ended);
void add_note(SQLite::Database& database, std::int64_t run, const std::string& table,
              report::Severity severity, const std::string& sentence);
void put_table_start(SQLite::Database& database, std::int64_t run, const std::string& table);
void put_table(SQLite::Database& database, std::int64_t run, const report::TableResult& result);
void put_schema(SQLite::Database& database, std::int64_t run, const report::SchemaResult& result);

} // namespace slicetool::state
