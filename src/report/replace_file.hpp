#pragma once

#include "report/output.hpp"

#include <functional>
#include <string>
#include <sys/types.h>

namespace slicetool::report {

/// Puts a file with that mode where `path` says, or replaces the one that is there: readers see the
/// old one or the whole new one, also after a crash. `write` gets the new file's output; what it
/// throws comes out, and then nothing has changed. Throws base::Error with the path and the
/// system's reason.
void replace_file(const std::string& path, mode_t mode, const std::function<void(Output&)>& write);

} // namespace slicetool::report
