#pragma once

#include "report/reporter.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace slicetool::report {

/// Tells several reporters the same, in order; for `--json` with live lines.
class TeeReporter : public Reporter
{
public:
    explicit TeeReporter(std::vector<std::shared_ptr<Reporter>> reporters)
        : m_reporters(std::move(reporters))
    {
    }

    void run_started(const RunInfo& info) override
    {
        each([&](Reporter& r) { r.run_started(info); });
    }
    void table_started(const std::string& table, std::uint64_t estimated_rows) override
    {
        each([&](Reporter& r) { r.table_started(table, estimated_rows); });
    }
    void table_progress(const std::string& table, const Progress& progress) override
    {
        each([&](Reporter& r) { r.table_progress(table, progress); });
    }
    void note(const std::string& table, Severity severity, const std::string& sentence) override
    {
        each([&](Reporter& r) { r.note(table, severity, sentence); });
    }
    void difference(const std::string& table, const Difference& difference) override
    {
        each([&](Reporter& r) { r.difference(table, difference); });
    }
    void table_finished(const TableResult& result) override
    {
        each([&](Reporter& r) { r.table_finished(result); });
    }
    void schema_result(const SchemaResult& result) override
    {
        each([&](Reporter& r) { r.schema_result(result); });
    }
    void undo_result(const UndoResult& result) override
    {
        each([&](Reporter& r) { r.undo_result(result); });
    }
    void run_finished(const RunResult& result) override
    {
        each([&](Reporter& r) { r.run_finished(result); });
    }

private:
    template<class Tell>
    void each(Tell tell)
    {
        for (const auto& reporter : m_reporters)
            tell(*reporter);
    }

    std::vector<std::shared_ptr<Reporter>> m_reporters;
};

} // namespace slicetool::report
