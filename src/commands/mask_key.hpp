#pragma once

#include "base/endpoint.hpp"
#include "config/job.hpp"
#include "sync/run.hpp"

#include <optional>

namespace slicetool::commands {

/// `upstream` with the key of the masks, from the environment variable that the job names
/// (mask_key_env), if one of the run's masks needs it. Throws base::UsageError when the variable is
/// not set or its value too short.
base::Endpoint with_mask_key(base::Endpoint upstream, const sync::RunOptions& run,
                             const std::optional<config::Job>& job);

} // namespace slicetool::commands
