#pragma once

#include "report/record.hpp"
#include "report/screen.hpp"
#include "report/spool.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace slicetool::report {

/// Whether the document has the list of differing rows.
enum class Differences { not_listed, listed };

struct JsonOptions
{
    Differences differences = Differences::not_listed;
    std::string tool_version; ///< of slicetool, "0.1.0"
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// Tells a run to programs: one JSON document on standard output when it finishes, nothing before.
/// The format is described in docs/exit-status-and-json.md. Differing rows wait in a Spool, so
/// memory does not grow with them. Thread-safe.
class JsonReporter : public Reporter
{
public:
    JsonReporter(std::shared_ptr<Screen> screen, JsonOptions options);

    void run_started(const RunInfo& info) override;
    void table_started(const std::string& table, std::uint64_t estimated_rows) override;
    void table_progress(const std::string&, const Progress&) override {}
    void note(const std::string& table, Severity severity, const std::string& sentence) override;

    /// Throws base::Error when the temporary file cannot be written.
    void difference(const std::string& table, const Difference& difference) override;
    void table_finished(const TableResult& result) override;
    void schema_result(const SchemaResult& result) override;
    void undo_result(const UndoResult& result) override;

    /// Prints the document. Throws base::Error when standard output does not take it.
    void run_finished(const RunResult& result) override;

private:
    const std::shared_ptr<Screen> m_screen;
    const JsonOptions m_options;
    std::chrono::system_clock::time_point m_started; ///< when this was made, until run_started
    std::mutex m_mutex;                              ///< guards everything but the constants
    Record m_record;
    Spool m_differences;
};

} // namespace slicetool::report
