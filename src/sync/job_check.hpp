#pragma once

#include "sync/run.hpp"
#include "sync/session_pair.hpp"

#include <map>
#include <string>
#include <vector>

namespace slicetool::sync {

/// What a run is about, as read from both servers.
struct JobTables
{
    std::vector<TableOrder> orders;
    std::vector<std::string> known; ///< every base table upstream
    std::map<std::string, sql::Table> upstream;
    std::map<std::string, sql::Table> downstream;
};

/// Checks on both servers what a config says about its tables, before anything is compared or
/// written: that tables and columns exist, that keys serve, that lite steps have a column, that
/// privileges suffice, that conditions and queries are taken (they are explained, or asked for no
/// row), and that statements are SQL. Orders without a place come from no config and are left to
/// run_table. Throws base::Refusal with one "file:line: sentence" a line for everything that is
/// wrong. Holds no locks afterwards.
void check_job(const JobTables& tables, const RunOptions& options, SessionPair& sessions);

} // namespace slicetool::sync
