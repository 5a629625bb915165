#include "commands/report_files.hpp"

#include "version.hpp"

#include <CLI/CLI.hpp>

namespace slicetool::commands {

void add_report_file_options(CLI::App& command, ReportFileChoices& choices)
{
    constexpr const char* k_group = "Telling";
    command
        .add_option(
            "--report", choices.reports,
            "Write a report to this file when the run ends: .html, .json or .txt; {time} in "
            "its name becomes the run's start. May be given several times")
        ->group(k_group)
        ->type_name("FILE")
        ->allow_extra_args(false);
    command
        .add_option("--metrics-file", choices.metrics_file,
                    "Write how the run ended to this file in Prometheus's text format, for "
                    "node_exporter")
        ->group(k_group)
        ->type_name("FILE");
}

Telling::Telling(const ReportFileChoices& choices, report::Differences differences,
                 std::shared_ptr<report::Reporter> inner)
    : TeeReporter({inner}), m_choices(choices), m_differences(differences),
      m_started(std::chrono::system_clock::now()), m_inner(std::move(inner))
{
    for (const auto& path : m_choices.reports)
        add(path, report::ReportFileKind::by_name);
    if (!m_choices.metrics_file.empty())
        add(m_choices.metrics_file, report::ReportFileKind::metrics);
}

void Telling::add_files_of(const Connections& connections)
{
    const config::Options& said = connections.job ? connections.job->options : connections.defaults;
    if (m_choices.reports.empty() && said.report)
        add(*said.report, report::ReportFileKind::by_name);
    if (m_choices.metrics_file.empty() && said.metrics_file)
        add(*said.metrics_file, report::ReportFileKind::metrics);
}

void Telling::add(const std::string& path, report::ReportFileKind kind)
{
    report::ReportFileOptions options;
    options.path = path;
    options.kind = kind;
    options.tool_version = k_version;
    options.differences = m_differences;
    options.started = m_started;
    options.complete = [this](report::ReportContext& context) {
        if (m_complete)
            m_complete(context);
    };
    options.complain = [inner = m_inner](const std::string& sentence) {
        inner->note("", report::Severity::warning, sentence);
    };
    // Before the others, which then can tell what went wrong with it.
    add_first(std::make_shared<report::ReportFile>(std::move(options)));
}

} // namespace slicetool::commands
