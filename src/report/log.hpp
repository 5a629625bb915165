#pragma once

#include "report/screen.hpp"

#include <memory>
#include <string>

namespace slicetool::report {

struct LogOptions
{
    std::string level =
        "warning";    ///< trace, debug, info, warning, error, critical or off; in any case
    std::string file; ///< also log to this file; empty: none
};

/// Sets up spdlog's default logger: to standard error by way of `screen`, so that live lines step
/// aside, and to the file, each line at once. Lines may hold SQL with data, hence a new file has
/// mode 0600. Control characters in messages are escaped. Call it once, before threads start; the
/// logger keeps `screen` alive. Throws base::UsageError for an unknown level, with the nearest one,
/// and for a file that cannot be opened.
void set_up_log(const LogOptions& options, const std::shared_ptr<Screen>& screen);

} // namespace slicetool::report
