#pragma once

#include "sql/translate.hpp"

namespace slicetool::sql {

/// The part of translate that turns one column's type, attributes and default into those of the
/// other family; its character set is left alone. `column` is one of `result.table`'s; sentences,
/// refusals and a check that the type needs go into `result`.
void translate_column_across(Column& column, const Target& target, Translation& result);

/// Whether all of `expression` stands in one pair of parentheses.
bool is_parenthesised(std::string_view expression);

} // namespace slicetool::sql
