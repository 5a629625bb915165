#pragma once

#include "sql/table.hpp"

#include <string>
#include <string_view>

namespace slicetool::sql {

/// Takes a server's SHOW CREATE TABLE text (with quoted names) apart into `table`: name, columns,
/// indexes, foreign keys, checks, options and partitions. `table.family` must be set;
/// `table.schema` becomes the schema of foreign keys that name none. What the text leaves out
/// (lengths, the character sets of columns that have the table's, statistics) is left to the
/// caller. Parts it does not know are kept as text in `other_…` members. Throws base::Error when
/// the text is no CREATE TABLE at all.
void parse_create_table(std::string_view create_statement, Table& table);

/// The kind of a column by its data type ("varchar"). `unknown` for a type never heard of.
TypeKind type_kind(std::string_view data_type);

/// "it''s \\ \n": what a string in DDL is written as, for statements sent as UTF-8.
std::string ddl_string(std::string_view text);

} // namespace slicetool::sql
