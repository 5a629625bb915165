#pragma once

#include <optional>
#include <string>

namespace SQLite {
class Database;
}

/// Values that runs leave for later ones. All throw SQLite::Exception.
namespace slicetool::state {

/// Up to which timestamp a table has been looked at; `pair` as RunOrigin::pair.
std::optional<std::string> find_watermark(SQLite::Database& database, const std::string& pair,
                                          const std::string& table, const std::string& column);
void put_watermark(SQLite::Database& database, const std::string& pair, const std::string& table,
                   const std::string& column, const std::string& value);

} // namespace slicetool::state
