#pragma once

#include "db/session.hpp"
#include "sync/table_pair.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// Positions in the encoding of the columns that may be NULL upstream and not downstream.
std::vector<std::size_t> stricter_columns(const TablePair& pair);

/// "SELECT …": the key of a row that is NULL in the column at `position`.
std::string build_null_row(const TablePair& pair, std::size_t position);

/// Looks for upstream rows with a NULL that downstream does not take; throws base::Refusal that
/// names one. Costs up to a scan of the table for each such column, and nothing where there is
/// none.
void refuse_nulls(db::Session& upstream, const TablePair& pair);

} // namespace slicetool::sync
