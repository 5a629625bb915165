#pragma once

#include "report/html_document.hpp"
#include "report/json_reporter.hpp"
#include "report/tee_reporter.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::report {

/// by_name: HTML, JSON or text, as the name of the file ends in .html, .json or .txt, readable for
/// its owner only. metrics: see report/metrics; readable for everybody, as the collector needs it.
enum class ReportFileKind { by_name, metrics };

struct ReportFileOptions
{
    ReportFileKind kind = ReportFileKind::by_name;
    /// "{time}" in it becomes the run's start: 20260131T031500Z.
    std::string path;
    std::string tool_version;
    Differences differences = Differences::not_listed; ///< in a JSON document
    std::chrono::system_clock::time_point started;
    /// What is known of the run and of earlier ones when it has ended; for HTML. May be empty.
    std::function<void(ReportContext&)> complete;
    /// Takes the sentence that says why there is no report.
    std::function<void(const std::string&)> complain;
};

/// Throws base::UsageError when the name of the file does not say which kind of report it is.
void require_report_name(const std::string& path);

/// Tells a run to a file: what the same run tells a screen, as text in 80 columns, as JSON or as
/// HTML. The file appears, or is replaced, when the run has ended, also when it failed; its mode is
/// 0600, or 0644 for metrics. Nothing here throws after it was made: a report that cannot be
/// written is complained about and does no harm to the run.
class ReportFile : public TeeReporter
{
public:
    /// Throws as require_report_name.
    explicit ReportFile(ReportFileOptions options);

    void difference(const std::string& table, const Difference& difference) override;
    void run_finished(const RunResult& result) override;

private:
    class Text;

    ReportFile(ReportFileOptions options, std::shared_ptr<Text> text);

    const ReportFileOptions m_options;
    const std::shared_ptr<Text> m_text; ///< what the inner reporter printed
};

} // namespace slicetool::report
