#pragma once

#include "config/job.hpp"
#include "sync/run.hpp"

#include <optional>
#include <string>
#include <vector>

namespace slicetool::commands {

/// A job's tables, or those among them that `named` names, as the engine's orders; names that the
/// job does not list are added. `common` is what the command line, the job and the defaults say
/// together; `zoom` is what the command line alone says, which is stronger than a table's own.
std::vector<sync::TableOrder> table_orders(const std::vector<std::string>& named,
                                           const config::Options& common,
                                           const std::optional<config::Zoom>& zoom,
                                           const std::optional<config::Job>& job);

/// Whether nothing is to be done with the table, as the job says in one way or another.
bool is_skipped(const config::TableEntry& table);

/// The references that a job follows; none without a job.
sync::FollowOptions follow_options(const std::optional<config::Job>& job);

} // namespace slicetool::commands
