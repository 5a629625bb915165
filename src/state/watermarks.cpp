#include "state/watermarks.hpp"

#include "state/statement.hpp"

namespace slicetool::state {

std::optional<std::string> find_watermark(SQLite::Database& database, const std::string& pair,
                                          const std::string& table, const std::string& column)
{
    auto row = query(database,
                     "SELECT value FROM watermarks WHERE pair = ? AND name = ? AND column_name = ?",
                     pair, table, column);
    return row.executeStep() ? std::optional(row.getColumn(0).getString()) : std::nullopt;
}

void put_watermark(SQLite::Database& database, const std::string& pair, const std::string& table,
                   const std::string& column, const std::string& value)
{
    run_statement(database,
                  "INSERT OR REPLACE INTO watermarks (pair, name, column_name, value) "
                  "VALUES (?, ?, ?, ?)",
                  pair, table, column, value);
}

} // namespace slicetool::state
