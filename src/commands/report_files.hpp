#pragma once

#include "commands/connection_options.hpp"
#include "report/report_file.hpp"
#include "report/tee_reporter.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace slicetool::commands {

/// Which files a run is told to, by the command line.
struct ReportFileChoices
{
    std::vector<std::string> reports;
    std::string metrics_file;
};

void add_report_file_options(CLI::App& command, ReportFileChoices& choices);

/// A run's reporter: tells everything to `inner` and to files (report/report_file). Why one could
/// not be written becomes a warning of the run.
class Telling : public report::TeeReporter
{
public:
    /// Begins with the files that the command line names. Throws base::UsageError when a name does
    /// not say which kind of report is wanted.
    Telling(const ReportFileChoices& choices, report::Differences differences,
            std::shared_ptr<report::Reporter> inner);

    /// Adds the files of the config where the command line names none; to be called before anything
    /// is told. Throws as the constructor.
    void add_files_of(const Connections& connections);

    /// What completes the context of HTML reports when the run has ended.
    void complete_with(std::function<void(report::ReportContext&)> complete)
    {
        m_complete = std::move(complete);
    }

private:
    void add(const std::string& path, report::ReportFileKind kind);

    const ReportFileChoices m_choices;
    const report::Differences m_differences;
    const std::chrono::system_clock::time_point m_started;
    const std::shared_ptr<report::Reporter> m_inner;
    std::function<void(report::ReportContext&)> m_complete;
};

} // namespace slicetool::commands
