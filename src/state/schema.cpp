#include "state/schema.hpp"

#include "base/error.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <array>
#include <fmt/format.h>

namespace slicetool::state {

namespace {

/// "slic", in the header of each state file: tells it from other programs' databases.
constexpr int k_application_id = 0x736c6963;

/// Each entry brings a file one version further. What is here was released: add, never change.
/// Texts may hold any bytes, as names and sentences of servers do.
constexpr std::array k_migrations = {
    R"(
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tool_version TEXT NOT NULL,
  command TEXT NOT NULL,
  job TEXT NOT NULL,                -- empty: endpoints from the command line
  upstream TEXT NOT NULL,           -- in words, without passwords
  downstream TEXT NOT NULL,
  pair TEXT NOT NULL,               -- both URLs, without passwords
  started_ms INTEGER NOT NULL,      -- since 1970
  ended_ms INTEGER,                 -- NULL: not yet, or it was killed
  seconds REAL,
  exit_status INTEGER,
  failure TEXT NOT NULL DEFAULT '',
  connected INTEGER NOT NULL DEFAULT 0,  -- the columns below are known
  upstream_version TEXT,
  downstream_version TEXT,
  upstream_server TEXT,             -- what tells it from other servers
  downstream_server TEXT,
  digest TEXT,
  encoding_version INTEGER,
  jobs INTEGER,
  dry_run INTEGER,
  snapshot TEXT);
CREATE INDEX runs_by_pair ON runs (pair, command, id);

CREATE TABLE tables (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  outcome TEXT,                     -- NULL: begun, not finished
  reason TEXT NOT NULL DEFAULT '',
  rows INTEGER, missing INTEGER, extra INTEGER, changed INTEGER, in_flight INTEGER,
  copied INTEGER, deleted INTEGER,
  bytes_upstream INTEGER, bytes_downstream INTEGER,
  statements_upstream INTEGER, statements_downstream INTEGER,
  ranges INTEGER, zoomed_ranges INTEGER,
  seconds REAL,
  PRIMARY KEY (run, name));

CREATE TABLE density (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  bucket INTEGER NOT NULL,          -- from 0 on, in the order of the key
  begins TEXT NOT NULL,             -- no key of it lies before
  rows INTEGER, missing INTEGER, extra INTEGER, changed INTEGER,
  PRIMARY KEY (run, name, bucket));

CREATE TABLE schema_results (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  action TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (run, name));

CREATE TABLE schema_sentences (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,               -- drift, translation, statement
  sentence TEXT NOT NULL);
CREATE INDEX schema_sentences_by_run ON schema_sentences (run, name);

CREATE TABLE notes (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,               -- empty: concerns the run
  severity TEXT NOT NULL,
  sentence TEXT NOT NULL);
CREATE INDEX notes_by_run ON notes (run);

CREATE TABLE proofs (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  origin INTEGER NOT NULL,          -- the run whose snapshot it was
  as_of_ms INTEGER NOT NULL,        -- when that run began
  terms TEXT NOT NULL,              -- what must be the same for it to hold
  whole INTEGER NOT NULL,           -- 1: the table; 0: the keys below the bound
  bound BLOB NOT NULL,
  rows INTEGER NOT NULL,
  PRIMARY KEY (run, name));

CREATE TABLE watermarks (
  pair TEXT NOT NULL,
  name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (pair, name, column_name));

CREATE TABLE current (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL);
)",
    // Nobody knows any more for which rows the old watermarks hold: they say that there were some.
    R"(
ALTER TABLE watermarks RENAME TO old_watermarks;
CREATE TABLE watermarks (
  downstream TEXT NOT NULL,         -- its URL, without password
  name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  terms TEXT NOT NULL,              -- a digest of what it holds for; empty: of nothing
  is_copied INTEGER NOT NULL,       -- downstream has upstream's values of the column
  value TEXT,                       -- NULL: nothing is known
  PRIMARY KEY (downstream, name, column_name, terms));
INSERT OR IGNORE INTO watermarks
  SELECT substr(pair, instr(pair, ' -> ') + 4), name, '', '', 0, NULL FROM old_watermarks;
DROP TABLE old_watermarks;
)"};

int pragma(SQLite::Database& database, const char* name)
{
    return database.execAndGet(fmt::format("PRAGMA {}", name)).getInt();
}

} // namespace

int schema_version()
{
    return static_cast<int>(k_migrations.size());
}

void bring_up_to_date(SQLite::Database& database)
{
    const auto version = [&] { return pragma(database, "user_version"); };
    const int found = version();
    const bool is_new =
        found == 0 && database.execAndGet("SELECT COUNT(*) FROM sqlite_master").getInt() == 0;
    if (!is_new && pragma(database, "application_id") != k_application_id)
        throw base::Error("it is another program's database");
    if (found > schema_version())
        throw base::Error(fmt::format("a newer slicetool wrote it (its version is {}, this "
                                      "slicetool knows {})",
                                      found, schema_version()));
    if (found == schema_version())
        return;
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec(fmt::format("PRAGMA application_id = {}", k_application_id));
    for (int next = version(); next < schema_version();
         ++next) // another process may have been here
        database.exec(k_migrations.at(static_cast<std::size_t>(next)));
    database.exec(fmt::format("PRAGMA user_version = {}", schema_version()));
    transaction.commit();
}

} // namespace slicetool::state
