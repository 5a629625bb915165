#include "sync/job_probes.hpp"

#include "base/text.hpp"
#include "sql/ddl_tokens.hpp"
#include "sync/upstream_query.hpp"

#include <fmt/format.h>
#include <optional>
#include <utility>

namespace slicetool::sync {

namespace {

constexpr int k_parse_error = 1064;

std::optional<std::string> wrong_columns(const JobProbe& probe, const db::Result& rows)
{
    UpstreamQuery query;
    for (std::size_t at = 0; at < rows.columns(); ++at)
        query.columns.push_back(rows.name(at));
    if (probe.key.empty() || !columns_for(query, probe.key).empty())
        return std::nullopt;
    return fmt::format("{} gives the columns {}, and not those of the key, {}.", probe.subject,
                       base::join(query.columns, ", "), base::join(probe.key, ", "));
}

std::optional<std::string> complaint(db::Session& session, const JobProbe& probe)
{
    try {
        if (probe.syntax_only) {
            // Not as a literal in quotes: what a backslash is in one depends on the sql_mode.
            session.execute("check the job",
                            "SET @slicetool_check = _utf8mb4 " + sql::hex_literal(probe.statement));
            session.execute("check the job", "PREPARE slicetool_check FROM @slicetool_check");
            return std::nullopt;
        }
        db::Result rows = session.query("check the job", probe.statement);
        auto wrong = wrong_columns(probe, rows);
        while (rows.next()) {
            // MariaDB names an unknown column only where an EXPLAIN's rows would begin.
        }
        return wrong;
    } catch (const db::Error& failure) {
        if (failure.connection_lost())
            throw;
        if (probe.syntax_only && failure.number() != k_parse_error)
            return std::nullopt;
        if (probe.syntax_only)
            return fmt::format("{} is not the SQL that {} understands.", probe.subject,
                               session.endpoint().describe());
        return fmt::format("{} is not taken by {}: {}.", probe.subject,
                           session.endpoint().describe(), failure.server_message());
    }
}

} // namespace

JobProbe probe_condition(std::size_t rank, std::string place, const sql::Table& table,
                         const std::string& where)
{
    return {rank,
            std::move(place),
            fmt::format("Table {}: the condition in 'where'", table.name),
            fmt::format("EXPLAIN SELECT 1 FROM {} WHERE ({}\n)", table.qualified_name(), where),
            false,
            {}};
}

JobProbe probe_query(std::size_t rank, std::string place, const std::string& table,
                     const std::string& query, std::vector<std::string> key)
{
    const auto end = query.find_last_not_of("; \t\r\n");
    return {rank,
            std::move(place),
            fmt::format("Table {}: the query", table),
            fmt::format("SELECT * FROM ({}\n) AS {} LIMIT 0", query.substr(0, end + 1),
                        k_query_name), // npos + 1 is 0
            false,
            std::move(key)};
}

JobProbe probe_statement(std::size_t rank, std::string place, const std::string& table,
                         std::size_t number, const std::string& statement)
{
    return {rank,
            std::move(place),
            fmt::format("Table {}: statement {} of 'sql'", table, number),
            statement,
            true,
            {}};
}

std::vector<JobProblem> ask_in_snapshot(db::Session& session, const std::vector<JobProbe>& probes)
{
    if (probes.empty())
        return {};
    session.execute("set a savepoint for the check of the job", "SAVEPOINT slicetool_check");
    auto problems = ask(session, probes);
    session.execute("let go the tables that the check of the job has opened",
                    "ROLLBACK TO SAVEPOINT slicetool_check");
    return problems;
}

std::vector<JobProblem> ask(db::Session& session, const std::vector<JobProbe>& probes)
{
    std::vector<JobProblem> problems;
    for (const auto& probe : probes) {
        if (auto sentence = complaint(session, probe))
            problems.push_back({probe.rank, probe.place, *std::move(sentence)});
    }
    return problems;
}

} // namespace slicetool::sync
