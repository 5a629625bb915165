#include "db/client_version.hpp"

#include <cppconn/driver.h>
#include <fmt/format.h>

namespace slicetool::db {

std::string client_version()
{
    ::sql::Driver* driver = get_driver_instance();
    return fmt::format("{} {}.{}.{}", driver->getName().asStdString(), driver->getMajorVersion(),
                       driver->getMinorVersion(), driver->getPatchVersion());
}

} // namespace slicetool::db
