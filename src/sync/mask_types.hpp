#pragma once

#include "hash/column_form.hpp"
#include "sql/table.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace slicetool::sync {

/// An expression as a value of a column's type.
struct TypedExpression
{
    std::string sql;
    hash::Form form = hash::Form::plain;
    std::uint64_t longest = 0; ///< bytes, as in hash::EncodedColumn
};

/// `expression` converted, on a server of `family`, to what `column` holds once it is stored there.
/// What does not fit stays too long, or out of bounds, so that the column refuses it. Texts of at
/// most `characters`, if given. Throws base::Refusal with the reason, a part of a sentence, for
/// types whose values cannot be made that way.
TypedExpression typed_expression(const std::string& expression, const sql::Column& column,
                                 sql::Family column_family, sql::Family family,
                                 std::optional<std::uint64_t> characters);

} // namespace slicetool::sync
