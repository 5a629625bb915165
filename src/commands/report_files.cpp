#include "commands/report_files.hpp"

#include "report/report_file.hpp"
#include "version.hpp"

namespace slicetool::commands {

std::shared_ptr<report::Reporter> with_report_files(const TellingOptions& told,
                                                    ListsRows lists_rows,
                                                    std::shared_ptr<report::Reporter> inner)
{
    report::ReportFileOptions options;
    options.tool_version = k_version;
    options.differences = lists_rows == ListsRows::yes ? report::Differences::listed
                                                       : report::Differences::not_listed;
    options.started = std::chrono::system_clock::now();
    options.complain = [inner](const std::string& sentence) {
        inner->note("", report::Severity::warning, sentence);
    };
    // The files come first: what goes wrong with them, the others still tell.
    std::vector<std::shared_ptr<report::Reporter>> all;
    for (const auto& path : told.reports) {
        options.path = path;
        all.push_back(std::make_shared<report::ReportFile>(options));
    }
    if (!told.metrics_file.empty()) {
        options.path = told.metrics_file;
        options.metrics = true;
        all.push_back(std::make_shared<report::ReportFile>(options));
    }
    all.push_back(std::move(inner));
    return std::make_shared<report::TeeReporter>(std::move(all));
}

} // namespace slicetool::commands
