#include "state/current.hpp"

#include "state/statement.hpp"

namespace slicetool::state {

std::optional<std::string> find_current(SQLite::Database& database, const std::string& name)
{
    auto row = query(database, "SELECT value FROM current WHERE name = ?", name);
    return row.executeStep() ? std::optional(row.getColumn(0).getString()) : std::nullopt;
}

void put_current(SQLite::Database& database, const std::string& name, const std::string& value)
{
    run_statement(database, "INSERT OR REPLACE INTO current (name, value) VALUES (?, ?)", name,
                  value);
}

} // namespace slicetool::state
