#pragma once

#include "integration/schema_fixture.hpp"

#include <memory>
#include <string>

namespace slicetool::test {

/// The environment variables that name the test servers.
inline const std::vector<std::string>& server_variables()
{
    static const std::vector<std::string> k_variables = {
        "SLICETOOL_TEST_MARIADB_A", "SLICETOOL_TEST_MARIADB_B", "SLICETOOL_TEST_MYSQL_A",
        "SLICETOOL_TEST_MYSQL_B"};
    return k_variables;
}

/// A database on one of the test servers.
class ServerTest : public testing::TestWithParam<std::string>
{
protected:
    void SetUp() override
    {
        const char* url = wanted_server(GetParam());
        if (url == nullptr)
            GTEST_SKIP() << GetParam() << " is not set";
        m_database = std::make_unique<ScratchDatabase>(url, "server");
    }

    bool is_mariadb() const { return GetParam().find("MARIADB") != std::string::npos; }

    std::unique_ptr<ScratchDatabase> m_database;
};

/// "MARIADB_A" of "SLICETOOL_TEST_MARIADB_A".
inline std::string server_name(const testing::TestParamInfo<std::string>& info)
{
    return info.param.substr(std::string("SLICETOOL_TEST_").size());
}

} // namespace slicetool::test
