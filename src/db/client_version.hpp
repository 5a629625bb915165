#pragma once

#include <string>

namespace slicetool::db {

/// "MySQL Connector C++ (libmysql) 1.1.12".
std::string client_version();

/// Of the library below the connector: "libmariadb 3.3.14".
std::string client_library_version();

} // namespace slicetool::db
