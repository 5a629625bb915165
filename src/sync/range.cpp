#include "sync/range.hpp"

#include "base/text.hpp"
#include "hash/digest.hpp"
#include "sql/quote.hpp"
#include "sync/integer_key.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

std::string compare(const KeyColumn& column, std::string_view op, const std::string& value)
{
    std::string text = sql::quote_identifier(column.name);
    text += ' ';
    text += op;
    text += ' ';
    append_key_literal(text, column, value);
    return text;
}

/// The tuples on one side of `key`, looking at columns from `first` on. `op` is the strict
/// comparison; `last_op` the one of the last column.
std::string beyond(const std::vector<KeyColumn>& key, const KeyTuple& tuple, std::size_t first,
                   std::string_view op, std::string_view last_op)
{
    const bool last = first + 1 == key.size();
    if (last)
        return compare(key[first], last_op, tuple[first]);
    return fmt::format("({} OR ({} AND {}))", compare(key[first], op, tuple[first]),
                       compare(key[first], "=", tuple[first]),
                       beyond(key, tuple, first + 1, op, last_op));
}

std::size_t shared_prefix(const Range& range, std::size_t columns)
{
    if (!range.lower || !range.upper)
        return 0;
    std::size_t shared = 0;
    while (shared + 1 < columns && range.lower->key[shared] == range.upper->key[shared])
        ++shared;
    return shared;
}

std::string shown(const KeyColumn& column, const std::string& value)
{
    if (column.literal == KeyLiteral::number)
        return value;
    if (column.literal == KeyLiteral::text && !column.unicode)
        return "0x" + hash::to_hex(value);
    return "'" + value + "'";
}

} // namespace

void append_key_literal(std::string& out, const KeyColumn& column, const std::string& value)
{
    if (column.literal == KeyLiteral::number) {
        sql::append_number(out, value);
        return;
    }
    out += column.introducer;
    sql::append_quoted_string(out, value);
}

std::string build_range_condition(const std::vector<KeyColumn>& key, const Range& range)
{
    std::vector<std::string> conditions;
    const std::size_t shared = shared_prefix(range, key.size());
    for (std::size_t at = 0; at < shared; ++at)
        conditions.push_back(compare(key[at], "=", range.lower->key[at]));
    if (range.lower)
        conditions.push_back(
            beyond(key, range.lower->key, shared, ">", range.lower->after ? ">" : ">="));
    if (range.upper)
        conditions.push_back(
            beyond(key, range.upper->key, shared, "<", range.upper->after ? "<=" : "<"));
    return base::join(conditions, " AND ");
}

std::string build_keys_condition(const std::vector<KeyColumn>& key,
                                 const std::vector<KeyTuple>& tuples)
{
    std::string text;
    if (key.size() == 1) {
        text = sql::quote_identifier(key[0].name) + " IN (";
        for (std::size_t at = 0; at < tuples.size(); ++at) {
            text += at == 0 ? "" : ", ";
            append_key_literal(text, key[0], tuples[at][0]);
        }
        return text + ")";
    }
    for (const auto& tuple : tuples) {
        text += text.empty() ? "((" : " OR (";
        for (std::size_t at = 0; at < key.size(); ++at) {
            text += at == 0 ? "" : " AND ";
            text += compare(key[at], "=", tuple[at]);
        }
        text += ')';
    }
    return text + ")";
}

std::string describe(const std::vector<KeyColumn>& key, const KeyTuple& tuple)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < key.size(); ++at)
        parts.push_back(key[at].name + "=" + shown(key[at], tuple[at]));
    return base::join(parts, ", ");
}

std::string describe(const std::vector<KeyColumn>& key, const Range& range)
{
    if (!range.lower && !range.upper)
        return "the whole table";
    std::string text;
    if (range.lower)
        text = fmt::format("from {}({})", range.lower->after ? "after " : "",
                           describe(key, range.lower->key));
    else
        text = "from the beginning";
    if (range.upper)
        text += fmt::format(" to {}({})", range.upper->after ? "" : "before ",
                            describe(key, range.upper->key));
    else
        text += " to the end";
    return text;
}

std::vector<Range> split_at_keys(const Range& range, std::size_t parts)
{
    const std::size_t cuts = range.splits.size();
    parts = std::min(parts, cuts + 1);
    std::vector<Range> result(1);
    result.back().lower = range.lower;
    for (std::size_t at = 0; at < cuts; ++at) {
        // The n-th cut stands where n of `parts` equal shares of the gaps end.
        if (result.size() < parts && at + 1 == result.size() * (cuts + 1) / parts) {
            const Bound bound{range.splits[at], false};
            result.back().upper = bound;
            result.emplace_back();
            result.back().lower = bound;
        } else {
            result.back().splits.push_back(range.splits[at]);
        }
    }
    result.back().upper = range.upper;
    return result;
}

std::vector<Range> joined_ranges(const std::vector<Range>& ranges)
{
    std::vector<Range> result;
    for (const auto& range : ranges) {
        if (!result.empty() && range.lower && result.back().upper == range.lower)
            result.back().upper = range.upper;
        else
            result.push_back({range.lower, range.upper, {}});
    }
    return result;
}

std::vector<Range> split_evenly(const Range& range, std::size_t parts)
{
    if (!range.lower || !range.upper)
        return {};
    const Integer low = to_integer(range.lower->key[0]) + (range.lower->after ? 1 : 0);
    const Integer high =
        to_integer(range.upper->key[0]) + (range.upper->after ? 1 : 0); // exclusive
    const Integer width = high - low;
    if (width <= 1)
        return {};
    const auto count = static_cast<Integer>(std::min<Integer>(width, static_cast<Integer>(parts)));
    std::vector<Range> result;
    for (Integer at = 0; at < count; ++at) {
        Range part;
        part.lower = at == 0 ? *range.lower : Bound{{to_text(low + width * at / count)}, false};
        part.upper = at + 1 == count ? *range.upper
                                     : Bound{{to_text(low + width * (at + 1) / count)}, false};
        result.push_back(std::move(part));
    }
    return result;
}

} // namespace slicetool::sync
