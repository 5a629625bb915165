#pragma once

#include <string>

namespace slicetool::db {

/// "MySQL Connector/C++ 1.1.12".
std::string client_version();

} // namespace slicetool::db
