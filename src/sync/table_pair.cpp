#include "sync/table_pair.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "sql/ddl_tokens.hpp"
#include "sql/quote.hpp"
#include "sync/columns.hpp"
#include "sync/key_choice.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// A mask's expression is taken for nullable, whatever it is made of: servers yield NULL for what
/// they cannot convert.
hash::EncodedColumn encoded_upstream(const ColumnPair& pair)
{
    if (!pair.mask)
        return encoded(*pair.upstream, pair.form);
    return {pair.upstream->name, pair.form, true, pair.mask->longest, false, pair.mask->source_sql};
}

std::vector<MaskedColumn> masked_columns(const MatchedColumns& matched)
{
    std::vector<MaskedColumn> masked;
    for (std::size_t at = 0; at < matched.pairs.size(); ++at) {
        if (const auto& mask = matched.pairs[at].mask)
            masked.push_back(
                {matched.pairs[at].upstream->name, at, mask->may_be_null, mask->keeps_distinct});
    }
    return masked;
}

/// Rows are found by their key, on both sides: a masked one would find none.
void refuse_masked_key(const std::string& table, const ChosenKey& chosen,
                       const std::vector<Mask>& masks)
{
    if (chosen.upstream == nullptr && !chosen.masked.empty())
        throw base::Refusal(fmt::format(
            "Table {}: {} is for a part of the key by which rows are found on both sides ({}). A "
            "key is never masked: leave the column as it is, or name another unique key.",
            table, describe(*find_mask(masks, chosen.masked)), chosen.reason));
}

/// Downstream's rows hold masked values, of which upstream's condition knows nothing.
void refuse_masked_condition(const std::string& table, const TableChoices& choices)
{
    if (!choices.keep_outside)
        return;
    for (const auto& token : sql::tokenize(choices.where)) {
        const bool name =
            token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted;
        if (name && find_mask(choices.masks, token.value) != nullptr)
            throw base::Refusal(fmt::format(
                "Table {}: its condition (where) looks at column {}, which is masked, so that "
                "downstream cannot tell which of its rows to keep. Say outside: delete, or another "
                "condition.",
                table, token.value));
    }
}

/// A subquery may be joined, and then rows come in another order than that of the key.
bool has_subquery(const std::string& condition)
{
    const auto tokens = sql::tokenize(condition);
    return std::any_of(tokens.begin(), tokens.end(),
                       [](const sql::Token& token) { return token.is_word("select"); });
}

/// `index` is null for a table without a usable key.
TableSide make_side(const sql::Table& table, const sql::Index* index,
                    const std::vector<hash::EncodedColumn>& columns,
                    const std::vector<KeyColumn>& key, bool same_scan_order,
                    hash::DigestKind digest, const SideLimits& limits, const std::string& where)
{
    std::vector<std::string> names;
    for (const auto& column : key)
        names.push_back(sql::quote_identifier(column.name));
    const std::string key_list = base::join(names, ", ");
    hash::RowEncoding encoding(columns, digest);
    if (encoding.longest_row() >= limits.group_concat_bytes)
        throw base::Refusal(fmt::format("Table {}: a row's text may take {}, more than "
                                        "max_allowed_packet ({}) lets through. Raise "
                                        "max_allowed_packet on that server.",
                                        table.name, base::format_bytes(encoding.longest_row()),
                                        base::format_bytes(limits.group_concat_bytes)));
    const std::string qualified = table.qualified_name();
    const std::string forced =
        index == nullptr || index->ignored
            ? qualified
            : fmt::format("{} FORCE INDEX ({})", qualified, sql::quote_identifier(index->name));
    hash::FingerprintQuery fingerprint(encoding, limits.group_concat_bytes,
                                       same_scan_order ? "" : key_list);
    return {qualified, forced, table.name,          key,
            key_list,  where,  std::move(encoding), std::move(fingerprint)};
}

/// Positions of a unique index's columns, or empty when its values cannot be looked up by equality.
std::optional<UniqueKey> look_up(const sql::Index& index, const MatchedColumns& matched)
{
    UniqueKey key{index.name, {}};
    for (const auto& part : index.parts) {
        const auto found =
            std::find_if(matched.pairs.begin(), matched.pairs.end(), [&](const ColumnPair& pair) {
                return base::equal_ignoring_case(pair.downstream->name, part.column);
            });
        if (found == matched.pairs.end() || !part.expression.empty() || part.prefix_length)
            return std::nullopt;
        key.columns.push_back(static_cast<std::size_t>(found - matched.pairs.begin()));
    }
    return key;
}

void add_unique_keys(TablePair& pair, const sql::Table& downstream, const ChosenKey& chosen,
                     const MatchedColumns& matched)
{
    for (const auto& index : downstream.indexes) {
        if (!index.unique || &index == chosen.downstream)
            continue;
        if (auto key = look_up(index, matched))
            pair.unique_keys.push_back(*std::move(key));
        else
            pair.probed_keys.push_back(index.name);
    }
}

/// Notes why, and refuses what needs a key.
void prepare_keyless(const std::string& table, const std::string& reason, MatchedColumns& matched)
{
    if (!matched.carried.empty())
        throw base::Refusal(fmt::format(
            "Table {} has no key that identifies its rows on both sides ({}), so that nobody can "
            "tell which row keeps which value of the excluded column {}. Add a primary key on both "
            "sides, or do not exclude the column.",
            table, reason, matched.carried.front()));
    matched.notes.push_back(fmt::format("No key identifies its rows on both sides ({}): they are "
                                        "compared as digests with counts.",
                                        reason));
}

} // namespace

const MaskedColumn* TablePair::masked_at(std::size_t position) const
{
    const auto found = std::find_if(masked.begin(), masked.end(), [&](const MaskedColumn& column) {
        return column.position == position;
    });
    return found == masked.end() ? nullptr : &*found;
}

void refuse_fickle_condition(const std::string& table, const TableChoices& choices)
{
    const std::string word = choices.keep_outside ? fickle_word(choices.where) : "";
    if (!word.empty())
        throw base::Refusal(fmt::format(
            "Table {}: its condition (where) names {}, which the two servers answer at different "
            "moments, so that a row at the edge could be outside upstream and inside downstream, "
            "and would be deleted in spite of outside: keep. Write the value itself, for example "
            "with a variable of the environment: created_at >= '${{SINCE}}'.",
            table, word));
}

TablePair plan_table_pair(const sql::Table& upstream, const sql::Table& downstream,
                          const TableChoices& choices, hash::DigestKind digest,
                          const SideLimits& upstream_limits, const SideLimits& downstream_limits)
{
    MatchedColumns matched = match_columns(upstream, downstream, choices.excluded, choices.masks);
    refuse_masked_condition(upstream.name, choices);
    refuse_fickle_condition(upstream.name, choices);
    const ChosenKey chosen = choose_key(upstream, downstream, matched, choices.key);
    refuse_masked_key(upstream.name, chosen, choices.masks);
    std::vector<hash::EncodedColumn> up_columns;
    std::vector<hash::EncodedColumn> down_columns;
    for (const auto& pair : matched.pairs) {
        up_columns.push_back(encoded_upstream(pair));
        down_columns.push_back(encoded(*pair.downstream, pair.form));
    }
    std::vector<KeyColumn> up_key;
    std::vector<KeyColumn> down_key;
    for (const std::size_t at : chosen.positions) {
        up_key.push_back(describe_key_column(*matched.pairs[at].upstream, matched.pairs[at].form));
        down_key.push_back(
            describe_key_column(*matched.pairs[at].downstream, matched.pairs[at].form));
    }
    const bool same_scan_order = chosen.same_scan_order && !has_subquery(choices.where);
    const bool keyless = chosen.upstream == nullptr;
    if (keyless)
        prepare_keyless(upstream.name, chosen.reason, matched);
    TablePair pair{make_side(upstream, chosen.upstream, up_columns, up_key, same_scan_order, digest,
                             upstream_limits, choices.where),
                   make_side(downstream, chosen.downstream, down_columns, down_key, same_scan_order,
                             digest, downstream_limits, choices.keep_outside ? choices.where : ""),
                   chosen.integer,
                   chosen.positions,
                   {},
                   {},
                   {},
                   matched.converted,
                   masked_columns(matched),
                   std::any_of(matched.pairs.begin(), matched.pairs.end(),
                               [](const ColumnPair& column) {
                                   return !column.mask &&
                                          column.upstream->kind == sql::TypeKind::enumeration;
                               }),
                   matched.notes,
                   choices,
                   keyless ? "" : chosen.upstream->name,
                   keyless,
                   {}};
    if (!downstream.is_transactional())
        pair.engine_without_rollback = downstream.engine;
    for (const auto& name : matched.carried) {
        const sql::Column& column = *downstream.find_column(name);
        pair.carried.push_back(encoded(column, hash::natural_form(column)));
        pair.has_enumeration |= column.kind == sql::TypeKind::enumeration;
    }
    add_unique_keys(pair, downstream, chosen, matched);
    return pair;
}

} // namespace slicetool::sync
