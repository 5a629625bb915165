#include "report/terminal.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace slicetool::report {

namespace {

std::string environment(const char* name)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before threads start
    return value == nullptr ? "" : value;
}

bool locale_is_utf8()
{
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const std::string value = base::ascii_lower(environment(name));
        if (!value.empty())
            return value.find("utf-8") != std::string::npos ||
                   value.find("utf8") != std::string::npos;
    }
    return false;
}

/// A count from the environment, if it is a sensible one.
std::size_t environment_count(const char* name, std::size_t otherwise)
{
    const long value = std::strtol(environment(name).c_str(), nullptr, 10);
    return value >= 20 && value <= 10'000 ? static_cast<std::size_t>(value) : otherwise;
}

TerminalSize window_size(TerminalSize otherwise)
{
    for (const int fd : {STDERR_FILENO, STDOUT_FILENO}) {
        winsize size{};
        if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
            return {size.ws_col, std::max<std::size_t>(size.ws_row, 2)};
    }
    return otherwise;
}

} // namespace

Terminal Terminal::of_process()
{
    Terminal terminal;
    const std::string term = environment("TERM");
    const bool capable = !term.empty() && term != "dumb";
    const bool colour = capable && environment("NO_COLOR").empty();
    terminal.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
    terminal.err_is_terminal = capable && ::isatty(STDERR_FILENO) == 1;
    terminal.colour_out = colour && terminal.out_is_terminal;
    terminal.colour_err = colour && terminal.err_is_terminal;
    terminal.utf8 = locale_is_utf8();
    const TerminalSize otherwise{environment_count("COLUMNS", 80), environment_count("LINES", 24)};
    terminal.size = [otherwise] { return window_size(otherwise); };
    return terminal;
}

} // namespace slicetool::report
