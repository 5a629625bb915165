#pragma once

#include "db/session.hpp"

namespace slicetool::sync {

enum class SameServer {
    no,
    probably, ///< both tell the same host name, port and data folder; no lock could prove it
    yes       ///< proven
};

/// Whether two sessions talk to one server process, under whatever names and by whatever transport.
/// Servers that tell another host name, port or data folder are different ones. Those that tell the
/// same may still be two (containers made from one image): a named lock that one session takes and
/// the other sees held by it decides.
SameServer same_server(db::Session& a, db::Session& b);

} // namespace slicetool::sync
