#pragma once

namespace slicetool::commands {

/// Like diff(1); see docs/exit-status-and-json.md.
enum ExitStatus : int {
    k_exit_equal = 0,     ///< equal, or made equal and proven
    k_exit_different = 1, ///< differences found by a comparison, or left over
    k_exit_failed = 2,    ///< bad usage, config or connection; something failed or was refused
    k_exit_busy = 75,     ///< another run holds the lock (EX_TEMPFAIL)
    k_exit_interrupted = 130
};

} // namespace slicetool::commands
