#include "state/location.hpp"

#include <cstdlib>
#include <pwd.h>
#include <unistd.h>

namespace slicetool::state {

namespace {

std::string absolute_path(const char* variable)
{
    const char* value = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): nobody sets any
    return value != nullptr && *value == '/' ? value : "";
}

std::string home()
{
    if (auto path = absolute_path("HOME"); !path.empty())
        return path;
    const passwd* user = getpwuid(geteuid()); // NOLINT(concurrency-mt-unsafe): asked once
    return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "";
}

} // namespace

std::string default_path()
{
    constexpr const char* k_name = "/slicetool/state.sqlite";
    if (const auto folder = absolute_path("XDG_STATE_HOME"); !folder.empty())
        return folder + k_name;
    const auto folder = home();
    return folder.empty() ? "" : folder + "/.local/state" + k_name;
}

} // namespace slicetool::state
