#pragma once

#include <chrono>
#include <string>

namespace slicetool::report {

/// "2026-01-31T03:15:00Z"
std::string rfc3339(std::chrono::system_clock::time_point time);

/// "2026-01-31 03:15:00", by the clock of this machine.
std::string local_time(std::chrono::system_clock::time_point time);

} // namespace slicetool::report
