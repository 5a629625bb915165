#include "commands/mask_key.hpp"

#include "base/error.hpp"
#include "sync/mask_key.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace slicetool::commands {

namespace {

constexpr const char* k_default_variable = "SLICETOOL_MASK_KEY";

/// A mask of the run that needs the key, in words, or empty.
std::string mask_with_key(const sync::RunOptions& run)
{
    for (const auto& order : run.tables) {
        for (const auto& step : order.steps) {
            const auto& masks = step.choices.masks;
            const auto found = std::find_if(masks.begin(), masks.end(), sync::needs_key);
            if (found != masks.end())
                return fmt::format("Table {}: {}", order.name, sync::describe(*found));
        }
    }
    return "";
}

} // namespace

base::Endpoint with_mask_key(base::Endpoint upstream, const sync::RunOptions& run,
                             const std::optional<config::Job>& job)
{
    const std::string mask = mask_with_key(run);
    if (mask.empty())
        return upstream;
    const std::string variable =
        job && !job->mask_key_env.empty() ? job->mask_key_env : k_default_variable;
    const char* key = std::getenv(variable.c_str()); // NOLINT(concurrency-mt-unsafe)
    if (key == nullptr)
        throw base::UsageError(fmt::format(
            "{} needs a key, which the environment variable {} should hold: it is not set.", mask,
            variable));
    try {
        sync::add_mask_key(upstream, key);
    } catch (const base::UsageError& why) {
        throw base::UsageError(
            fmt::format("{} (the environment variable {})", why.what(), variable));
    }
    return upstream;
}

} // namespace slicetool::commands
