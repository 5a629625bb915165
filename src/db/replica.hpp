#pragma once

#include "db/session.hpp"

#include <chrono>
#include <optional>

namespace slicetool::db {

/// What a server says of its own replication from another one.
struct ReplicaState
{
    bool replicates = false; ///< it has a source, whether it reads from it at the moment or not
    /// How far it is behind, of several sources the furthest; empty when one does not run.
    std::optional<std::chrono::seconds> lag;
};

/// Needs REPLICATION CLIENT (MariaDB: SLAVE MONITOR). Throws Error.
ReplicaState read_replica_state(Session& session);

} // namespace slicetool::db
