#pragma once

namespace SQLite {
class Database;
}

namespace slicetool::state {

/// The version of the tables below, as the file's `PRAGMA user_version` has it.
int schema_version();

/// Brings a new or an older file to schema_version(), in one transaction; several processes may try
/// at the same time. Throws SQLite::Exception, and base::Error when the file is newer or another
/// program's.
void bring_up_to_date(SQLite::Database& database);

} // namespace slicetool::state
