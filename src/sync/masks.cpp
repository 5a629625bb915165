#include "sync/masks.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/ddl_tokens.hpp"
#include "sync/mask_functions.hpp"
#include "sync/mask_types.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// Functions that yield something else each time, or in each session.
constexpr std::string_view k_fickle_functions[] = {"benchmark",      "connection_id",
                                                   "curdate",        "current_date",
                                                   "current_time",   "current_timestamp",
                                                   "curtime",        "found_rows",
                                                   "get_lock",       "is_free_lock",
                                                   "last_insert_id", "lastval",
                                                   "localtime",      "localtimestamp",
                                                   "nextval",        "now",
                                                   "rand",           "random_bytes",
                                                   "release_lock",   "row_count",
                                                   "setval",         "sleep",
                                                   "sysdate",        "sys_guid",
                                                   "unix_timestamp", "utc_date",
                                                   "utc_time",       "utc_timestamp",
                                                   "uuid",           "uuid_short",
                                                   "uuid_v4",        "uuid_v7"};

/// Those of them that are written without parentheses, too.
constexpr std::string_view k_fickle_words[] = {
    "current_date",   "current_time", "current_timestamp", "localtime",
    "localtimestamp", "utc_date",     "utc_time",          "utc_timestamp"};

template<class Names>
bool contains(const Names& names, const std::string& name)
{
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

MaskExpression expression_of(const Mask& mask, const sql::Column& upstream,
                             const sql::Column& downstream)
{
    if (!mask.text)
        return mask_expression(MaskFunction::null, upstream, downstream);
    if (const auto function = mask_function(*mask.text))
        return mask_expression(*function, upstream, downstream);
    if (const std::string word = fickle_word(*mask.text); !word.empty())
        throw base::Refusal(fmt::format("would yield another value each time it is evaluated "
                                        "({}), so that its rows could never be proven equal",
                                        word));
    return {*mask.text, std::nullopt, false, false};
}

bool is_null(const Mask& mask)
{
    return !mask.text || mask_function(*mask.text) == MaskFunction::null;
}

/// An expression's values are unknown; those of a named mask follow from upstream's.
bool may_be_null(const Mask& mask, const MaskExpression& expression, const sql::Column& upstream)
{
    if (is_null(mask) || !mask_function(*mask.text))
        return true;
    return expression.keeps_null && upstream.nullable;
}

} // namespace

std::string fickle_word(const std::string& expression)
{
    const auto tokens = sql::tokenize(expression);
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        const bool called = at + 1 < tokens.size() && tokens[at + 1].is_symbol("(");
        const bool has_arguments =
            called && at + 2 < tokens.size() && !tokens[at + 2].is_symbol(")");
        const std::string& word = tokens[at].value;
        if (tokens[at].is_symbol(":="))
            return ":=";
        if (tokens[at].kind != sql::TokenKind::word || (at > 0 && tokens[at - 1].is_symbol(".")))
            continue;
        if (word == "unix_timestamp" && has_arguments)
            continue;
        if (called ? contains(k_fickle_functions, word) : contains(k_fickle_words, word))
            return base::ascii_upper(word);
    }
    return "";
}

std::string describe(const Mask& mask)
{
    return fmt::format("the mask of column {}, {}{}", mask.column,
                       mask.text ? "\"" + *mask.text + "\"" : "NULL",
                       mask.place.empty() ? "" : " (" + mask.place + ")");
}

const Mask* find_mask(const std::vector<Mask>& masks, const std::string& column)
{
    const auto found = std::find_if(masks.begin(), masks.end(), [&](const Mask& mask) {
        return base::equal_ignoring_case(mask.column, column);
    });
    return found == masks.end() ? nullptr : &*found;
}

namespace {

std::string problem_of(const Mask& mask, const std::vector<Mask>& masks, const sql::Table& upstream,
                       const sql::Table& downstream, const std::vector<std::string>& excluded)
{
    const sql::Column* up = upstream.find_column(mask.column);
    const sql::Column* down = downstream.find_column(mask.column);
    const bool is_excluded =
        std::any_of(excluded.begin(), excluded.end(), [&](const std::string& name) {
            return base::equal_ignoring_case(name, mask.column);
        });
    if (up == nullptr || down == nullptr)
        return fmt::format("has no column {}", up != nullptr     ? "downstream"
                                               : down != nullptr ? "upstream"
                                                                 : "on either side");
    if (up->generated != sql::Generated::no || down->generated != sql::Generated::no)
        return "is for a generated column: mask the columns that it is made of";
    if (up->system_row_bound || down->system_row_bound)
        return "is for a column that the server fills in";
    if (is_excluded)
        return "is for an excluded column, which is not copied";
    return find_mask(masks, mask.column) == &mask ? "" : "is not the first of that column";
}

} // namespace

std::vector<std::string> mask_problems(const std::vector<Mask>& masks, const sql::Table& upstream,
                                       const sql::Table& downstream,
                                       const std::vector<std::string>& excluded)
{
    std::vector<std::string> problems;
    for (const Mask& mask : masks) {
        const std::string problem = problem_of(mask, masks, upstream, downstream, excluded);
        if (!problem.empty())
            problems.push_back(describe(mask) + " " + problem);
    }
    return problems;
}

bool needs_key(const Mask& mask)
{
    const auto function = mask.text ? mask_function(*mask.text) : std::nullopt;
    return function && *function != MaskFunction::null && *function != MaskFunction::constant;
}

MaskedValue plan_mask(const Mask& mask, const sql::Column& upstream, sql::Family upstream_family,
                      const sql::Column& downstream, sql::Family downstream_family)
{
    try {
        const MaskExpression expression = expression_of(mask, upstream, downstream);
        const TypedExpression typed =
            typed_expression("(" + expression.sql + ")", downstream, downstream_family,
                             upstream_family, expression.longest);
        return {typed.sql, typed.form, typed.longest, may_be_null(mask, expression, upstream),
                expression.keeps_distinct};
    } catch (const base::Refusal& why) {
        throw base::Refusal(fmt::format("{} {}", describe(mask), why.what()));
    }
}

std::string mask_advice(const std::vector<Mask>& masks, const std::string& message)
{
    std::vector<std::string> blamed;
    for (const Mask& mask : masks) {
        const std::string lower = base::ascii_lower(message);
        const std::string column = base::ascii_lower(mask.column);
        const bool named = lower.find("'" + column + "'") != std::string::npos ||
                           lower.find("`" + column + "`") != std::string::npos;
        if (message.empty() || named)
            blamed.push_back(describe(mask));
    }
    if (blamed.empty())
        return "";
    return fmt::format(" Look at {}: what a mask yields must fit its column, and be the same each "
                       "time.",
                       base::join(blamed, ", and "));
}

} // namespace slicetool::sync
