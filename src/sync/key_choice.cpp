#include "sync/key_choice.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

using sql::Column;
using sql::Index;
using sql::Table;
using sql::TypeKind;

bool same_columns(const Index& a, const Index& b)
{
    return std::equal(
        a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
        [](const auto& x, const auto& y) { return base::equal_ignoring_case(x.column, y.column); });
}

/// MariaDB pads a CHAR in its index with blanks, though a NOPAD collation compares without them: a
/// range up to X'001A' leaves out the empty text, which is less than it but stands behind it.
bool is_ordered_with_blanks(const Column& column)
{
    return column.data_type == "char" && column.collation.find("_nopad_") != std::string::npos;
}

/// The last of 64 elements is a number's sign where a SET meets a number, and nothing else where
/// SETs are sorted.
bool has_sign_element(const Column& column)
{
    constexpr std::size_t k_elements_with_sign = 64;
    return column.kind == TypeKind::set && column.elements.size() >= k_elements_with_sign;
}

/// Why values of this pair of columns cannot be walked in order on both sides, or empty.
std::string unordered(const ColumnPair& pair)
{
    const Column& up = *pair.upstream;
    const Column& down = *pair.downstream;
    switch (up.kind) {
    case TypeKind::integer:
    case TypeKind::decimal:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::datetime:
    case TypeKind::timestamp:
    case TypeKind::year:
    case TypeKind::binary:
    case TypeKind::bit:
    case TypeKind::uuid:
    case TypeKind::inet4:
    case TypeKind::inet6:
        return up.kind == down.kind ? ""
                                    : fmt::format("column {} has another type downstream", up.name);
    case TypeKind::enumeration:
    case TypeKind::set: // servers order them by their numbers
        if (has_sign_element(up) || has_sign_element(down))
            return fmt::format("column {} is a SET of 64 elements, which is sorted otherwise than "
                               "compared",
                               up.name);
        return pair.form == hash::Form::number
                   ? ""
                   : fmt::format("the elements of column {} are not known to be numbered alike on "
                                 "both sides",
                                 up.name);
    case TypeKind::character:
        if (up.collation != down.collation)
            return fmt::format("column {} is ordered by {} upstream and by {} downstream", up.name,
                               up.collation, down.collation);
        if (is_ordered_with_blanks(up) || is_ordered_with_blanks(down))
            return fmt::format("column {} is CHAR with {}, whose index has another order than "
                               "comparisons",
                               up.name, up.collation);
        return "";
    default:
        return fmt::format("column {} is {}, which is not ordered safely", up.name, up.column_type);
    }
}

/// Why an index cannot identify rows of its table, or empty.
std::string unfit(const Index& index, const Table& table)
{
    for (const auto& part : index.parts) {
        const Column* column = table.find_column(part.column);
        if (!part.expression.empty() || column == nullptr)
            return "it contains an expression";
        if (part.prefix_length)
            return fmt::format("it covers only the beginning of column {}", part.column);
        if (column->nullable)
            return fmt::format("column {} may be NULL", part.column);
    }
    return "";
}

const Index* counterpart(const Index& index, const Table& downstream)
{
    const auto fits = [&](const Index& other) {
        return other.unique && same_columns(index, other) && unfit(other, downstream).empty();
    };
    const auto found = std::find_if(downstream.indexes.begin(), downstream.indexes.end(), fits);
    return found == downstream.indexes.end() ? nullptr : &*found;
}

bool is_wanted(const Index& index, const std::vector<std::string>& wanted)
{
    if (wanted.empty() || (wanted.size() == 1 && base::equal_ignoring_case(wanted[0], index.name)))
        return true;
    return std::equal(index.parts.begin(), index.parts.end(), wanted.begin(), wanted.end(),
                      [](const auto& part, const auto& name) {
                          return base::equal_ignoring_case(part.column, name);
                      });
}

/// Fills `positions`, or says why the key's columns cannot be used.
std::string locate(const Index& index, const MatchedColumns& columns,
                   std::vector<std::size_t>& positions)
{
    for (const auto& part : index.parts) {
        const auto found =
            std::find_if(columns.pairs.begin(), columns.pairs.end(), [&](const ColumnPair& pair) {
                return base::equal_ignoring_case(pair.upstream->name, part.column);
            });
        if (found == columns.pairs.end())
            return fmt::format("column {} is not copied", part.column);
        if (std::string problem = unordered(*found); !problem.empty())
            return problem;
        positions.push_back(static_cast<std::size_t>(found - columns.pairs.begin()));
    }
    return "";
}

/// The key's masked column, or empty.
std::string masked_part(const Index& index, const MatchedColumns& columns)
{
    for (const ColumnPair& pair : columns.pairs) {
        const bool in_key =
            std::any_of(index.parts.begin(), index.parts.end(), [&](const auto& part) {
                return base::equal_ignoring_case(pair.upstream->name, part.column);
            });
        if (pair.mask && in_key)
            return pair.upstream->name;
    }
    return "";
}

} // namespace

bool scans_in_key_order(const Table& table, const Index& index)
{
    const bool descends = std::any_of(index.parts.begin(), index.parts.end(),
                                      [](const auto& part) { return part.descending; });
    return index.primary && !descends && !table.partitioned &&
           base::equal_ignoring_case(table.engine, "InnoDB");
}

ChosenKey choose_key(const Table& upstream, const Table& downstream, const MatchedColumns& columns,
                     const std::vector<std::string>& wanted)
{
    std::vector<std::string> reasons;
    std::string masked;
    for (const Index& index : upstream.indexes) {
        if (!index.unique || !is_wanted(index, wanted))
            continue;
        ChosenKey key;
        std::string problem = unfit(index, upstream);
        key.upstream = &index;
        key.downstream = counterpart(index, downstream);
        if (problem.empty() && key.downstream == nullptr)
            problem = "downstream has no such unique key";
        if (const std::string part = masked_part(index, columns);
            problem.empty() && !part.empty()) {
            problem = fmt::format("column {} is masked", part);
            masked = part;
        }
        if (problem.empty())
            problem = locate(index, columns, key.positions);
        if (problem.empty()) {
            key.integer = key.positions.size() == 1 &&
                          columns.pairs[key.positions[0]].upstream->kind == TypeKind::integer;
            key.same_scan_order = scans_in_key_order(upstream, index) &&
                                  scans_in_key_order(downstream, *key.downstream);
            return key;
        }
        reasons.push_back(fmt::format("{}: {}", index.name, problem));
    }
    if (wanted.empty()) {
        ChosenKey none;
        none.reason = reasons.empty() ? "there is no unique key" : base::join(reasons, "; ");
        none.masked = masked;
        return none;
    }
    throw base::Refusal(
        fmt::format("Table {}: The key ({}) cannot be used ({}). Name another one, or none.",
                    upstream.name, base::join(wanted, ", "),
                    reasons.empty() ? "there is no such unique key" : base::join(reasons, "; ")));
}

KeyColumn describe_key_column(const Column& column, hash::Form form)
{
    KeyColumn key;
    key.name = column.name;
    const std::string name = sql::quote_identifier(column.name);
    const bool has_own_text = form == hash::Form::number || form == hash::Form::ascii;
    key.value_sql = has_own_text ? hash::value_sql(form, name) : name;
    switch (column.kind) {
    case TypeKind::integer:
    case TypeKind::decimal:
    case TypeKind::bit:
    case TypeKind::enumeration:
    case TypeKind::set:
        key.literal = KeyLiteral::number;
        break;
    case TypeKind::character:
        key.literal = KeyLiteral::text;
        key.introducer = "_" + column.charset;
        key.unicode = same_bytes(column.charset, "utf8mb4") || column.charset == "ascii";
        break;
    case TypeKind::uuid:
    case TypeKind::inet4:
    case TypeKind::inet6:
        key.literal = KeyLiteral::text;
        key.introducer = "_utf8mb4"; // bytes without a character set are taken for the stored form
        break;
    case TypeKind::binary:
        key.literal = KeyLiteral::text;
        key.introducer = "_binary";
        key.unicode = false;
        break;
    default:
        key.literal = KeyLiteral::quoted;
    }
    return key;
}

} // namespace slicetool::sync
