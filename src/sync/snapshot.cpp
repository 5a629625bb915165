#include "sync/snapshot.hpp"

#include <fmt/format.h>
#include <optional>
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

/// File and position of the binary log, or empty when there is none or it may not be read.
std::optional<std::string> log_position(db::Session& control)
{
    const bool mariadb = control.server().family == sql::Family::mariadb;
    const bool renamed = !mariadb && control.server().version_number >= 80200;
    try {
        db::Result row = control.query("ask for the binary log's position",
                                       renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS");
        if (!row.next())
            return std::nullopt;
        return row.text(0) + ":" + row.text(1);
    } catch (const db::Error& failure) {
        spdlog::info("{}", failure.what());
        return std::nullopt;
    }
}

bool begin_while_quiet(db::Session& control, std::vector<db::Session>& readers)
{
    for (int attempt = 0; attempt < k_quiet_attempts; ++attempt) {
        const auto before = log_position(control);
        if (!before)
            return false;
        for (auto& reader : readers)
            begin(reader); // ends the transaction of an earlier attempt
        if (log_position(control) == before)
            return true;
    }
    return false;
}

} // namespace

Snapshot open_snapshot(const base::Endpoint& upstream, std::size_t wanted)
{
    Snapshot snapshot;
    snapshot.readers = open_readers(upstream, wanted);
    if (wanted > 1) {
        db::Session control = db::Session::open(upstream, db::Role::reader);
        if (begin_locked(control, snapshot.readers)) {
            snapshot.description = fmt::format(
                "one snapshot shared by {} readers, taken under a brief global read lock", wanted);
            return snapshot;
        }
        if (begin_while_quiet(control, snapshot.readers)) {
            snapshot.description = fmt::format(
                "one snapshot shared by {} readers; the binary log did not move while they opened",
                wanted);
            return snapshot;
        }
        snapshot.readers = open_readers(upstream, 1);
        snapshot.weakness = "Upstream allows neither a brief FLUSH TABLES WITH READ LOCK "
                            "(privilege RELOAD) nor a look at a "
                            "quiet binary log, so that several readers cannot share a snapshot: "
                            "one reader is used instead "
                            "of " +
                            std::to_string(wanted) + ".";
    }
    begin(snapshot.readers.front());
    snapshot.description = "one reader in one consistent snapshot";
    return snapshot;
}

} // namespace slicetool::sync
