#include "state/run_recorder.hpp"

#include "state/proofs.hpp"
#include "state/retention.hpp"

namespace slicetool::state {

void RunRecorder::begin(const RunOrigin& origin)
{
    std::optional<std::int64_t> added;
    m_keeper.later([&](SQLite::Database& database) {
        added = add_run(database, origin);
        prune_runs(database, k_retention, origin.started);
    });
    m_keeper.flush();
    const std::scoped_lock lock(m_mutex);
    m_run = m_keeper.works() ? added : std::nullopt;
}

std::optional<std::int64_t> RunRecorder::run() const
{
    const std::scoped_lock lock(m_mutex);
    return m_run;
}

void RunRecorder::run_started(const report::RunInfo& info)
{
    later([info](SQLite::Database& database, std::int64_t run) {
        put_run_info(database, run, info);
    });
}

void RunRecorder::table_started(const std::string& table, std::uint64_t)
{
    later([table](SQLite::Database& database, std::int64_t run) {
        put_table_start(database, run, table);
    });
}

void RunRecorder::note(const std::string& table, report::Severity severity,
                       const std::string& sentence)
{
    later([=](SQLite::Database& database, std::int64_t run) {
        add_note(database, run, table, severity, sentence);
    });
}

void RunRecorder::table_finished(const report::TableResult& result)
{
    later([result](SQLite::Database& database, std::int64_t run) {
        put_table(database, run, result);
    });
}

void RunRecorder::schema_result(const report::SchemaResult& result)
{
    later([result](SQLite::Database& database, std::int64_t run) {
        put_schema(database, run, result);
    });
}

void RunRecorder::run_finished(const report::RunResult& result)
{
    const auto now = std::chrono::system_clock::now();
    later([result, now](SQLite::Database& database, std::int64_t run) {
        put_end(database, run, result, now);
        if (result.exit_status == 0)
            forget_proofs(database, run);
    });
    m_keeper.flush();
}

} // namespace slicetool::state
