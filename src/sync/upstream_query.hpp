#pragma once

#include "db/session.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// The name that a step's query has inside of our statements.
inline constexpr const char* k_query_name = "slicetool_query";

/// A query that a step of a job runs upstream.
struct UpstreamQuery
{
    std::string from;                 ///< "(SELECT …\n) AS slicetool_query"
    std::vector<std::string> columns; ///< their names, in order
};

/// Asks upstream for the query's columns; no row is read. Throws db::Error when upstream does not
/// take the query.
UpstreamQuery read_query(db::Session& upstream, const std::string& table, const std::string& query);

/// "slicetool_query.`name`".
std::string column_of_query(const std::string& name);

/// The query's columns with the wanted names (without case), in their order; where not all of them
/// are there and it has as many columns, these in order. Empty: neither.
std::vector<std::string> columns_for(const UpstreamQuery& query,
                                     const std::vector<std::string>& wanted);

} // namespace slicetool::sync
