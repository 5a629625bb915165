#pragma once

#include "sql/ddl_parse.hpp"

#include <string_view>

namespace slicetool::sql {

/// A table from a server's SHOW CREATE TABLE text, with the character sets that information_schema
/// would add.
inline Table parsed(Family family, std::string_view create_statement)
{
    Table table;
    table.schema = "db";
    table.family = family;
    parse_create_table(create_statement, table);
    for (auto& column : table.columns) {
        const bool has_charset =
            column.kind == TypeKind::character || column.kind == TypeKind::text ||
            column.kind == TypeKind::enumeration || column.kind == TypeKind::set;
        if (!has_charset)
            continue;
        if (column.collation.empty())
            column.collation = table.collation;
        column.charset = column.collation.substr(0, column.collation.find('_'));
    }
    return table;
}

inline Table mariadb(std::string_view create_statement)
{
    return parsed(Family::mariadb, create_statement);
}

inline Table mysql(std::string_view create_statement)
{
    return parsed(Family::mysql, create_statement);
}

} // namespace slicetool::sql
