#pragma once

#include "random/model.hpp"

#include <optional>
#include <string>
#include <vector>

/// A case as SQL. What the shrinker has dropped does not appear.
namespace slicetool::search {

/// Positions of the columns that exist.
std::vector<std::size_t> live_columns(const Table& table);

/// Positions of those that take part in a run.
std::vector<std::size_t> compared_columns(const Table& table);

/// The column that the job excludes, if it exists.
std::optional<std::size_t> excluded_column(const Table& table);

/// True when the key and all of its columns exist.
bool is_live(const Table& table, const Key& key);

/// The table's primary key, or its first unique key without nullable columns; null if there is
/// none.
const Key* identifying_key(const Table& table);

std::string create_table(const Case& of, const Table& table);

/// What makes downstream's definition differ from the one that pull_schema made.
std::vector<std::string> drift_table(const Table& table);

/// INSERT IGNORE statements with the rows that the side begins with.
std::vector<std::string> fill_table(const Table& table, Side side);

/// Empty when a column that it needs has been dropped.
std::vector<std::string> change_table(const Table& table, const Change& change);

/// What empties the part of downstream's table that is sliced; nothing where it is not emptied.
std::vector<std::string> empty_scope(const Case& of, const Table& table, Side side);

/// "`c` % 2 = 0", or empty where the table is not cut.
std::string where_of(const Case& of, const Table& table);

/// The whole case as a script to reproduce it by hand, with the commands of slicetool between the
/// statements as comments.
std::string script(const Case& of);

} // namespace slicetool::search
