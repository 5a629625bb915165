#pragma once

#include <cstdlib>
#include <gtest/gtest.h>
#include <string>

namespace slicetool::test {

/// The URL of a test server by the environment variable that scripts/test sets, or null: then the
/// test is to be skipped. With CI=true it has failed, too, since every server belongs there. Tests
/// that change whole servers get E instead of A, and F instead of B, where there are such.
inline const char* wanted_server(const std::string& variable)
{
    const char* url = std::getenv(variable.c_str());
#ifdef SLICETOOL_CHANGES_SERVERS
    std::string other = variable;
    const std::size_t letter = other.find("_", other.find("_M") + 1) + 1; // of MARIADB_A_TCP
    other.at(letter) = static_cast<char>(other.at(letter) + 4);
    if (const char* url_of_other = std::getenv(other.c_str()))
        url = url_of_other;
#endif
    const char* ci = std::getenv("CI");
    if (url == nullptr && ci != nullptr && std::string(ci) == "true")
        ADD_FAILURE() << "CI has no server in " << variable;
    return url;
}

} // namespace slicetool::test
