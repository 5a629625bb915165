#include "state/watermarks.hpp"

#include "state/statement.hpp"

namespace slicetool::state {

std::vector<Watermark> find_watermarks(SQLite::Database& database, const std::string& downstream,
                                       const std::string& table)
{
    std::vector<Watermark> marks;
    auto row = query(database,
                     "SELECT column_name, terms, is_copied, value FROM watermarks "
                     "WHERE downstream = ? AND name = ?",
                     downstream, table);
    while (row.executeStep()) {
        Watermark mark{row.getColumn(0).getString(), row.getColumn(1).getString(),
                       row.getColumn(2).getInt() != 0, std::nullopt};
        if (!row.getColumn(3).isNull())
            mark.value = row.getColumn(3).getString();
        marks.push_back(std::move(mark));
    }
    return marks;
}

void put_watermark(SQLite::Database& database, const std::string& downstream,
                   const std::string& table, const Watermark& mark)
{
    run_statement(database,
                  "INSERT OR REPLACE INTO watermarks "
                  "(downstream, name, column_name, terms, is_copied, value) "
                  "VALUES (?, ?, ?, ?, ?, CASE WHEN ? THEN ? END)",
                  downstream, table, mark.column, mark.terms, mark.is_copied,
                  mark.value.has_value(), mark.value.value_or(""));
}

void forget_watermarks(SQLite::Database& database, const std::string& downstream,
                       const std::string& table)
{
    run_statement(database, "UPDATE watermarks SET value = NULL WHERE downstream = ? AND name = ?",
                  downstream, table);
    put_watermark(database, downstream, table, {});
}

} // namespace slicetool::state
