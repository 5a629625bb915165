#include "db/schema.hpp"

#include "base/text.hpp"
#include "sql/ddl_parse.hpp"
#include "sql/quote.hpp"

#include <charconv>
#include <fmt/format.h>
#include <map>

namespace slicetool::db {

namespace {

using Tables = std::map<std::string, sql::Table>;

std::string quoted_list(const std::vector<std::string>& names)
{
    std::vector<std::string> literals;
    for (const auto& name : names)
        literals.push_back(sql::quote_string(name));
    return base::join(literals, ", ");
}

std::optional<std::uint64_t> number_or_none(const Result& row, std::size_t column)
{
    const auto text = row.get(column);
    if (!text)
        return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
    return problem == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<std::uint32_t> small_number(const Result& row, std::size_t column)
{
    const auto value = number_or_none(row, column);
    return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
}

sql::TableKind table_kind(const std::string& table_type)
{
    if (table_type == "BASE TABLE")
        return sql::TableKind::base_table;
    if (table_type == "SYSTEM VERSIONED")
        return sql::TableKind::system_versioned;
    if (table_type == "SEQUENCE")
        return sql::TableKind::sequence;
    return table_type == "VIEW" ? sql::TableKind::view : sql::TableKind::other;
}

bool holds_rows(const sql::Table& table)
{
    return table.kind == sql::TableKind::base_table ||
           table.kind == sql::TableKind::system_versioned;
}

/// "latin1" of "latin1_swedish_ci".
std::string charset_of(const std::string& collation)
{
    return collation.substr(0, collation.find('_'));
}

Tables read_overview(Session& session, const std::vector<std::string>& names)
{
    Tables tables;
    Result row = session.query("read the list of tables",
                               "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, "
                               "TABLE_ROWS, DATA_LENGTH, AUTO_INCREMENT, "
                               "DATABASE() FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                               "DATABASE() AND TABLE_NAME IN (" +
                                   quoted_list(names) + ")");
    row.limit(k_most_kept_rows);
    while (row.next()) {
        sql::Table table;
        table.family = session.server().family;
        table.name = row.text(0);
        table.kind = table_kind(row.text(1));
        table.engine = row.get(2).value_or("");
        table.collation = row.get(3).value_or("");
        table.charset = charset_of(table.collation);
        table.estimated_rows = number_or_none(row, 4).value_or(0);
        table.estimated_bytes = number_or_none(row, 5).value_or(0);
        table.next_auto_increment = number_or_none(row, 6);
        table.schema = row.text(7);
        tables.emplace(table.name, std::move(table));
    }
    return tables;
}

/// Fills in what only SHOW CREATE TABLE tells exactly: information_schema cuts binary defaults at a
/// NUL byte, and escapes expressions twice on MySQL. False when the table has gone meanwhile.
bool read_definition(Session& session, sql::Table& table)
{
    const auto kind = table.kind;
    auto statement = read_create_statement(session, table.name);
    if (!statement)
        return false;
    table.create_statement = *std::move(statement);
    const std::string name = table.name;
    sql::parse_create_table(table.create_statement, table);
    table.name = name;
    table.kind = kind;
    return true;
}

/// Lengths, precisions and character sets of one row of information_schema.COLUMNS.
void fill_column(const Result& row, sql::Column& column)
{
    const auto characters = number_or_none(row, 2);
    column.octet_length = number_or_none(row, 3);
    const auto precision = small_number(row, 4);
    if (column.kind == sql::TypeKind::bit)
        column.length = precision;
    else if (characters)
        column.length = characters;
    const bool times = column.kind == sql::TypeKind::time ||
                       column.kind == sql::TypeKind::datetime ||
                       column.kind == sql::TypeKind::timestamp;
    if (times)
        column.precision = small_number(row, 6);
    else if (column.kind == sql::TypeKind::integer || column.kind == sql::TypeKind::decimal)
        column.precision = precision;
    if (column.kind == sql::TypeKind::decimal)
        column.scale = small_number(row, 5);
    column.charset = row.get(7).value_or("");
    column.collation = row.get(8).value_or("");
}

/// Views have no definition that we read; their columns come from here alone.
sql::Column& column_for(const Result& row, sql::Table& table)
{
    const std::string name = row.text(1);
    for (auto& column : table.columns) {
        if (column.name == name)
            return column;
    }
    sql::Column column;
    column.name = name;
    column.data_type = base::ascii_lower(row.get(9).value_or(""));
    column.column_type = row.get(10).value_or("");
    column.kind = sql::type_kind(column.data_type);
    column.nullable = row.get(11).value_or("YES") == "YES";
    column.is_unsigned = column.column_type.find("unsigned") != std::string::npos;
    return table.columns.emplace_back(std::move(column));
}

void read_columns(Session& session, const std::string& list, Tables& tables)
{
    Result row = session.query(
        "read the columns of the tables",
        "SELECT TABLE_NAME, COLUMN_NAME, CHARACTER_MAXIMUM_LENGTH, CHARACTER_OCTET_LENGTH, "
        "NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, CHARACTER_SET_NAME, COLLATION_NAME, "
        "DATA_TYPE, COLUMN_TYPE, IS_NULLABLE FROM information_schema.COLUMNS "
        "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (" +
            list + ") ORDER BY TABLE_NAME, ORDINAL_POSITION");
    row.limit(k_most_kept_rows);
    while (row.next()) {
        const auto table = tables.find(row.text(0));
        if (table != tables.end())
            fill_column(row, column_for(row, table->second));
    }
}

void read_triggers(Session& session, const std::string& list, Tables& tables)
{
    Result row =
        session.query("read the triggers of the tables",
                      "SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION "
                      "FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND "
                      "EVENT_OBJECT_TABLE IN (" +
                          list + ") ORDER BY EVENT_OBJECT_TABLE, TRIGGER_NAME");
    row.limit(k_most_kept_rows);
    while (row.next()) {
        const auto table = tables.find(row.text(0));
        if (table != tables.end())
            table->second.triggers.push_back({row.text(1), row.text(2), row.text(3)});
    }
}

void set_aside_missing(Session& session, Tables& tables)
{
    for (auto at = tables.begin(); at != tables.end();) {
        if (holds_rows(at->second) && !read_definition(session, at->second))
            at = tables.erase(at);
        else
            ++at;
    }
}

} // namespace

std::vector<std::string> list_tables(Session& session)
{
    std::vector<std::string> names;
    Result row = session.query(
        "list the tables", "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                           "DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') "
                           "ORDER BY TABLE_NAME");
    row.limit(k_most_kept_rows);
    while (row.next())
        names.push_back(row.text(0));
    return names;
}

std::optional<std::string> read_create_statement(Session& session, const std::string& name)
{
    const std::string quoted = sql::quote_identifier(name);
    try {
        Result row =
            session.query("read the definition of table " + quoted, "SHOW CREATE TABLE " + quoted);
        if (row.next())
            return row.text(1);
    } catch (const Error& failure) {
        if (failure.number() != k_no_such_table)
            throw;
    }
    return std::nullopt;
}

std::optional<sql::Table> read_table(Session& session, const std::string& name)
{
    auto tables = read_tables(session, {name});
    if (tables.empty())
        return std::nullopt;
    return std::move(tables.front());
}

std::vector<sql::Table> read_tables(Session& session, const std::vector<std::string>& names)
{
    if (names.empty())
        return {};
    Tables tables = read_overview(session, names);
    set_aside_missing(session, tables);
    const std::string list = quoted_list(names);
    read_columns(session, list, tables);
    read_triggers(session, list, tables);
    std::vector<sql::Table> result;
    for (const auto& name : names) {
        const auto found = tables.find(name);
        if (found != tables.end())
            result.push_back(std::move(found->second));
    }
    return result;
}

} // namespace slicetool::db
