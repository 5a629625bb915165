#pragma once

#include "db/session.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// Upstream sessions that all see the same instant.
struct Snapshot
{
    std::vector<db::Session> readers; ///< each inside a transaction with a consistent snapshot
    std::string time_before; ///< upstream's clock just before, in UTC: "2026-01-31 03:15:00.000000"
    std::string description; ///< how it was had, in words
    std::string weakness;    ///< a sentence when fewer readers were opened than wanted; else empty
};

/// Opens `wanted` readers in one consistent snapshot. More than one needs either the privilege for
/// a brief FLUSH TABLES WITH READ LOCK, or a MariaDB whose binary log has every change, which says
/// where each snapshot stands; else there is one reader, and `weakness` says so. Throws OtherServer
/// when the address leads them to several servers.
Snapshot open_snapshot(const base::Endpoint& upstream, std::size_t wanted);

} // namespace slicetool::sync
