# Finds MySQL Connector/C++ 1.1 (Debian: libmysqlcppconn-dev), which ships neither a CMake package nor a
# pkg-config file. Defines the imported target MySQLConnectorCpp::JDBC.

find_path(MySQLConnectorCpp_INCLUDE_DIR cppconn/driver.h)
find_library(MySQLConnectorCpp_LIBRARY mysqlcppconn)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  MySQLConnectorCpp
  REQUIRED_VARS MySQLConnectorCpp_LIBRARY MySQLConnectorCpp_INCLUDE_DIR
  FAIL_MESSAGE "MySQL Connector/C++ 1.1 not found: install libmysqlcppconn-dev")

if(MySQLConnectorCpp_FOUND AND NOT TARGET MySQLConnectorCpp::JDBC)
  add_library(MySQLConnectorCpp::JDBC UNKNOWN IMPORTED)
  set_target_properties(
    MySQLConnectorCpp::JDBC
    PROPERTIES IMPORTED_LOCATION ${MySQLConnectorCpp_LIBRARY}
               INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${MySQLConnectorCpp_INCLUDE_DIR})
endif()
mark_as_advanced(MySQLConnectorCpp_INCLUDE_DIR MySQLConnectorCpp_LIBRARY)
