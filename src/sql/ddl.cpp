#include "sql/ddl.hpp"

#include "base/text.hpp"
#include "sql/ddl_parse.hpp"
#include "sql/quote.hpp"

#include <fmt/format.h>

namespace slicetool::sql {

namespace {

std::string charset_clause(const Column& column)
{
    std::string clause;
    if (!column.charset.empty())
        clause += " CHARACTER SET " + column.charset;
    if (!column.collation.empty())
        clause += " COLLATE " + column.collation;
    return clause;
}

bool is_keyword_attribute(const std::string& attribute, std::string_view keyword)
{
    return attribute.compare(0, keyword.size(), keyword) == 0;
}

std::string generated_clause(const Column& column)
{
    if (column.generated == Generated::no)
        return "";
    return fmt::format(" GENERATED ALWAYS AS ({}) {}", column.generation_expression,
                       column.generated == Generated::stored ? "STORED" : "VIRTUAL");
}

/// MariaDB's grammar has no NOT NULL for generated columns and row bounds.
std::string null_clause(const Column& column, Family family)
{
    if (column.system_row_bound)
        return "";
    if (!column.nullable)
        return column.generated != Generated::no && family == Family::mariadb ? "" : " NOT NULL";
    // Under explicit_defaults_for_timestamp=0 a TIMESTAMP is NOT NULL unless told.
    return column.kind == TypeKind::timestamp && column.generated == Generated::no ? " NULL" : "";
}

std::string value_clause(const Column& column)
{
    std::string clause;
    if (column.default_sql)
        clause += " DEFAULT " + *column.default_sql;
    if (column.on_update_sql)
        clause += " ON UPDATE " + *column.on_update_sql;
    if (column.auto_increment)
        clause += " AUTO_INCREMENT";
    return clause;
}

std::string column_check(const Table& table, const Column& column)
{
    for (const auto& check : table.checks) {
        if (!check.column.empty() && check.column == column.name)
            return fmt::format(" CHECK ({})", check.expression);
    }
    return "";
}

std::string part_text(const IndexPart& part)
{
    std::string text =
        part.expression.empty() ? quote_identifier(part.column) : "(" + part.expression + ")";
    if (part.prefix_length)
        text += fmt::format("({})", *part.prefix_length);
    if (part.descending)
        text += " DESC";
    if (part.without_overlaps)
        text += " WITHOUT OVERLAPS";
    return text;
}

std::string index_head(const Index& index)
{
    if (index.primary)
        return "PRIMARY KEY";
    std::string head = index.unique ? "UNIQUE KEY " : "KEY ";
    if (index.type == "FULLTEXT" || index.type == "SPATIAL" || index.type == "VECTOR")
        head = index.type + " KEY ";
    return head + quote_identifier(index.name);
}

std::string table_options(const Table& table)
{
    std::string text = ") ENGINE=" + table.engine;
    if (!table.charset.empty())
        text += " DEFAULT CHARSET=" + table.charset;
    if (!table.collation.empty())
        text += " COLLATE=" + table.collation;
    if (!table.row_format.empty())
        text += " ROW_FORMAT=" + table.row_format;
    for (const auto& option : table.options)
        text += fmt::format(" {}={}", option.name, option.value);
    if (!table.comment.empty())
        text += " COMMENT=" + ddl_string(table.comment);
    if (table.kind == TableKind::system_versioned)
        text += " WITH SYSTEM VERSIONING";
    if (!table.partition_clause.empty())
        text += "\n" + table.partition_clause;
    return text;
}

} // namespace

std::string build_column(const Table& table, const Column& column)
{
    std::string text =
        quote_identifier(column.name) + " " + column.column_type + charset_clause(column);
    // COMPRESSED belongs to the type, everything else behind it.
    std::string behind;
    for (const auto& attribute : column.other_attributes) {
        const bool early = is_keyword_attribute(attribute, "COMPRESSED") ||
                           is_keyword_attribute(attribute, "GENERATED ALWAYS AS ROW");
        (early ? text : behind) += " " + attribute;
    }
    text += generated_clause(column) + null_clause(column, table.family);
    if (column.srid)
        text += fmt::format(" SRID {}", *column.srid);
    if (column.invisible)
        text += " INVISIBLE";
    if (column.without_system_versioning)
        text += " WITHOUT SYSTEM VERSIONING";
    text += value_clause(column);
    if (!column.comment.empty())
        text += " COMMENT " + ddl_string(column.comment);
    return text + behind + column_check(table, column);
}

std::string build_index(const Index& index, Family family)
{
    std::vector<std::string> parts;
    for (const auto& part : index.parts)
        parts.push_back(part_text(part));
    std::string text = fmt::format("{} ({})", index_head(index), base::join(parts, ", "));
    if (!index.using_clause.empty())
        text += " " + index.using_clause;
    for (const auto& option : index.other_options)
        text += " " + option;
    if (!index.comment.empty())
        text += " COMMENT " + ddl_string(index.comment);
    if (index.ignored)
        text += family == Family::mariadb ? " IGNORED" : " INVISIBLE";
    return text;
}

std::string build_check(const Check& check)
{
    const std::string name =
        check.name.empty() ? "" : "CONSTRAINT " + quote_identifier(check.name) + " ";
    return fmt::format("{}CHECK ({}){}", name, check.expression,
                       check.enforced ? "" : " NOT ENFORCED");
}

std::string build_foreign_key(const Table& table, const ForeignKey& key)
{
    const bool elsewhere = !key.referenced_schema.empty() && key.referenced_schema != table.schema;
    std::string text = fmt::format("CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}{} ({})",
                                   quote_identifier(key.name), quote_identifiers(key.columns),
                                   elsewhere ? quote_identifier(key.referenced_schema) + "." : "",
                                   quote_identifier(key.referenced_table),
                                   quote_identifiers(key.referenced_columns));
    if (!key.on_delete.empty())
        text += " ON DELETE " + key.on_delete;
    if (!key.on_update.empty())
        text += " ON UPDATE " + key.on_update;
    return text;
}

std::string build_create_table(const Table& table, ForeignKeys foreign_keys)
{
    std::vector<std::string> entries;
    for (const auto& column : table.columns)
        entries.push_back(build_column(table, column));
    for (const auto& index : table.indexes)
        entries.push_back(build_index(index, table.family));
    for (const auto& entry : table.other_entries)
        entries.push_back(entry);
    for (const auto& key : table.foreign_keys) {
        if (foreign_keys == ForeignKeys::keep)
            entries.push_back(build_foreign_key(table, key));
    }
    for (const auto& check : table.checks) {
        if (check.column.empty())
            entries.push_back(build_check(check));
    }
    return fmt::format("CREATE TABLE {} (\n  {}\n{}", quote_identifier(table.name),
                       base::join(entries, ",\n  "), table_options(table));
}

std::string build_add_foreign_keys(const Table& table)
{
    std::vector<std::string> clauses;
    for (const auto& key : table.foreign_keys)
        clauses.push_back("ADD " + build_foreign_key(table, key));
    return fmt::format("ALTER TABLE {}\n  {}", quote_identifier(table.name),
                       base::join(clauses, ",\n  "));
}

std::string build_drop_table(const std::string& name)
{
    return "DROP TABLE " + quote_identifier(name);
}

} // namespace slicetool::sql
