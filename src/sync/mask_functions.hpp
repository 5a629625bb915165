#pragma once

#include "sql/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The masks that have names, as SQL. docs/masking.md defines them.
namespace slicetool::sync {

enum class MaskFunction { hash, email, name, digits, null, constant };

std::optional<MaskFunction> mask_function(std::string_view name);

/// What a named mask makes of a column.
struct MaskExpression
{
    std::string sql;
    /// Characters (bytes of binary columns) that the longest value has; empty: as many as the
    /// column takes.
    std::optional<std::uint64_t> longest;
    bool keeps_null = false;     ///< NULL where upstream's value is
    bool keeps_distinct = false; ///< unlike values stay unlike
};

/// Throws base::Refusal with the reason, a part of a sentence, when downstream's column cannot have
/// it.
MaskExpression mask_expression(MaskFunction function, const sql::Column& upstream,
                               const sql::Column& downstream);

} // namespace slicetool::sync
