#include "db/client_version.hpp"

#include <cppconn/driver.h>
#include <fmt/format.h>
#include <mysql.h>

namespace slicetool::db {

std::string client_version()
{
    ::sql::Driver* driver = get_driver_instance();
    return fmt::format("{} {}.{}.{}", driver->getName().asStdString(), driver->getMajorVersion(),
                       driver->getMinorVersion(), driver->getPatchVersion());
}

std::string client_library_version()
{
    return fmt::format("libmariadb {}", mysql_get_client_info());
}

} // namespace slicetool::db
