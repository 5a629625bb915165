#pragma once

#include "report/reporter.hpp"
#include "state/keeper.hpp"
#include "state/run_rows.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace slicetool::state {

/// Keeps what a run tells, but for differing rows and progress, which no later run needs. Silent
/// until `begin`. Thread-safe; never throws and never waits for the file, but run_finished writes
/// the rest before it returns.
class RunRecorder : public report::Reporter
{
public:
    /// The keeper must outlive the recorder.
    explicit RunRecorder(Keeper& keeper) : m_keeper(keeper) {}

    /// Gives the run a number, and forgets runs that are beyond the retention.
    void begin(const RunOrigin& origin);

    /// Empty before `begin`, and when nothing is kept.
    std::optional<std::int64_t> run() const;

    void run_started(const report::RunInfo& info) override;
    void table_started(const std::string& table, std::uint64_t estimated_rows) override;
    void table_progress(const std::string&, const report::Progress&) override {}
    void note(const std::string& table, report::Severity severity,
              const std::string& sentence) override;
    void difference(const std::string&, const report::Difference&) override {}
    void table_finished(const report::TableResult& result) override;
    void schema_result(const report::SchemaResult& result) override;
    void run_finished(const report::RunResult& result) override;

private:
    /// Later: `write(database, run's number)`.
    template<class Write>
    void later(Write write)
    {
        if (const auto id = run())
            m_keeper.later([id, write = std::move(write)](SQLite::Database& database) {
                write(database, *id);
            });
    }

    Keeper& m_keeper;
    mutable std::mutex m_mutex;
    std::optional<std::int64_t> m_run;
};

} // namespace slicetool::state
