#include "base/stage.hpp"

#ifdef SLICETOOL_STAGE_HOOK

#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>

namespace slicetool::base {

namespace {

/// Whether "name,name:3" names this stage, now that it is reached for the `times`th time.
bool names(std::string_view list, std::string_view stage, unsigned times)
{
    while (!list.empty()) {
        const std::string_view item = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), item.size() + 1));
        const std::string_view name = item.substr(0, item.find(':'));
        if (name != stage)
            continue;
        if (name.size() == item.size())
            return true;
        unsigned wanted = 0;
        std::from_chars(item.data() + name.size() + 1, item.data() + item.size(), wanted);
        if (wanted == times)
            return true;
    }
    return false;
}

std::string_view variable(const char* name)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets any
    return value == nullptr ? std::string_view() : value;
}

} // namespace

void at(Stage stage)
{
    static const std::string_view k_kill_at = variable("SLICETOOL_KILL_AT");
    static const std::string_view k_stop_at = variable("SLICETOOL_STOP_AT");
    static std::array<std::atomic<unsigned>, k_stage_names.size()> times{};
    if (k_kill_at.empty() && k_stop_at.empty())
        return;
    const auto index = static_cast<std::size_t>(stage);
    const unsigned now = ++times[index];
    if (names(k_kill_at, k_stage_names[index], now))
        std::raise(SIGKILL);
    if (names(k_stop_at, k_stage_names[index], now))
        std::raise(SIGSTOP);
}

} // namespace slicetool::base

#endif
