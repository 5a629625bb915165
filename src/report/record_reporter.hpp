#pragma once

#include "report/record.hpp"

#include <functional>
#include <mutex>

namespace slicetool::report {

/// Keeps what a run tells, but the differing rows, until it has finished. Thread-safe.
class RecordReporter : public Reporter
{
public:
    /// `finished` gets the record once, when the run has finished. What it throws comes out of
    /// run_finished.
    explicit RecordReporter(std::function<void(const Record&)> finished);

    void run_started(const RunInfo& info) override;
    void table_started(const std::string& table, std::uint64_t estimated_rows) override;
    void table_progress(const std::string&, const Progress&) override {}
    void note(const std::string& table, Severity severity, const std::string& sentence) override;
    void difference(const std::string&, const Difference&) override {}
    void table_finished(const TableResult& result) override;
    void schema_result(const SchemaResult& result) override;
    void run_finished(const RunResult& result) override;

private:
    const std::function<void(const Record&)> m_finished;
    std::mutex m_mutex; ///< guards the record
    Record m_record;
};

} // namespace slicetool::report
