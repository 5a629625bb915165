#include "sync/foreign_keys.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "sql/quote.hpp"

#include <fmt/format.h>
#include <optional>

namespace slicetool::sync {

std::string build_dangling_count(const sql::Table& table, const sql::ForeignKey& key)
{
    std::vector<std::string> set;
    std::vector<std::string> joined;
    for (std::size_t at = 0; at < key.columns.size(); ++at) {
        const std::string child = "c." + sql::quote_identifier(key.columns[at]);
        set.push_back(child + " IS NOT NULL");
        joined.push_back(
            fmt::format("p.{} = {}", sql::quote_identifier(key.referenced_columns[at]), child));
    }
    const std::string schema = key.referenced_schema.empty() ? table.schema : key.referenced_schema;
    return fmt::format(
        "SELECT COUNT(*) FROM {} AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM {}.{} AS p WHERE {})",
        table.qualified_name(), base::join(set, " AND "), sql::quote_identifier(schema),
        sql::quote_identifier(key.referenced_table), base::join(joined, " AND "));
}

namespace {

/// A foreign key and the table that has it.
struct Reference
{
    sql::Table child; ///< its name only
    sql::ForeignKey key;
};

std::vector<std::string> quoted_names(const std::vector<const sql::Table*>& tables)
{
    std::vector<std::string> names;
    for (const sql::Table* table : tables)
        names.push_back(sql::quote_string(table->name));
    return names;
}

/// The foreign keys of other tables of the database that refer to `tables`.
std::vector<Reference> read_references_to(db::Session& downstream,
                                          const std::vector<const sql::Table*>& tables)
{
    const std::string names = base::join(quoted_names(tables), ", ");
    // As bytes: MySQL converts none of ours that are not ASCII to that column's character set.
    db::Result row = downstream.query(
        "read the foreign keys to the tables that were written",
        fmt::format(
            "SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, "
            "REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM "
            "information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND "
            "REFERENCED_TABLE_SCHEMA = DATABASE() AND CAST(REFERENCED_TABLE_NAME AS BINARY) "
            "IN ({0}) AND CAST(TABLE_NAME AS BINARY) NOT IN ({0}) ORDER BY TABLE_NAME, "
            "CONSTRAINT_NAME, "
            "ORDINAL_POSITION",
            names));
    std::vector<Reference> references;
    while (row.next()) {
        const std::string child = row.text(1);
        const std::string name = row.text(2);
        if (references.empty() || references.back().child.name != child ||
            references.back().key.name != name) {
            Reference reference;
            reference.child.schema = row.text(0);
            reference.child.name = child;
            reference.key.name = name;
            reference.key.referenced_table = row.text(4);
            references.push_back(std::move(reference));
        }
        references.back().key.columns.push_back(row.text(3));
        references.back().key.referenced_columns.push_back(row.text(5));
    }
    return references;
}

/// Adds a sentence if rows of `child` dangle, or if nobody can tell; `left_out` is the table that
/// should be sliced too. The rows have been written by then: only a lost connection is an error.
void tell_dangling(db::Session& downstream, const sql::Table& child, const sql::ForeignKey& key,
                   const std::string& left_out, std::vector<std::string>& sentences)
{
    std::optional<std::string> rows;
    try {
        rows =
            downstream.query_value(fmt::format("check foreign key {} of {}", key.name, child.name),
                                   build_dangling_count(child, key));
    } catch (const db::Error& failure) {
        if (failure.connection_lost())
            throw;
        sentences.push_back(
            failure.number() == db::k_no_such_table
                ? fmt::format("Downstream has no table {}, to which {} refers by foreign key {}.",
                              key.referenced_table, child.name, key.name)
                : fmt::format("Whether rows of {} refer by foreign key {} to rows of {} that are "
                              "not there is unknown: {}",
                              child.name, key.name, key.referenced_table, failure.what()));
        return;
    }
    if (rows.value_or("0") != "0")
        sentences.push_back(fmt::format("Downstream, {} rows of {} refer by foreign key {} to rows "
                                        "of {} that are not there: slice {} too.",
                                        *rows, child.name, key.name, key.referenced_table,
                                        left_out));
}

} // namespace

std::vector<std::string> dangling_references(db::Session& downstream,
                                             const std::vector<const sql::Table*>& tables)
{
    std::vector<std::string> sentences;
    if (tables.empty())
        return sentences;
    for (const sql::Table* table : tables) {
        for (const auto& key : table->foreign_keys)
            tell_dangling(downstream, *table, key, key.referenced_table, sentences);
    }
    for (const auto& reference : read_references_to(downstream, tables))
        tell_dangling(downstream, reference.child, reference.key, reference.child.name, sentences);
    return sentences;
}

} // namespace slicetool::sync
