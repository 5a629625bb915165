#include "sync/stricter_keys.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "sql/quote.hpp"
#include "sync/key_choice.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace slicetool::sync {

namespace {

using sql::Column;
using sql::Index;
using sql::IndexPart;
using sql::Table;

/// MariaDB does not know all collations of MySQL, nor the other way round.
constexpr int k_unknown_collation = 1273;

/// Values equal to `down` are equal to `up` too.
bool implies_equality(const Column& down, const Column& up)
{
    if (down.collation == up.collation)
        return true;
    const bool pads_alike = up.collation.find("_0900_") == std::string::npos &&
                            up.collation.find("_nopad_") == std::string::npos;
    return down.charset == up.charset && down.collation.ends_with("_bin") && pads_alike;
}

/// Two rows equal in all parts of `down` would be equal in this part of an upstream key.
bool is_implied(const IndexPart& part, const Table& upstream, const Index& down,
                const Table& downstream)
{
    return std::any_of(down.parts.begin(), down.parts.end(), [&](const IndexPart& other) {
        if (!part.expression.empty() || !other.expression.empty())
            return !part.expression.empty() && part.expression == other.expression;
        const Column* up = upstream.find_column(part.column);
        const Column* here = downstream.find_column(other.column);
        const bool covers = !other.prefix_length ||
                            (part.prefix_length && *part.prefix_length <= *other.prefix_length);
        return base::equal_ignoring_case(part.column, other.column) && covers && up != nullptr &&
               here != nullptr && implies_equality(*here, *up);
    });
}

bool upstream_is_as_strict(const Table& upstream, const Index& down, const Table& downstream)
{
    return std::any_of(upstream.indexes.begin(), upstream.indexes.end(), [&](const Index& index) {
        return index.unique &&
               std::all_of(index.parts.begin(), index.parts.end(), [&](const IndexPart& part) {
                   return is_implied(part, upstream, down, downstream);
               });
    });
}

bool can_be_asked(const Index& index, const Table& upstream,
                  const std::vector<std::string>& excluded)
{
    return std::all_of(index.parts.begin(), index.parts.end(), [&](const IndexPart& part) {
        const bool is_excluded =
            std::any_of(excluded.begin(), excluded.end(), [&](const std::string& name) {
                return base::equal_ignoring_case(name, part.column);
            });
        return part.expression.empty() && !part.without_overlaps && !is_excluded &&
               upstream.find_column(part.column) != nullptr;
    });
}

/// Upstream's column as downstream's key compares it.
std::string as_downstream(const IndexPart& part, const Column& up, const Column& down)
{
    std::string value = sql::quote_identifier(up.name);
    if (up.charset != down.charset && !down.charset.empty())
        value = fmt::format("CONVERT({} USING {})", value, down.charset);
    if (part.prefix_length)
        value = fmt::format("LEFT({}, {})", value, *part.prefix_length);
    if (up.collation != down.collation && !down.collation.empty())
        value += " COLLATE " + down.collation;
    return value;
}

} // namespace

std::vector<const Index*> stricter_keys(const Table& upstream, const Table& downstream,
                                        const std::vector<std::string>& excluded)
{
    std::vector<const Index*> keys;
    for (const Index& index : downstream.indexes) {
        if (index.unique && can_be_asked(index, upstream, excluded) &&
            !upstream_is_as_strict(upstream, index, downstream))
            keys.push_back(&index);
    }
    return keys;
}

std::string build_collision(const TablePair& pair, const Table& upstream, const Table& downstream,
                            const Index& key)
{
    std::vector<std::string> values;
    std::vector<std::string> conditions;
    for (const auto& part : key.parts) {
        const Column& up = *upstream.find_column(part.column);
        values.push_back(as_downstream(part, up, *downstream.find_column(part.column)));
        if (up.nullable)
            conditions.push_back(sql::quote_identifier(up.name) + " IS NOT NULL");
    }
    if (!pair.upstream.where.empty())
        conditions.push_back("(" + pair.upstream.where + ")");
    std::string rows;
    if (pair.upstream.key.size() == 1)
        rows = fmt::format(", MIN({0}), MAX({0})", pair.upstream.key[0].value_sql);
    return fmt::format("/* slicetool table={} collisions */ SELECT {}, COUNT(*){} FROM {}{} GROUP "
                       "BY {} HAVING COUNT(*) > 1 LIMIT 1",
                       sql::comment_text(pair.upstream.name), base::join(values, ", "), rows,
                       pair.upstream.table,
                       conditions.empty() ? "" : " WHERE " + base::join(conditions, " AND "),
                       base::join(values, ", "));
}

namespace {

/// The columns of a key, for showing values of it.
std::vector<KeyColumn> described(const Table& upstream, const Index& key)
{
    std::vector<KeyColumn> columns;
    for (const auto& part : key.parts)
        columns.push_back(
            describe_key_column(*upstream.find_column(part.column), hash::Form::plain));
    return columns;
}

/// "2 rows with seat = 1 (id = 7 and id = 9)"
std::string rows_in_words(const db::Result& row, const TablePair& pair, const Table& upstream,
                          const Index& key)
{
    const std::size_t parts = key.parts.size();
    KeyTuple value;
    for (std::size_t at = 0; at < parts; ++at)
        value.push_back(row.text(at));
    std::string words = fmt::format("{} rows with {}", base::format_count(row.number(parts)),
                                    describe(described(upstream, key), value));
    if (pair.upstream.key.size() == 1)
        words += fmt::format(" ({}, {})", describe(pair.upstream.key, {row.text(parts + 1)}),
                             describe(pair.upstream.key, {row.text(parts + 2)}));
    return words;
}

} // namespace

void refuse_collisions(db::Session& session, const TablePair& pair, const Table& upstream,
                       const Table& downstream)
{
    for (const Index* key : stricter_keys(upstream, downstream, pair.choices.excluded)) {
        try {
            db::Result row = session.query(
                fmt::format("look for rows of {} that collide downstream", upstream.name),
                build_collision(pair, upstream, downstream, *key));
            if (row.next())
                throw base::Refusal(fmt::format(
                    "Table {}: downstream has a stricter unique key than upstream, {}: upstream "
                    "holds {}. Make the unique keys alike, for example by pull_schema --alter.",
                    upstream.name, key->name, rows_in_words(row, pair, upstream, *key)));
        } catch (const db::Error& failure) {
            if (failure.number() != k_unknown_collation)
                throw;
            spdlog::info("{} Whether rows collide in {} will show.", failure.what(), key->name);
        }
    }
}

} // namespace slicetool::sync
