#pragma once

#include "sql/ddl_tokens.hpp"
#include "sql/table.hpp"

#include <vector>

namespace slicetool::sql {

/// Appends the column that `entry` (one element of a CREATE TABLE's list) defines, and the check
/// that stands in its definition, to `table`. For ddl_parse only.
void parse_column(const std::vector<Token>& entry, Table& table);

} // namespace slicetool::sql
