#pragma once

#include "commands/connection_options.hpp"
#include "commands/report_files.hpp"
#include "commands/run_state.hpp"
#include "report/console_reporter.hpp"
#include "report/reporter.hpp"

#include <functional>
#include <memory>
#include <string>

namespace slicetool::commands {

/// The options that say how a run is told.
struct TellingOptions
{
    bool json = false;
    bool progress = false;
    bool no_progress = false;
    bool quiet = false;
    std::string log_level = "warning";
    std::string log_file;
    StateOptions state;
    ReportFileChoices files;
    std::string on_failure; ///< a command; empty: none
};

void add_telling_options(CLI::App& command, TellingOptions& options);

/// Whether a JSON document shall hold differing rows.
enum class ListsRows { no, yes };

/// What a command does between its reporter's first word and its last; returns the exit status.
/// Calls RunState::begin, if the run is to be remembered.
using RunWork = std::function<int(Telling&, RunState&)>;

/// Sets up the log and makes the reporter, then runs `work` with it and tells the end of the run,
/// also when `work` throws; the exception goes on to main.
int tell_run(const TellingOptions& options, ListsRows lists_rows, const RunWork& work);

/// Tells each of them as a warning of the run.
void warn(report::Reporter& reporter, const std::vector<std::string>& warnings);

/// "a,b, c" as names; empty parts are dropped.
std::vector<std::string> split_names(const std::vector<std::string>& lists);

} // namespace slicetool::commands
