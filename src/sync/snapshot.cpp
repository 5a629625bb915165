#include "sync/snapshot.hpp"

#include "db/replica.hpp"
#include "sql/quote.hpp"
#include "sync/same_server.hpp"

#include <fmt/format.h>
#include <set>
#include <spdlog/spdlog.h>

namespace slicetool::sync {

namespace {

/// How often the readers are opened anew because upstream was written to meanwhile.
constexpr int k_quiet_attempts = 5;

/// A global read lock that has to wait would make every writer of upstream wait behind it.
constexpr int k_lock_wait_seconds = 3;

void begin(db::Session& reader)
{
    reader.execute("begin a consistent snapshot",
                   "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
}

std::vector<db::Session> open_readers(const base::Endpoint& upstream, std::size_t count)
{
    std::vector<db::Session> readers;
    readers.push_back(db::Session::open(upstream, db::Role::reader));
    while (readers.size() < count)
        readers.push_back(open_beside(readers.front(), db::Role::reader));
    return readers;
}

/// The readers' snapshots under a global read lock; false when the privilege is missing or it had
/// to wait.
bool begin_locked(db::Session& control, std::vector<db::Session>& readers)
{
    try {
        control.execute("limit the wait for locks",
                        fmt::format("SET SESSION lock_wait_timeout = {}", k_lock_wait_seconds));
        control.execute("lock upstream for a moment", "FLUSH TABLES WITH READ LOCK");
    } catch (const db::Error& failure) {
        spdlog::info("{} Trying to share a snapshot without it.", failure.what());
        return false;
    }
    for (auto& reader : readers)
        begin(reader);
    control.execute("unlock upstream", "UNLOCK TABLES");
    return true;
}

/// Where in the binary log a reader's snapshot stands, by MariaDB's own account; empty when it
/// keeps no log.
std::string snapshot_position(db::Session& reader)
{
    std::string position;
    db::Result rows = reader.query("ask for the snapshot's position",
                                   "SHOW SESSION STATUS LIKE 'binlog_snapshot_%'");
    while (rows.next())
        position += rows.text(1) + ":";
    return position;
}

/// Whether there is a binary log that leaves out no database (--binlog-do-db, --binlog-ignore-db).
bool logs_all_databases(db::Session& control)
{
    db::Result row = control.query("ask what the binary log leaves out", "SHOW MASTER STATUS");
    if (!row.next())
        return false;
    for (std::size_t at = 0; at < row.columns(); ++at) {
        const bool is_filter = row.name(at) == "Binlog_Do_DB" || row.name(at) == "Binlog_Ignore_DB";
        if (is_filter && !row.get(at).value_or("").empty())
            return false;
    }
    return true;
}

bool is_on(db::Session& control, const std::string& variable)
{
    db::Result row =
        control.query("ask how the server replicates",
                      fmt::format("SHOW GLOBAL VARIABLES LIKE {}", sql::quote_string(variable)));
    return row.next() && (row.text(1) == "ON" || row.text(1) == "1");
}

/// Whether no transaction, replicated ones included, becomes visible without moving the position of
/// the binary log (but one with sql_log_bin = 0, which nobody can see). False as well when the user
/// may not ask.
bool logs_every_change(db::Session& control)
{
    try {
        if (!logs_all_databases(control) || is_on(control, "wsrep_on"))
            return false;
        return is_on(control, "log_slave_updates") || !db::read_replica_state(control).replicates;
    } catch (const db::Error& failure) {
        if (failure.connection_lost())
            throw;
        spdlog::info("{}", failure.what());
        return false;
    }
}

/// MariaDB ties a consistent snapshot to a position of the binary log: readers with the same
/// position see the same rows, if the log has every change. (That the log's position did not move
/// while they opened would prove nothing: a transaction is logged before it is committed.) MySQL
/// says no such thing.
bool begin_at_one_position(db::Session& control, std::vector<db::Session>& readers)
{
    if (control.server().family != sql::Family::mariadb || !logs_every_change(control))
        return false;
    for (int attempt = 0; attempt < k_quiet_attempts; ++attempt) {
        std::set<std::string> positions;
        for (auto& reader : readers) {
            begin(reader); // ends the transaction of an earlier attempt
            positions.insert(snapshot_position(reader));
        }
        const std::string& position = *positions.begin();
        if (position.find_first_not_of(":0") == std::string::npos)
            return false; // the log has not begun
        if (positions.size() == 1)
            return true;
    }
    return false;
}

} // namespace

Snapshot open_snapshot(const base::Endpoint& upstream, std::size_t wanted)
{
    Snapshot snapshot;
    snapshot.readers = open_readers(upstream, wanted);
    snapshot.time_before = snapshot.readers.front()
                               .query_value("ask for the time", "SELECT UTC_TIMESTAMP(6)")
                               .value_or("");
    if (wanted > 1) {
        db::Session control = open_beside(snapshot.readers.front(), db::Role::reader);
        if (begin_locked(control, snapshot.readers)) {
            snapshot.description = fmt::format(
                "one snapshot shared by {} readers, taken under a brief global read lock", wanted);
            return snapshot;
        }
        if (begin_at_one_position(control, snapshot.readers)) {
            snapshot.description = fmt::format(
                "one snapshot shared by {} readers, all at one position of the binary log", wanted);
            return snapshot;
        }
        snapshot.readers.erase(snapshot.readers.begin() + 1, snapshot.readers.end());
        snapshot.weakness =
            fmt::format("Upstream does not allow a brief FLUSH TABLES WITH READ LOCK (privilege "
                        "RELOAD), and its binary log does not "
                        "prove that {} readers see the same snapshot: one reader is used instead.",
                        wanted);
    }
    begin(snapshot.readers.front());
    snapshot.description = "one reader in one consistent snapshot";
    return snapshot;
}

} // namespace slicetool::sync
