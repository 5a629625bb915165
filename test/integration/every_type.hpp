#pragma once

#include <string>
#include <vector>

namespace slicetool::test {

/// A column type and values that have gone wrong in some tool, as SQL.
struct TypeCase
{
    std::string name;
    std::string type;
    std::vector<std::string> values;
};

/// Every column type that both families have.
std::vector<TypeCase> common_types();

/// Those of MariaDB 10.11 only.
std::vector<TypeCase> mariadb_types();

/// Those of MySQL 9.7 only.
std::vector<TypeCase> mysql_types();

} // namespace slicetool::test
