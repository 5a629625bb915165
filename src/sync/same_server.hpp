#pragma once

#include "base/error.hpp"
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

/// One address led two sessions of a side to two servers. Ends the run: what was read or proven on
/// the one says nothing of the other.
class OtherServer : public base::Error
{
public:
    using base::Error::Error;
};

/// Throws OtherServer unless both sessions of one side talk to the same server.
void refuse_other_server(const db::Session& first, const db::Session& later);

/// Another session where `first` is. Throws OtherServer when the address leads elsewhere now.
db::Session open_beside(const db::Session& first, db::Role role);

} // namespace slicetool::sync
