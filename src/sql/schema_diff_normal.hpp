#pragma once

#include "sql/table.hpp"

#include <string>
#include <string_view>

/// Spellings under which definitions of the same meaning are the same text, whichever server
/// printed them.
namespace slicetool::sql {

/// An expression with every operation in parentheses, function names in lower case and in one
/// spelling, string literals without introducer. Two texts that differ may still mean the same; two
/// that are equal mean the same.
std::string normal_expression(std::string_view expression);

/// The type without display widths; ENUM and SET with their elements.
std::string normal_type(const Column& column);

/// "NULL" for none on a nullable column; "" for none at all.
std::string normal_default(const Column& column);

/// Lower case, utf8_… as utf8mb3_….
std::string normal_collation(std::string_view collation);

/// "PARTITION BY …" without quotes and case.
std::string normal_partitions(std::string_view clause);

} // namespace slicetool::sql
