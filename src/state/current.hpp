#pragma once

#include <optional>
#include <string>

namespace SQLite {
class Database;
}

namespace slicetool::state {

/// Which of several databases is in use, for jobs that alternate between them. `name` is the
/// caller's, one for each set of databases. Both throw SQLite::Exception.
std::optional<std::string> find_current(SQLite::Database& database, const std::string& name);
void put_current(SQLite::Database& database, const std::string& name, const std::string& value);

} // namespace slicetool::state
