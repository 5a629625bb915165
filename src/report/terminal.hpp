#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace slicetool::report {

struct TerminalSize
{
    std::size_t columns = 80;
    std::size_t rows = 24;
};

/// What there is to know about where the text goes; a plain struct, so that tests can say it.
struct Terminal
{
    bool out_is_terminal = false; ///< standard output is a terminal
    bool err_is_terminal =
        false; ///< standard error is a terminal that can move its cursor (not TERM=dumb)
    bool colour_out = false; ///< standard output shall be coloured
    bool colour_err = false;
    bool utf8 = false; ///< the locale is UTF-8, so live lines and density strips may leave ASCII
    std::function<TerminalSize()> size = [] { return TerminalSize{}; };
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;

    /// Of this process: isatty, TERM, NO_COLOR (https://no-color.org), LC_ALL / LC_CTYPE / LANG,
    /// and the window's size asked anew at each call (else COLUMNS and LINES, else 80 × 24).
    static Terminal of_process();
};

} // namespace slicetool::report
