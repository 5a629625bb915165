#pragma once

#include "sync/step_context.hpp"
#include "sync/upstream_query.hpp"

namespace slicetool::sync {

/// A query's rows as the rows of a table, to be compared with a downstream table and stored there:
/// its columns are those of the downstream table with the same names (without case), and are read
/// as what these hold. Text is read as utf8mb4, ENUM and SET by their labels, whatever the query's
/// own types are. Downstream columns that the query does not give get their defaults. Rows are told
/// apart by their digests (`keyless`). Columns that `masks` names are masked upstream; an
/// expression is one over the query's columns. Throws base::Refusal when columns do not fit.
TablePair pair_with_query(const StepContext& context, const UpstreamQuery& query,
                          const std::vector<Mask>& masks);

/// How the query's column is read to be stored into `column`; `value` is its SQL.
std::string value_for(const sql::Column& column, sql::Family upstream, const std::string& value);

} // namespace slicetool::sync
