#pragma once

#include "db/session.hpp"
#include "sql/table.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace slicetool::sync {

/// One thing that is wrong with a job.
struct JobProblem
{
    std::size_t rank = 0; ///< of the table in the job
    std::string place;    ///< "shop.yaml:12"
    std::string sentence;
};

/// A statement that reads and writes no row, and tells whether a server takes what a job says.
struct JobProbe
{
    std::size_t rank = 0;
    std::string place;
    std::string subject; ///< "Table t: the condition in 'where'"
    std::string statement;
    bool syntax_only = false; ///< it is prepared only: what it names need not exist yet
    /// Of a query that gives keys: the key's columns, which its own have to be (columns_for).
    std::vector<std::string> key;
};

/// The condition, explained.
JobProbe probe_condition(std::size_t rank, std::string place, const sql::Table& table,
                         const std::string& where);

/// The query, asked for no row. It must be one that can stand in a FROM clause. `key` is empty when
/// it need not give the columns of a key.
JobProbe probe_query(std::size_t rank, std::string place, const std::string& table,
                     const std::string& query, std::vector<std::string> key);

/// The statement, the one with that number in its step, prepared and never executed. It may hold
/// secrets, which a server's complaint about its syntax would quote.
JobProbe probe_statement(std::size_t rank, std::string place, const std::string& table,
                         std::size_t number, const std::string& statement);

/// Sends the probes; what the server does not take comes back. Throws db::Error when the connection
/// is lost.
std::vector<JobProblem> ask(db::Session& session, const std::vector<JobProbe>& probes);

/// The same inside of an open transaction, which keeps its snapshot and lets go the tables that the
/// probes have opened: else an ALTER would wait for the end of the run, and everybody else for the
/// ALTER. (mysqldump --single-transaction does it likewise.)
std::vector<JobProblem> ask_in_snapshot(db::Session& session, const std::vector<JobProbe>& probes);

} // namespace slicetool::sync
