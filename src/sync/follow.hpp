#pragma once

#include "sync/run.hpp"
#include "sync/session_pair.hpp"
#include "sync/subset.hpp"

#include <map>
#include <string>
#include <vector>

/// What `follow` means for one run.
namespace slicetool::sync {

/// The options with all tables of the run among those of the job.
FollowOptions with_tables(FollowOptions options, const std::vector<TableOrder>& orders);

/// Adds to the conditions of the orders' steps what the references ask for, and tells what the user
/// should know. `tables` are upstream's definitions, of with_tables(). Throws base::Refusal: what
/// build_subset throws, a table's own condition that upstream does not take, and rows outside of a
/// subset that shall be kept, since downstream cannot tell them. Returns the references followed.
std::vector<Reference> follow_references(const FollowOptions& options,
                                         const std::map<std::string, sql::Table>& tables,
                                         db::Session& upstream, std::vector<TableOrder>& orders,
                                         report::Reporter& reporter);

} // namespace slicetool::sync
