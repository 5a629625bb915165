#pragma once

#include <cstdlib>
#include <gtest/gtest.h>
#include <string>

namespace slicetool::test {

/// The URL of a test server by the environment variable that scripts/test sets, or null: then the
/// test is to be skipped. With CI=true it has failed, too, since every server belongs there.
inline const char* wanted_server(const std::string& variable)
{
    const char* url = std::getenv(variable.c_str());
    const char* ci = std::getenv("CI");
    if (url == nullptr && ci != nullptr && std::string(ci) == "true")
        ADD_FAILURE() << "CI has no server in " << variable;
    return url;
}

} // namespace slicetool::test
