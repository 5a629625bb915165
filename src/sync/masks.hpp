#pragma once

#include "hash/column_form.hpp"
#include "sql/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What stands in a column downstream instead of upstream's value. docs/masking.md.
namespace slicetool::sync {

/// One masked column, as the user said it.
struct Mask
{
    std::string column;
    /// The name of a mask, or an SQL expression over upstream's columns; nullopt: NULL.
    std::optional<std::string> text;
    std::string place; ///< "shop.yaml:12", for messages; empty: no config
};

/// "the mask of column email, \"CONCAT('u', id)\" (shop.yaml:12)".
std::string describe(const Mask& mask);

/// The mask of that column (compared without case), or null.
const Mask* find_mask(const std::vector<Mask>& masks, const std::string& column);

/// The first word of an SQL expression that makes it yield another value each time, or in each
/// session, such as NOW or RAND; empty: there is none.
std::string fickle_word(const std::string& expression);

/// True when the mask's values are made with the key (sync/mask_key).
bool needs_key(const Mask& mask);

/// A part of a sentence for each mask that stands for no column to copy: unknown, generated,
/// excluded, named twice.
std::vector<std::string> mask_problems(const std::vector<Mask>& masks, const sql::Table& upstream,
                                       const sql::Table& downstream,
                                       const std::vector<std::string>& excluded);

/// How a mask's values are computed upstream, such that they are what downstream's column stores.
struct MaskedValue
{
    std::string source_sql; ///< over upstream's columns; of downstream's type
    hash::Form form = hash::Form::plain;
    std::uint64_t longest = 0; ///< bytes, as in hash::EncodedColumn
    bool may_be_null = true;
    bool keeps_distinct = false; ///< unlike values stay unlike
};

/// Throws base::Refusal, a part of a sentence that begins with the mask, when the column cannot
/// have it.
MaskedValue plan_mask(const Mask& mask, const sql::Column& upstream, sql::Family upstream_family,
                      const sql::Column& downstream, sql::Family downstream_family);

/// Sentences for an error that a mask may have caused: those of `masks` whose columns the server's
/// message names, or all of them when `message` is empty. Begins with a space; empty if there are
/// none.
std::string mask_advice(const std::vector<Mask>& masks, const std::string& message = "");

/// What is shown instead of a masked column's values.
inline constexpr const char* k_masked_value = "(masked)";

} // namespace slicetool::sync
