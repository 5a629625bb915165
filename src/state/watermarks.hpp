#pragma once

#include <optional>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

/// Values that runs leave for later ones. All throw SQLite::Exception.
namespace slicetool::state {

/// Up to which timestamp a table's changes are known downstream; sync/watermarks.hpp has the
/// meaning of its members.
struct Watermark
{
    std::string column;
    std::string terms;
    bool is_copied = false;
    std::optional<std::string> value;
};

/// Those of a table; `downstream` is the database's URL.
std::vector<Watermark> find_watermarks(SQLite::Database& database, const std::string& downstream,
                                       const std::string& table);

/// In place of the one with the same column and terms.
void put_watermark(SQLite::Database& database, const std::string& downstream,
                   const std::string& table, const Watermark& mark);

/// From now on nothing is known of the table, and it is known that something was.
void forget_watermarks(SQLite::Database& database, const std::string& downstream,
                       const std::string& table);

} // namespace slicetool::state
