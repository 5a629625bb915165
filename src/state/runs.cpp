#include "state/runs.hpp"

#include "base/error.hpp"
#include "report/words.hpp"
#include "state/counts.hpp"
#include "state/statement.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::state {

namespace {

template<class Words>
auto value_of(const Words& values, const std::string& word)
{
    const auto found = std::find_if(values.begin(), values.end(),
                                    [&](auto value) { return report::word(value) == word; });
    if (found == values.end())
        throw base::Error(
            fmt::format("it holds the word '{}', which this slicetool does not know", word));
    return *found;
}

constexpr std::array k_severities{report::Severity::info, report::Severity::warning};

/// The columns that read_line reads.
constexpr const char* k_line_columns =
    "id, command, job, upstream, downstream, started_ms, ended_ms, seconds, exit_status, failure";

report::RunLine read_line(const SQLite::Statement& row)
{
    report::RunLine line;
    line.id = row.getColumn(0).getInt64();
    line.command = row.getColumn(1).getString();
    line.job = row.getColumn(2).getString();
    line.from = row.getColumn(3).getString();
    line.to = row.getColumn(4).getString();
    line.started = from_milliseconds(row.getColumn(5).getInt64());
    if (!row.getColumn(6).isNull())
        line.ended = from_milliseconds(row.getColumn(6).getInt64());
    line.elapsed = report::Seconds(row.getColumn(7).getDouble());
    line.exit_status = row.getColumn(8).getInt();
    line.failure = row.getColumn(9).getString();
    return line;
}

void add_tables(SQLite::Database& database, report::RunLine& line)
{
    auto row = query(database,
                     "SELECT IFNULL(outcome, 'unfinished'), COUNT(*), "
                     "SUM(IFNULL(missing + extra + changed, 0)), SUM(IFNULL(copied, 0)), "
                     "SUM(IFNULL(deleted, 0)) FROM tables WHERE run = ? GROUP BY 1 "
                     "ORDER BY MIN(rowid)",
                     line.id);
    while (row.executeStep()) {
        line.outcomes.push_back({row.getColumn(0).getString(), count_at(row, 1)});
        line.differing += count_at(row, 2);
        line.copied += count_at(row, 3);
        line.deleted += count_at(row, 4);
    }
    auto actions = query(database,
                         "SELECT action, COUNT(*) FROM schema_results WHERE run = ? GROUP BY 1 "
                         "ORDER BY MIN(rowid)",
                         line.id);
    while (actions.executeStep())
        line.outcomes.push_back({actions.getColumn(0).getString(), count_at(actions, 1)});
}

std::optional<report::RunInfo> read_info(SQLite::Database& database, std::int64_t run)
{
    auto row = query(database,
                     "SELECT command, upstream, downstream, upstream_version, downstream_version, "
                     "digest, encoding_version, jobs, dry_run, snapshot, upstream_server, "
                     "downstream_server FROM runs WHERE id = ? AND connected = 1",
                     run);
    if (!row.executeStep())
        return std::nullopt;
    report::RunInfo info;
    info.command = row.getColumn(0).getString();
    info.from = row.getColumn(1).getString();
    info.to = row.getColumn(2).getString();
    info.upstream_version = row.getColumn(3).getString();
    info.downstream_version = row.getColumn(4).getString();
    info.digest = row.getColumn(5).getString();
    info.encoding_version = row.getColumn(6).getInt();
    info.jobs = row.getColumn(7).getInt();
    info.dry_run = row.getColumn(8).getInt() != 0;
    info.snapshot = row.getColumn(9).getString();
    info.upstream_server = row.getColumn(10).getString();
    info.downstream_server = row.getColumn(11).getString();
    return info;
}

std::vector<report::DensityBucket> read_density(SQLite::Database& database, std::int64_t run,
                                                const std::string& table)
{
    std::vector<report::DensityBucket> buckets;
    auto row = query(database,
                     "SELECT begins, rows, missing, extra, changed FROM density WHERE run = ? AND "
                     "name = ? ORDER BY bucket",
                     run, table);
    while (row.executeStep())
        buckets.push_back({row.getColumn(0).getString(), count_at(row, 1), count_at(row, 2),
                           count_at(row, 3), count_at(row, 4)});
    return buckets;
}

void read_tables(SQLite::Database& database, std::int64_t run, report::Record& record)
{
    std::string columns = "name, outcome, reason, seconds";
    for (const auto& count : k_counts)
        columns += fmt::format(", {}", count.name);
    auto row = query(
        database, fmt::format("SELECT {} FROM tables WHERE run = ? ORDER BY rowid", columns), run);
    while (row.executeStep()) {
        report::TableResult result;
        result.table = row.getColumn(0).getString();
        record.start_table(result.table);
        if (row.getColumn(1).isNull())
            continue;
        result.outcome = value_of(report::k_outcomes, row.getColumn(1).getString());
        result.reason = row.getColumn(2).getString();
        result.elapsed = report::Seconds(row.getColumn(3).getDouble());
        int at = 3;
        for (const auto& count : k_counts)
            result.*count.member = count_at(row, ++at);
        result.density = read_density(database, run, result.table);
        record.finish_table(result);
    }
}

std::vector<std::string> read_sentences(SQLite::Database& database, std::int64_t run,
                                        const std::string& table, const char* kind)
{
    std::vector<std::string> sentences;
    auto row = query(database,
                     "SELECT sentence FROM schema_sentences WHERE run = ? AND name = ? AND "
                     "kind = ? ORDER BY rowid",
                     run, table, kind);
    while (row.executeStep())
        sentences.push_back(row.getColumn(0).getString());
    return sentences;
}

void read_schema(SQLite::Database& database, std::int64_t run, report::Record& record)
{
    auto row =
        query(database,
              "SELECT name, action, reason FROM schema_results WHERE run = ? ORDER BY rowid", run);
    while (row.executeStep()) {
        const std::string table = row.getColumn(0).getString();
        record.add_schema({table, value_of(report::k_schema_actions, row.getColumn(1).getString()),
                           row.getColumn(2).getString(),
                           read_sentences(database, run, table, "drift"),
                           read_sentences(database, run, table, "translation"),
                           read_sentences(database, run, table, "statement")});
    }
}

void read_notes(SQLite::Database& database, std::int64_t run, report::Record& record)
{
    auto row = query(
        database, "SELECT name, severity, sentence FROM notes WHERE run = ? ORDER BY rowid", run);
    while (row.executeStep())
        record.notes.push_back({row.getColumn(0).getString(),
                                value_of(k_severities, row.getColumn(1).getString()),
                                row.getColumn(2).getString()});
}

} // namespace

std::vector<report::RunLine> list_runs(SQLite::Database& database, const RunFilter& filter,
                                       std::size_t limit)
{
    std::vector<report::RunLine> lines;
    auto row =
        query(database,
              fmt::format("SELECT {} FROM runs WHERE (?1 = '' OR job = ?1) AND (?2 = '' OR "
                          "pair = ?2) AND (?3 = '' OR command = ?3) ORDER BY id DESC LIMIT ?4",
                          k_line_columns),
              filter.job, filter.pair, filter.command, limit);
    while (row.executeStep())
        lines.push_back(read_line(row));
    for (auto& line : lines)
        add_tables(database, line);
    return lines;
}

std::optional<StoredRun> load_run(SQLite::Database& database, std::int64_t id)
{
    auto row =
        query(database,
              fmt::format("SELECT {}, tool_version FROM runs WHERE id = ?", k_line_columns), id);
    if (!row.executeStep())
        return std::nullopt;
    StoredRun run;
    run.line = read_line(row);
    add_tables(database, run.line);
    run.tool_version = row.getColumn(10).getString();
    run.record.run = read_info(database, id);
    run.record.end = {run.line.exit_status, run.line.elapsed, run.line.failure};
    read_tables(database, id, run.record);
    read_schema(database, id, run.record);
    read_notes(database, id, run.record);
    return run;
}

std::optional<report::RunLine> run_before(SQLite::Database& database, std::int64_t id,
                                          const std::string& pair)
{
    auto row = query(database,
                     fmt::format("SELECT {} FROM runs WHERE id < ? AND pair = ? AND command = "
                                 "'slice' AND connected = 1 AND dry_run = 0 ORDER BY id DESC "
                                 "LIMIT 1",
                                 k_line_columns),
                     id, pair);
    return row.executeStep() ? std::optional(read_line(row)) : std::nullopt;
}

std::string pair_of(const std::string& upstream_url, const std::string& downstream_url)
{
    return upstream_url + downstream_of_pair(downstream_url);
}

std::string downstream_of_pair(const std::string& downstream_url)
{
    return " -> " + downstream_url;
}

std::optional<report::RunLine> other_slice_between(SQLite::Database& database, std::int64_t after,
                                                   std::int64_t before, const std::string& pair,
                                                   const std::string& downstream_url)
{
    auto row = query(database,
                     fmt::format("SELECT {} FROM runs WHERE id > ?1 AND id < ?2 AND pair <> ?3 AND "
                                 "substr(pair, -length(?4)) = ?4 AND command = 'slice' AND "
                                 "connected = 1 AND dry_run = 0 ORDER BY id DESC LIMIT 1",
                                 k_line_columns),
                     after, before, pair, downstream_of_pair(downstream_url));
    return row.executeStep() ? std::optional(read_line(row)) : std::nullopt;
}

std::optional<std::int64_t> last_run(SQLite::Database& database)
{
    const auto newest = database.execAndGet("SELECT MAX(id) FROM runs");
    return newest.isNull() ? std::nullopt : std::optional(newest.getInt64());
}

} // namespace slicetool::state
