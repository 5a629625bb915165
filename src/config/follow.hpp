#pragma once

#include "config/job.hpp"
#include "config/node_reader.hpp"

#include <optional>
#include <string_view>

namespace slicetool::config {

/// "orders.customer_id -> customers.id", or with several columns "orders(a, b) -> customers(a, b)".
/// Names with other characters than letters, digits, '_', '$' and '-' stand in backticks, doubled
/// inside. Empty when it is not that; positions are left to the caller.
std::optional<FollowEdge> parse_follow_edge(std::string_view text);

/// A job's `follow`: "auto", or a list of edges and "auto".
void read_follow(NodeReader& reader, const YamlEntry& entry, Follow& into);

} // namespace slicetool::config
