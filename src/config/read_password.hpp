#pragma once

#include <string>

namespace slicetool::config {

/// Shows `prompt` on the terminal and reads one line without echo; the terminal is put back on
/// every way out. Ctrl-C throws Interrupted. Throws UsageError when there is no terminal or the
/// input ends. Not for more than one thread at a time.
std::string read_password(const std::string& prompt, const std::string& terminal = "/dev/tty");

} // namespace slicetool::config
