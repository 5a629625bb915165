#include "db/replica.hpp"

#include <algorithm>

namespace slicetool::db {

namespace {

std::size_t lag_column(const Session& session, const Result& status)
{
    for (std::size_t at = 0; at < status.columns(); ++at) {
        if (status.name(at) == "Seconds_Behind_Master" ||
            status.name(at) == "Seconds_Behind_Source")
            return at;
    }
    throw session.error("ask for the state of replication", "the server does not tell the lag");
}

} // namespace

ReplicaState read_replica_state(Session& session)
{
    const bool mariadb = session.server().family == sql::Family::mariadb;
    Result status = session.query("ask for the state of replication",
                                  mariadb ? "SHOW ALL SLAVES STATUS" : "SHOW REPLICA STATUS");
    ReplicaState state;
    bool runs = true;
    std::chrono::seconds furthest{0};
    while (status.next()) {
        state.replicates = true;
        const std::size_t lag = lag_column(session, status);
        if (status.get(lag))
            furthest = std::max(furthest, std::chrono::seconds(status.number(lag)));
        else
            runs = false;
    }
    if (state.replicates && runs)
        state.lag = furthest;
    return state;
}

} // namespace slicetool::db
