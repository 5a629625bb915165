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

/// The masked column of that name, or null.
const MaskedColumn* masked_column(const std::vector<MaskedColumn>& masked, const std::string& name)
{
    const auto found = std::find_if(masked.begin(), masked.end(), [&](const MaskedColumn& column) {
        return base::equal_ignoring_case(column.name, name);
    });
    return found == masked.end() ? nullptr : &*found;
}

/// Two rows equal in all parts of `down` would be equal in this part of an upstream key.
bool is_implied(const IndexPart& part, const Table& upstream, const Index& down,
                const Table& downstream, const std::vector<MaskedColumn>& masked)
{
    if (const MaskedColumn* column = masked_column(masked, part.column))
        return column->keeps_distinct &&
               std::any_of(down.parts.begin(), down.parts.end(), [&](const IndexPart& other) {
                   return base::equal_ignoring_case(part.column, other.column) &&
                          !other.prefix_length;
               });
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

bool upstream_is_as_strict(const Table& upstream, const Index& down, const Table& downstream,
                           const std::vector<MaskedColumn>& masked)
{
    return std::any_of(upstream.indexes.begin(), upstream.indexes.end(), [&](const Index& index) {
        return index.unique &&
               std::all_of(index.parts.begin(), index.parts.end(), [&](const IndexPart& part) {
                   return is_implied(part, upstream, down, downstream, masked);
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
std::string as_downstream(const IndexPart& part, const Column& up, const Column& down,
                          const std::string& source, bool is_masked)
{
    std::string value = source;
    if (!is_masked && up.charset != down.charset && !down.charset.empty())
        value = fmt::format("CONVERT({} USING {})", value, down.charset);
    if (part.prefix_length)
        value = fmt::format("LEFT({}, {})", value, *part.prefix_length);
    // A masked label is text of its own character set.
    const bool is_text = down.kind == sql::TypeKind::character || down.kind == sql::TypeKind::text;
    if ((is_masked ? is_text : up.collation != down.collation) && !down.collation.empty())
        value += " COLLATE " + down.collation;
    return value;
}

} // namespace

std::vector<const Index*> stricter_keys(const Table& upstream, const Table& downstream,
                                        const std::vector<std::string>& excluded,
                                        const std::vector<MaskedColumn>& masked)
{
    std::vector<const Index*> keys;
    for (const Index& index : downstream.indexes) {
        if (index.unique && can_be_asked(index, upstream, excluded) &&
            !upstream_is_as_strict(upstream, index, downstream, masked))
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
        const MaskedColumn* masked = masked_column(pair.masked, part.column);
        const std::string source = masked != nullptr
                                       ? pair.upstream.encoding.columns()[masked->position].source()
                                       : sql::quote_identifier(up.name);
        values.push_back(as_downstream(part, up, *downstream.find_column(part.column), source,
                                       masked != nullptr));
        if (masked != nullptr || up.nullable)
            conditions.push_back(source + " IS NOT NULL");
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

/// The columns of a key, for showing values of it; masked ones are downstream's.
std::vector<KeyColumn> described(const TablePair& pair, const Table& upstream,
                                 const Table& downstream, const Index& key)
{
    std::vector<KeyColumn> columns;
    for (const auto& part : key.parts) {
        const Table& table =
            masked_column(pair.masked, part.column) != nullptr ? downstream : upstream;
        columns.push_back(describe_key_column(*table.find_column(part.column), hash::Form::plain));
    }
    return columns;
}

/// "2 rows with seat = 1 (id = 7 and id = 9)"
std::string rows_in_words(const db::Result& row, const TablePair& pair, const Table& upstream,
                          const Table& downstream, const Index& key)
{
    const std::size_t parts = key.parts.size();
    KeyTuple value;
    for (std::size_t at = 0; at < parts; ++at)
        value.push_back(row.text(at));
    std::string words = fmt::format("{} rows with {}", base::format_count(row.number(parts)),
                                    describe(described(pair, upstream, downstream, key), value));
    if (pair.upstream.key.size() == 1)
        words += fmt::format(" ({}, {})", describe(pair.upstream.key, {row.text(parts + 1)}),
                             describe(pair.upstream.key, {row.text(parts + 2)}));
    return words;
}

/// The masks of a key's columns in words, or empty.
std::string masks_of(const TablePair& pair, const Index& key)
{
    std::vector<std::string> masks;
    for (const auto& part : key.parts) {
        if (const Mask* mask = find_mask(pair.choices.masks, part.column))
            masks.push_back(describe(*mask));
    }
    return base::join(masks, " and ");
}

} // namespace

void refuse_collisions(db::Session& session, const TablePair& pair, const Table& upstream,
                       const Table& downstream)
{
    for (const Index* key :
         stricter_keys(upstream, downstream, pair.choices.excluded, pair.masked)) {
        try {
            db::Result row = session.query(
                fmt::format("look for rows of {} that collide downstream", upstream.name),
                build_collision(pair, upstream, downstream, *key));
            if (!row.next())
                continue;
            const std::string rows = rows_in_words(row, pair, upstream, downstream, *key);
            if (const std::string masks = masks_of(pair, *key); !masks.empty())
                throw base::Refusal(fmt::format(
                    "Table {}: downstream's unique key {} takes no two rows that are masked alike, "
                    "and {} would be. Look at {}: make it unlike for each row, for example by the "
                    "row's key. Nothing was written.",
                    upstream.name, key->name, rows, masks));
            throw base::Refusal(fmt::format(
                "Table {}: downstream has a stricter unique key than upstream, {}: upstream "
                "holds {}. Make the unique keys alike, for example by pull_schema --alter.",
                upstream.name, key->name, rows));
        } catch (const db::Error& failure) {
            if (failure.number() != k_unknown_collation)
                throw;
            spdlog::info("{} Whether rows collide in {} will show.", failure.what(), key->name);
        }
    }
}

} // namespace slicetool::sync
