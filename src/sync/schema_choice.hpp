#pragma once

#include "db/session.hpp"
#include "sync/pull_schema.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// The names of the upstream tables that `options` chooses, in the server's order. Throws
/// base::UsageError when `tables`, `exclude` or `recreate` names one that upstream lacks, or
/// `recreate` one that is not chosen; `optional` ones that upstream lacks are left out.
std::vector<std::string> choose_tables(db::Session& upstream, const PullSchemaOptions& options);

} // namespace slicetool::sync
