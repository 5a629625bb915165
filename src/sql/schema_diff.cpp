#include "sql/schema_diff.hpp"

#include "base/text.hpp"
#include "sql/ddl_parse.hpp"
#include "sql/quote.hpp"
#include "sql/schema_diff_columns.hpp"
#include "sql/schema_diff_normal.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sql {

namespace {

// ---- indexes

std::string normal_part(const IndexPart& part)
{
    return fmt::format("{}|{}|{}|{}|{}", base::ascii_lower(part.column),
                       part.expression.empty() ? "" : normal_expression(part.expression),
                       part.prefix_length.value_or(0), part.descending, part.without_overlaps);
}

std::string normal_index(const Index& index)
{
    std::string text = fmt::format("{}|{}|{}|", index.unique, index.type, index.ignored);
    for (const auto& part : index.parts)
        text += normal_part(part) + ";";
    auto options = index.other_options;
    std::sort(options.begin(), options.end());
    return text + base::join(options, " ") + "|" + index.comment;
}

std::string drop_index(const Index& index)
{
    return index.primary ? "DROP PRIMARY KEY" : "DROP INDEX " + quote_identifier(index.name);
}

std::string index_words(const Index& index)
{
    return index.primary ? "the primary key" : "index " + quote_identifier(index.name);
}

bool uses_any(const Index& index, const std::set<std::string>& columns)
{
    return std::any_of(index.parts.begin(), index.parts.end(), [&](const IndexPart& part) {
        return columns.count(base::ascii_lower(part.column)) != 0;
    });
}

/// A unique key that upstream lacks may refuse upstream's rows.
DriftEffect index_effect(const Index* wanted, const Index* found)
{
    const bool stricter = found != nullptr && found->unique;
    const bool primary =
        (wanted != nullptr && wanted->primary) || (found != nullptr && found->primary);
    return stricter || primary ? DriftEffect::data : DriftEffect::harmless;
}

Drift index_missing(const Index& index, Family family)
{
    const std::string definition = build_index(index, family);
    return {
        fmt::format("{} is missing downstream; upstream has {}.", index_words(index), definition),
        index_effect(&index, nullptr),
        false,
        {{AlterStage::add_index, "ADD " + definition}}};
}

Drift index_extra(const Index& index, Family family)
{
    return {fmt::format("{} exists downstream only: {}.", index_words(index),
                        build_index(index, family)),
            index_effect(nullptr, &index),
            false,
            {{AlterStage::drop_index, drop_index(index)}}};
}

void diff_indexes(const Table& wanted, const Table& found, const std::set<std::string>& made_anew,
                  std::vector<Drift>& drifts)
{
    for (const auto& index : wanted.indexes) {
        const Index* other = found.find_index(index.name);
        if (other == nullptr) {
            drifts.push_back(index_missing(index, wanted.family));
        } else if (normal_index(index) != normal_index(*other) || uses_any(index, made_anew)) {
            const std::string definition = build_index(index, wanted.family);
            const std::string difference =
                normal_index(index) == normal_index(*other)
                    ? fmt::format("{} has to be made anew with its column.", index_words(index))
                    : fmt::format("{} differs: upstream {}, downstream {}.", index_words(index),
                                  definition, build_index(*other, found.family));
            drifts.push_back({difference,
                              index_effect(&index, other),
                              false,
                              {{AlterStage::drop_index, drop_index(*other)},
                               {AlterStage::add_index, "ADD " + definition}}});
        }
    }
    for (const auto& index : found.indexes) {
        if (wanted.find_index(index.name) == nullptr)
            drifts.push_back(index_extra(index, found.family));
    }
}

// ---- checks

void diff_checks(const Table& wanted, const Table& found, std::vector<Drift>& drifts)
{
    const CheckRest rest = unmatched_checks(wanted, found);
    // Checks within a column's definition come and go with it (see diff_columns).
    for (const auto& check : rest.missing) {
        if (check.column.empty())
            drifts.push_back({fmt::format("a check is missing downstream: {}.", build_check(check)),
                              DriftEffect::harmless,
                              false,
                              {{AlterStage::add_check, "ADD " + build_check(check)}}});
    }
    const std::string verb = found.family == Family::mariadb ? "DROP CONSTRAINT " : "DROP CHECK ";
    for (const auto& check : rest.extra) {
        if (check.column.empty())
            drifts.push_back(
                {fmt::format("a check exists downstream only: {}.", build_check(check)),
                 DriftEffect::data,
                 false,
                 {{AlterStage::drop_check, verb + quote_identifier(check.name)}}});
    }
}

// ---- options

void option_drift(std::string_view what, const std::string& wanted, const std::string& found,
                  std::string clause, std::vector<Drift>& drifts)
{
    const auto shown = [](const std::string& value) { return value.empty() ? "none" : value; };
    drifts.push_back(
        {fmt::format("{} differs: upstream {}, downstream {}.", what, shown(wanted), shown(found)),
         DriftEffect::harmless,
         false,
         {{AlterStage::option, std::move(clause)}}});
}

std::string normal_row_format(const Table& table)
{
    return table.row_format == "DEFAULT" || table.row_format == "DYNAMIC" ? "" : table.row_format;
}

const TableOption* find_option(const Table& table, const std::string& name)
{
    for (const auto& option : table.options) {
        if (option.name == name)
            return &option;
    }
    return nullptr;
}

void diff_other_options(const Table& wanted, const Table& found, std::vector<Drift>& drifts)
{
    for (const auto& option : wanted.options) {
        const TableOption* other = find_option(found, option.name);
        const std::string value = other == nullptr ? "" : other->value;
        if (value != option.value)
            option_drift("table option " + option.name, option.value, value,
                         option.name + "=" + option.value, drifts);
    }
    for (const auto& option : found.options) {
        // KEY_BLOCK_SIZE knows no DEFAULT.
        const std::string none = option.name == "KEY_BLOCK_SIZE" ? "0" : "DEFAULT";
        if (find_option(wanted, option.name) == nullptr)
            option_drift("table option " + option.name, "", option.value, option.name + "=" + none,
                         drifts);
    }
}

void diff_versioning(const Table& wanted, const Table& found, std::vector<Drift>& drifts)
{
    const bool want = wanted.kind == TableKind::system_versioned;
    const bool have = found.kind == TableKind::system_versioned;
    if (want == have)
        return;
    const std::string sentence =
        want ? "the table is system-versioned upstream, but not downstream."
             : "the table is system-versioned downstream, but not upstream.";
    const std::string clause = want ? "ADD SYSTEM VERSIONING" : "DROP SYSTEM VERSIONING";
    drifts.push_back({sentence, DriftEffect::data, have, {{AlterStage::option, clause}}});
}

void diff_partitions(const Table& wanted, const Table& found, std::vector<Drift>& drifts)
{
    if (normal_partitions(wanted.partition_clause) == normal_partitions(found.partition_clause))
        return;
    option_drift("partitioning", wanted.partition_clause, found.partition_clause,
                 wanted.partition_clause.empty() ? "REMOVE PARTITIONING" : wanted.partition_clause,
                 drifts);
    drifts.back().repair.front().stage = AlterStage::partition;
}

void diff_options(const Table& wanted, const Table& found, std::vector<Drift>& drifts)
{
    if (!base::equal_ignoring_case(wanted.engine, found.engine)) {
        option_drift("the engine", wanted.engine, found.engine, "ENGINE=" + wanted.engine, drifts);
        // The rows would be gone, at once or when the server is restarted.
        drifts.back().drops = base::equal_ignoring_case(wanted.engine, "BLACKHOLE") ||
                              base::equal_ignoring_case(wanted.engine, "MEMORY");
    }
    if (normal_collation(wanted.collation) != normal_collation(found.collation))
        option_drift("the default collation", wanted.collation, found.collation,
                     fmt::format("DEFAULT CHARSET={} COLLATE={}", wanted.charset, wanted.collation),
                     drifts);
    if (normal_row_format(wanted) != normal_row_format(found))
        option_drift("the row format", wanted.row_format, found.row_format,
                     "ROW_FORMAT=" + (wanted.row_format.empty() ? "DEFAULT" : wanted.row_format),
                     drifts);
    if (wanted.comment != found.comment)
        option_drift("the table's comment", ddl_string(wanted.comment), ddl_string(found.comment),
                     "COMMENT=" + ddl_string(wanted.comment), drifts);
    diff_other_options(wanted, found, drifts);
    diff_versioning(wanted, found, drifts);
    diff_partitions(wanted, found, drifts);
}

// ---- foreign keys

std::string normal_action(const std::string& action)
{
    return action.empty() || action == "RESTRICT" ? "NO ACTION" : action;
}

std::string normal_foreign_key(const Table& table, const ForeignKey& key)
{
    const std::string schema = key.referenced_schema == table.schema ? "" : key.referenced_schema;
    return base::ascii_lower(
        fmt::format("{}|{}|{}|{}|{}|{}", quote_identifiers(key.columns), schema,
                    key.referenced_table, quote_identifiers(key.referenced_columns),
                    normal_action(key.on_delete), normal_action(key.on_update)));
}

bool has_foreign_key(const Table& table, const std::string& normal)
{
    return std::any_of(
        table.foreign_keys.begin(), table.foreign_keys.end(),
        [&](const ForeignKey& key) { return normal_foreign_key(table, key) == normal; });
}

void diff_foreign_keys(const Table& wanted, const Table& found, std::vector<Drift>& drifts)
{
    for (const auto& key : wanted.foreign_keys) {
        if (!has_foreign_key(found, normal_foreign_key(wanted, key)))
            drifts.push_back(
                {fmt::format("a foreign key is missing downstream: {}.",
                             build_foreign_key(wanted, key)),
                 DriftEffect::harmless,
                 false,
                 {{AlterStage::add_foreign_key, "ADD " + build_foreign_key(wanted, key)}}});
    }
    for (const auto& key : found.foreign_keys) {
        if (!has_foreign_key(wanted, normal_foreign_key(found, key)))
            drifts.push_back({fmt::format("a foreign key exists downstream only: {}.",
                                          build_foreign_key(found, key)),
                              DriftEffect::data,
                              false,
                              {{AlterStage::drop_foreign_key,
                                "DROP FOREIGN KEY " + quote_identifier(key.name)}}});
    }
}

void diff_other_entries(const Table& wanted, const Table& found, std::vector<Drift>& drifts)
{
    const auto has = [](const Table& table, const std::string& entry) {
        return std::find(table.other_entries.begin(), table.other_entries.end(), entry) !=
               table.other_entries.end();
    };
    for (const auto& entry : wanted.other_entries) {
        if (!has(found, entry))
            drifts.push_back({entry + " is missing downstream.",
                              DriftEffect::data,
                              false,
                              {{AlterStage::add_check, "ADD " + entry}}});
    }
    for (const auto& entry : found.other_entries) {
        // No statement: what it is called in DROP depends on what it is.
        if (!has(wanted, entry))
            drifts.push_back({entry + " exists downstream only.", DriftEffect::data, false, {}});
    }
}

bool stands_alone(AlterStage stage)
{
    return stage == AlterStage::partition || stage == AlterStage::add_foreign_key;
}

} // namespace

std::vector<Drift> diff_schema(const Table& wanted, const Table& found, ForeignKeys foreign_keys)
{
    ColumnDrifts columns = diff_columns(wanted, found);
    std::vector<Drift> drifts = std::move(columns.drifts);
    diff_indexes(wanted, found, columns.made_anew, drifts);
    diff_checks(wanted, found, drifts);
    diff_other_entries(wanted, found, drifts);
    diff_options(wanted, found, drifts);
    if (foreign_keys == ForeignKeys::keep)
        diff_foreign_keys(wanted, found, drifts);
    return drifts;
}

std::vector<std::string> build_alter_table(const std::string& table,
                                           const std::vector<Drift>& drifts, Drops drops)
{
    std::vector<AlterClause> clauses;
    for (const auto& drift : drifts) {
        if (!drift.drops || drops == Drops::allow)
            clauses.insert(clauses.end(), drift.repair.begin(), drift.repair.end());
    }
    std::stable_sort(clauses.begin(), clauses.end(),
                     [](const AlterClause& a, const AlterClause& b) { return a.stage < b.stage; });
    const std::string head = "ALTER TABLE " + quote_identifier(table) + "\n  ";
    std::vector<std::string> together;
    std::vector<std::string> statements;
    for (const auto& clause : clauses) {
        if (!stands_alone(clause.stage))
            together.push_back(clause.text);
    }
    if (!together.empty())
        statements.push_back(head + base::join(together, ",\n  "));
    for (const auto& clause : clauses) {
        if (stands_alone(clause.stage))
            statements.push_back(head + clause.text);
    }
    return statements;
}

} // namespace slicetool::sql
