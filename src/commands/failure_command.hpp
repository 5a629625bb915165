#pragma once

#include <optional>
#include <string>

namespace slicetool::commands {

/// What a command that is to be told of a failed run gets to know, as environment variables:
/// SLICETOOL_RUN, SLICETOOL_STATUS. Of this program's own environment it gets PATH, HOME, USER,
/// LANG, LC_ALL, TZ and XDG_STATE_HOME only: the others may hold passwords.
struct FailedRun
{
    std::optional<std::string> id; ///< empty: the run is not remembered
    int exit_status = 0;
};

/// Runs `command` by /bin/sh, without input, and waits for its end. Returns a sentence when it
/// could not be run or failed, else nothing.
std::string run_failure_command(const std::string& command, const FailedRun& run);

} // namespace slicetool::commands
