#pragma once

#include <string>
#include <string_view>

namespace slicetool::sql {

/// A MySQL expression as MariaDB is to have it: string literals without the introducer that MySQL
/// prints before each of them (_utf8mb4'x'), where the session's utf8mb4 means the same.
/// MariaDB 10.11 stores _latin1'x\'' in a form that it cannot read back (syntax error 1064 on
/// CREATE).
std::string expression_for_mariadb(std::string_view expression);

} // namespace slicetool::sql
