#include "commands/common.hpp"

#include "base/error.hpp"
#include "commands/exit_status.hpp"
#include "commands/failure_command.hpp"
#include "report/json_reporter.hpp"
#include "report/log.hpp"
#include "report/screen.hpp"
#include "report/tee_reporter.hpp"
#include "report/terminal.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <spdlog/spdlog.h>

namespace slicetool::commands {

namespace {

constexpr const char* k_group = "Telling";

report::ProgressMode progress_mode(const TellingOptions& options)
{
    if (options.no_progress || options.quiet)
        return report::ProgressMode::never;
    return options.progress ? report::ProgressMode::always : report::ProgressMode::automatic;
}

std::shared_ptr<report::Reporter> make_reporter(const TellingOptions& options, ListsRows lists_rows,
                                                const std::shared_ptr<report::Screen>& screen,
                                                const std::shared_ptr<report::Reporter>& recorder)
{
    const bool summary = !options.json && !options.quiet;
    auto console = std::make_shared<report::ConsoleReporter>(
        screen, report::Terminal::of_process(),
        report::ConsoleOptions{progress_mode(options),
                               summary ? report::Summary::yes : report::Summary::no,
                               report::Refresh::by_thread});
    // The recorder comes first: what it has to say of its file's end, the others still tell.
    std::vector<std::shared_ptr<report::Reporter>> reporters{recorder, console};
    if (!options.json)
        return std::make_shared<report::TeeReporter>(std::move(reporters));
    report::JsonOptions json;
    json.differences = lists_rows == ListsRows::yes ? report::Differences::listed
                                                    : report::Differences::not_listed;
    json.tool_version = k_version;
    reporters.push_back(std::make_shared<report::JsonReporter>(screen, std::move(json)));
    return std::make_shared<report::TeeReporter>(std::move(reporters));
}

/// After the run's last word, and once it is remembered, so that the command can ask for it.
void tell_of_failure(const std::string& command, int status, RunState& state)
{
    state.keeper().flush();
    FailedRun run{std::nullopt, status};
    if (const auto id = state.recorder()->run())
        run.id = std::to_string(*id);
    if (const std::string problem = run_failure_command(command, run); !problem.empty())
        spdlog::warn("{}", problem);
}

} // namespace

void add_telling_options(CLI::App& command, TellingOptions& options)
{
    command
        .add_flag("--json", options.json,
                  "Print one JSON document on standard output instead of the summary")
        ->group(k_group);
    auto* progress = command
                         .add_flag("--progress", options.progress,
                                   "Tell the progress also when standard error is no terminal")
                         ->group(k_group);
    command.add_flag("--no-progress", options.no_progress, "Never tell the progress")
        ->group(k_group)
        ->excludes(progress);
    command.add_flag("-q,--quiet", options.quiet, "Only warnings and errors")->group(k_group);
    command
        .add_option("--log-level", options.log_level,
                    "trace (every statement), debug, info, warning, error or off")
        ->group(k_group)
        ->capture_default_str();
    command.add_option("--log-file", options.log_file, "Write the log to this file, too")
        ->group(k_group)
        ->type_name("FILE");
    add_report_file_options(command, options.files);
    command
        .add_option("--on-failure", options.on_failure,
                    "Run this by sh when the run ends with another status than 0 or 130; it finds "
                    "SLICETOOL_RUN and SLICETOOL_STATUS")
        ->group(k_group)
        ->type_name("COMMAND");
}

int tell_run(const TellingOptions& options, ListsRows lists_rows, const RunWork& work)
{
    const auto screen = report::Screen::of_process();
    report::set_up_log({options.log_level, options.log_file}, screen);
    RunState state(options.state);
    const auto reporter =
        std::make_shared<Telling>(options.files,
                                  lists_rows == ListsRows::yes ? report::Differences::listed
                                                               : report::Differences::not_listed,
                                  make_reporter(options, lists_rows, screen, state.recorder()));
    state.complain_to(reporter);
    reporter->complete_with([&state](report::ReportContext& context) { state.complete(context); });
    const auto start = std::chrono::steady_clock::now();
    const auto finish = [&](int status, const std::string& failure) {
        reporter->run_finished({status, std::chrono::steady_clock::now() - start, failure});
        if (!options.on_failure.empty() && status != k_exit_equal && status != k_exit_interrupted)
            tell_of_failure(options.on_failure, status, state);
        return status;
    };
    try {
        return finish(work(*reporter, state), "");
    } catch (const base::Interrupted& stop) {
        finish(k_exit_interrupted, stop.what());
        throw;
    } catch (const base::Busy& busy) {
        finish(k_exit_busy, busy.what());
        throw;
    } catch (const std::exception& failure) {
        finish(k_exit_failed, failure.what());
        throw;
    }
}

void warn(report::Reporter& reporter, const std::vector<std::string>& warnings)
{
    for (const auto& warning : warnings)
        reporter.note("", report::Severity::warning, warning);
}

std::vector<std::string> split_names(const std::vector<std::string>& lists)
{
    std::vector<std::string> names;
    for (const auto& list : lists) {
        std::size_t from = 0;
        while (from <= list.size()) {
            const std::size_t comma = std::min(list.find(',', from), list.size());
            if (comma > from)
                names.push_back(list.substr(from, comma - from));
            from = comma + 1;
        }
    }
    return names;
}

} // namespace slicetool::commands
