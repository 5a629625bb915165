#pragma once

#include "db/session.hpp"

#include <string>
#include <vector>

namespace slicetool::db {

/// One session setting that the program's correctness or patience rests on.
struct Pin
{
    std::string variable; ///< of @@session
    std::string value;    ///< as SQL text for SET
    /// What @@session must answer afterwards; empty: whatever it answers is right.
    std::string expected;
};

/// The settings for a role on a server, in the order they are to be set. Each has its reason beside
/// it in the source. Pure.
std::vector<Pin> session_pins(const Server& server, Role role);

/// The sql_mode of writers.
const char* writer_mode(Strict strict);

/// "SET SESSION a = 1, SESSION b = 'x'".
std::string build_set_pins(const std::vector<Pin>& pins);

/// "SELECT @@session.a, @@session.b", in the order of the pins.
std::string build_read_pins(const std::vector<Pin>& pins);

} // namespace slicetool::db
