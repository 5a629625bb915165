#include "state/run_rows.hpp"

#include "report/words.hpp"
#include "state/counts.hpp"
#include "state/statement.hpp"

#include <fmt/format.h>

namespace slicetool::state {

namespace {

std::string text(std::string_view word)
{
    return std::string(word);
}

void add_sentences(SQLite::Database& database, std::int64_t run, const std::string& table,
                   const char* kind, const std::vector<std::string>& sentences)
{
    for (const auto& sentence : sentences)
        run_statement(database,
                      "INSERT INTO schema_sentences (run, name, kind, sentence) "
                      "VALUES (?, ?, ?, ?)",
                      run, table, kind, sentence);
}

void put_density(SQLite::Database& database, std::int64_t run, const report::TableResult& result)
{
    run_statement(database, "DELETE FROM density WHERE run = ? AND name = ?", run, result.table);
    std::int64_t number = 0;
    for (const auto& bucket : result.density)
        run_statement(database,
                      "INSERT INTO density (run, name, bucket, begins, rows, missing, extra, "
                      "changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      run, result.table, number++, bucket.from, bucket.rows, bucket.missing,
                      bucket.extra, bucket.changed);
}

} // namespace

std::int64_t add_run(SQLite::Database& database, const RunOrigin& origin)
{
    run_statement(database,
                  "INSERT INTO runs (tool_version, command, job, upstream, downstream, pair, "
                  "started_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
                  origin.tool_version, origin.command, origin.job, origin.from, origin.to,
                  origin.pair, to_milliseconds(origin.started));
    return database.getLastInsertRowid();
}

void put_run_info(SQLite::Database& database, std::int64_t run, const report::RunInfo& info)
{
    run_statement(database,
                  "UPDATE runs SET connected = 1, command = ?, upstream = ?, downstream = ?, "
                  "upstream_version = ?, downstream_version = ?, upstream_server = ?, "
                  "downstream_server = ?, digest = ?, encoding_version = ?, jobs = ?, dry_run = ?, "
                  "snapshot = ? WHERE id = ?",
                  info.command, info.from, info.to, info.upstream_version, info.downstream_version,
                  info.upstream_server, info.downstream_server, info.digest, info.encoding_version,
                  info.jobs, info.dry_run, info.snapshot, run);
}

void put_end(SQLite::Database& database, std::int64_t run, const report::RunResult& end,
             std::chrono::system_clock::time_point ended)
{
    run_statement(database,
                  "UPDATE runs SET ended_ms = ?, seconds = ?, exit_status = ?, failure = ? "
                  "WHERE id = ?",
                  to_milliseconds(ended), end.elapsed.count(), end.exit_status, end.failure, run);
}

void add_note(SQLite::Database& database, std::int64_t run, const std::string& table,
              report::Severity severity, const std::string& sentence)
{
    run_statement(database, "INSERT INTO notes (run, name, severity, sentence) VALUES (?, ?, ?, ?)",
                  run, table, text(report::word(severity)), sentence);
}

void put_table_start(SQLite::Database& database, std::int64_t run, const std::string& table)
{
    run_statement(database, "INSERT OR IGNORE INTO tables (run, name) VALUES (?, ?)", run, table);
}

void put_table(SQLite::Database& database, std::int64_t run, const report::TableResult& result)
{
    put_density(database, run, result);
    put_table_start(database, run, result.table);
    std::string assignments = "outcome = ?, reason = ?, seconds = ?";
    for (const auto& count : k_counts)
        assignments += fmt::format(", {} = {}", count.name, result.*count.member);
    run_statement(database,
                  fmt::format("UPDATE tables SET {} WHERE run = ? AND name = ?", assignments),
                  text(report::word(result.outcome)), result.reason, result.elapsed.count(), run,
                  result.table);
}

void put_schema(SQLite::Database& database, std::int64_t run, const report::SchemaResult& result)
{
    run_statement(database,
                  "INSERT OR REPLACE INTO schema_results (run, name, action, reason) "
                  "VALUES (?, ?, ?, ?)",
                  run, result.table, text(report::word(result.action)), result.reason);
    run_statement(database, "DELETE FROM schema_sentences WHERE run = ? AND name = ?", run,
                  result.table);
    add_sentences(database, run, result.table, "drift", result.drift);
    add_sentences(database, run, result.table, "translation", result.translations);
    add_sentences(database, run, result.table, "statement", result.statements);
}

} // namespace slicetool::state
