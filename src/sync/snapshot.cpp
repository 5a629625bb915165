#include "sync/snapshot.hpp"

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
    for (std::size_t at = 0; at < count; ++at)
        readers.push_back(db::Session::open(upstream, db::Role::reader));
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

/// MariaDB ties a consistent snapshot to a position of the binary log: readers with the same
/// position see the same rows. (That the log's position did not move while they opened would prove
/// nothing: a transaction is logged before it is committed.) MySQL says no such thing.
bool begin_at_one_position(std::vector<db::Session>& readers)
{
    if (readers.front().server().family != sql::Family::mariadb)
        return false;
    for (int attempt = 0; attempt < k_quiet_attempts; ++attempt) {
        std::set<std::string> positions;
        for (auto& reader : readers) {
            begin(reader); // ends the transaction of an earlier attempt
            positions.insert(snapshot_position(reader));
        }
        const std::string& position = *positions.begin();
        if (position.find_first_not_of(":0") == std::string::npos)
            return false; // no binary log
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
        db::Session control = db::Session::open(upstream, db::Role::reader);
        if (begin_locked(control, snapshot.readers)) {
            snapshot.description = fmt::format(
                "one snapshot shared by {} readers, taken under a brief global read lock", wanted);
            return snapshot;
        }
        if (begin_at_one_position(snapshot.readers)) {
            snapshot.description = fmt::format(
                "one snapshot shared by {} readers, all at one position of the binary log", wanted);
            return snapshot;
        }
        snapshot.readers = open_readers(upstream, 1);
        snapshot.weakness =
            fmt::format("Upstream does not allow a brief FLUSH TABLES WITH READ LOCK (privilege "
                        "RELOAD), and its binary log does not "
                        "tell that {} readers see the same snapshot: one reader is used instead.",
                        wanted);
    }
    begin(snapshot.readers.front());
    snapshot.description = "one reader in one consistent snapshot";
    return snapshot;
}

} // namespace slicetool::sync
