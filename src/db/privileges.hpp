#pragma once

#include "db/session.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace slicetool::db {

/// What SHOW GRANTS says of the session's user, its active roles included; one GRANT a line.
std::vector<std::string> read_grants(Session& session);

/// True when one of the grants gives `privilege` ("TRIGGER") on `database`.`table`, or on more than
/// that. Knows ON *.*, ON `database`.* and ON `database`.`table`; a grant on a pattern of databases
/// does not count. Pure.
bool grants_privilege(const std::vector<std::string>& grants, std::string_view privilege,
                      std::string_view database, std::string_view table);

} // namespace slicetool::db
