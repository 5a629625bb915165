#include "sync/query_table.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

using sql::TypeKind;

bool is_text(const sql::Column& column)
{
    return column.kind == TypeKind::character || column.kind == TypeKind::text;
}

/// "_binary'a', _binary'b'".
std::string literals_of(const sql::Column& column)
{
    std::vector<std::string> literals;
    for (const auto& element : column.elements)
        literals.push_back("_binary" + sql::quote_string(element));
    return base::join(literals, ", ");
}

/// The number of a SET value of which `text` gives the labels.
std::string set_number(const sql::Column& column, const std::string& text)
{
    std::vector<std::string> bits;
    for (std::size_t at = 0; at < column.elements.size(); ++at)
        bits.push_back(fmt::format("IF(FIND_IN_SET(_binary{}, {}) > 0, {}, 0)",
                                   sql::quote_string(column.elements[at]), text,
                                   std::uint64_t{1} << at));
    return "(" + base::join(bits, " + ") + ")";
}

/// By its labels: the query's own type may be text, or other labels. What is none of them becomes
/// −1, which no column holds, so that it cannot be stored and pass the proof.
std::string label_number(const sql::Column& column, const std::string& value)
{
    const std::string text = fmt::format("CONVERT(CONVERT({} USING utf8mb4) USING binary)", value);
    const bool set = column.kind == TypeKind::set;
    const std::string number =
        set ? set_number(column, text) : fmt::format("FIELD({}, {})", text, literals_of(column));
    return fmt::format("CASE WHEN {} IS NULL THEN NULL WHEN {}({}, {}) <=> {} THEN {} ELSE -1 END",
                       value, set ? "MAKE_SET" : "ELT", number, literals_of(column), text, number);
}

const sql::Column& target_of(const StepContext& context, const std::string& name)
{
    const sql::Column* column = context.downstream->find_column(name);
    if (column == nullptr || column->generated != sql::Generated::no)
        throw base::Refusal(fmt::format("Table {}: the query gives a column {}, {}.", context.table,
                                        name,
                                        column == nullptr ? "and downstream has none of that name"
                                                          : "which downstream computes by itself"));
    return *column;
}

/// The definition with only these columns, and without keys.
sql::Table reduced(const sql::Table& table, const std::vector<std::string>& columns)
{
    sql::Table reduced = table;
    std::erase_if(reduced.columns, [&](const sql::Column& column) {
        return std::none_of(columns.begin(), columns.end(), [&](const std::string& name) {
            return base::equal_ignoring_case(name, column.name);
        });
    });
    reduced.indexes.clear();
    return reduced;
}

void require_defaults(const StepContext& context, const std::vector<std::string>& columns)
{
    std::vector<std::string> left_out;
    for (const auto& column : context.downstream->columns) {
        const bool given =
            std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
                return base::equal_ignoring_case(name, column.name);
            });
        if (!given)
            left_out.push_back(column.name);
    }
    refuse_columns_without_value(*context.downstream, left_out);
}

} // namespace

std::string value_for(const sql::Column& column, sql::Family upstream, const std::string& value)
{
    if (is_text(column))
        return fmt::format("CONVERT({} USING utf8mb4)", value);
    if (column.kind == TypeKind::enumeration || column.kind == TypeKind::set)
        return label_number(column, value);
    if (column.kind == TypeKind::json && upstream == sql::Family::mysql)
        return fmt::format("CAST({} AS JSON)", value);
    return value;
}

TablePair pair_with_query(const StepContext& context, const UpstreamQuery& query,
                          const std::vector<Mask>& masks)
{
    const sql::Family family = context.sessions().upstream().server().family;
    std::vector<std::string> values;
    for (const auto& name : query.columns) {
        const sql::Column& column = target_of(context, name);
        values.push_back(fmt::format("{} AS {}", value_for(column, family, column_of_query(name)),
                                     sql::quote_identifier(column.name)));
    }
    require_defaults(context, query.columns);
    sql::Table there = reduced(*context.downstream, query.columns);
    const sql::Table here = there;
    there.family = family;
    for (auto& column : there.columns) {
        column.nullable = true;
        if (!is_text(column))
            continue;
        column.charset = "utf8mb4";
        column.collation = "utf8mb4_bin";
    }
    TableChoices choices;
    for (const auto& mask : masks) {
        if (there.find_column(mask.column) != nullptr)
            choices.masks.push_back(mask);
    }
    TablePair pair = match_tables(context, there, here, choices);
    pair.upstream.table = fmt::format("(SELECT {} FROM {}) AS {}", base::join(values, ", "),
                                      query.from, sql::quote_identifier(context.table));
    pair.upstream.from = pair.upstream.table;
    return pair;
}

} // namespace slicetool::sync
