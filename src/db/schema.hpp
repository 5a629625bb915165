#pragma once

#include "db/session.hpp"
#include "sql/table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace slicetool::db {

/// The tables of the session's database that hold rows of their own (no views, no sequences), by
/// name in the server's order.
std::vector<std::string> list_tables(Session& session);

/// What SHOW CREATE TABLE prints. Empty when there is no such table or view.
std::optional<std::string> read_create_statement(Session& session, const std::string& name);

/// The definition of one table of the session's database, spelled as the server spells it. Empty
/// when there is no such table or view. Throws Error when it cannot be read.
std::optional<sql::Table> read_table(Session& session, const std::string& name);

/// Like read_table for several tables at once (a few queries in all, not a few for each table); in
/// the order of `names`, missing ones left out.
std::vector<sql::Table> read_tables(Session& session, const std::vector<std::string>& names);

} // namespace slicetool::db
