#pragma once

#include "sql/table.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

/// The values of a key's columns, as the server printed them. Never converted to numbers that could
/// round.
using KeyTuple = std::vector<std::string>;

/// A place between key tuples: right before `key`, or right after it.
struct Bound
{
    KeyTuple key;
    bool after = false;

    bool operator==(const Bound&) const = default;
};

/// The key tuples between two bounds; an absent bound is −∞ or +∞. Half-open with the usual bounds
/// (both before their keys), so that neighbouring ranges share a bound and nothing lies between
/// them.
struct Range
{
    std::optional<Bound> lower;
    std::optional<Bound> upper;
    /// Keys inside, in order, at which the range can be split; may be empty (then it is split some
    /// other way).
    std::vector<KeyTuple> splits;
    /// Its place among the ranges of the first level; the parts of a range have that of the whole.
    std::uint64_t ordinal = 0;
};

/// The ordinal of the rows beyond downstream's last key.
inline constexpr std::uint64_t k_tail_ordinal = std::numeric_limits<std::uint64_t>::max();

/// How the values of one key column are written as literals and told to users.
enum class KeyLiteral {
    number, ///< integers and decimals: as they are
    quoted, ///< dates and times
    text,   ///< with the introducer of the column's character set
};

struct KeyColumn
{
    std::string name; ///< unquoted
    KeyLiteral literal = KeyLiteral::number;
    std::string introducer; ///< "_utf8mb4", "_binary"; for KeyLiteral::text
    std::string value_sql;  ///< what a SELECT list says to read it
    bool unicode = true;    ///< its bytes can be shown as UTF-8
};

/// Appends the literal of one key value. Throws base::Error when a number is none.
void append_key_literal(std::string& out, const KeyColumn& column, const std::string& value);

/// "`id` >= 1 AND `id` < 1000"; empty for the range of everything. Composite keys expand to AND and
/// OR, since servers do not use an index for tuple comparison; columns that are the same in both
/// bounds are factored out.
std::string build_range_condition(const std::vector<KeyColumn>& key, const Range& range);

/// "`id` IN (1, 2)" or "(`a` = 1 AND `b` = 2) OR (…)".
std::string build_keys_condition(const std::vector<KeyColumn>& key,
                                 const std::vector<KeyTuple>& tuples);

/// "id from 1 to before 1000", for messages and comments.
std::string describe(const std::vector<KeyColumn>& key, const Range& range);
std::string describe(const std::vector<KeyColumn>& key, const KeyTuple& tuple);

/// The parts between `range.splits`, in order: at most `parts` of about as many split keys each. A
/// range without splits comes back alone.
std::vector<Range> split_at_keys(const Range& range, std::size_t parts);

/// Neighbours in the list that touch each other become one range, without splits.
std::vector<Range> joined_ranges(const std::vector<Range>& ranges);

/// For a key of one integer column and two bounds: at most `parts` parts of equal width in ids.
/// Empty when the range cannot be cut that way (a bound is absent, or it holds a single id).
std::vector<Range> split_evenly(const Range& range, std::size_t parts);

} // namespace slicetool::sync
