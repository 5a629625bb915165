#pragma once

#include "sql/table.hpp"

#include <string>
#include <vector>

/// DDL from table descriptions. All text is UTF-8 for a session whose client character set is
/// utf8mb4; tables are named without their database. Pure.
namespace slicetool::sql {

enum class ForeignKeys { leave_out, keep };

/// The whole CREATE TABLE for a server of `table.family` (see translate for another family).
/// Character sets and collations are always spelled out; the AUTO_INCREMENT counter is left out.
std::string build_create_table(const Table& table, ForeignKeys foreign_keys);

/// "`x` int NOT NULL DEFAULT '1'", checks that stand in the column's definition included.
std::string build_column(const Table& table, const Column& column);

/// "UNIQUE KEY `u` (`a`(10), `b` DESC)".
std::string build_index(const Index& index, Family family);

/// "CONSTRAINT `c` CHECK (…)".
std::string build_check(const Check& check);

/// "CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `t` (`b`) ON DELETE CASCADE"; the database of the
/// referenced table only when it is not that of `table`.
std::string build_foreign_key(const Table& table, const ForeignKey& key);

/// "ALTER TABLE `t` ADD CONSTRAINT …, ADD CONSTRAINT …" for all foreign keys of `table`.
std::string build_add_foreign_keys(const Table& table);

std::string build_drop_table(const std::string& name);

} // namespace slicetool::sql
