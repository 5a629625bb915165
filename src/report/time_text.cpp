#include "report/time_text.hpp"

#include <fmt/chrono.h>

namespace slicetool::report {

std::string rfc3339(std::chrono::system_clock::time_point time)
{
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string local_time(std::chrono::system_clock::time_point time)
{
    return fmt::format("{:%Y-%m-%d %H:%M:%S}",
                       fmt::localtime(std::chrono::system_clock::to_time_t(time)));
}

} // namespace slicetool::report
