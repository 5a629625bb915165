#include "base/endpoint.hpp"

#include <gmock/gmock.h>

namespace slicetool::base {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Endpoint, ShowsHostPortAndDatabase)
{
    Endpoint endpoint;
    endpoint.host = "db.example";
    endpoint.port = 3307;
    endpoint.user = "reader";
    endpoint.database = "shop";
    EXPECT_EQ(endpoint.url(), "mysql://reader@db.example:3307/shop");
    endpoint.user.clear();
    EXPECT_EQ(endpoint.url(), "mysql://db.example:3307/shop");
}

TEST(Endpoint, PrefersItsSocket)
{
    Endpoint endpoint;
    endpoint.host = "ignored";
    endpoint.socket = "/run/a.sock";
    endpoint.user = "u";
    endpoint.database = "d";
    EXPECT_EQ(endpoint.url(), "mysql://u@localhost/d?socket=/run/a.sock");
}

TEST(Endpoint, DescribesItselfByNameAndUrl)
{
    Endpoint endpoint;
    endpoint.host = "h";
    endpoint.database = "d";
    EXPECT_EQ(endpoint.describe(), "mysql://h:3306/d");
    endpoint.name = endpoint.url();
    EXPECT_EQ(endpoint.describe(), "mysql://h:3306/d");
    endpoint.name = "production";
    EXPECT_EQ(endpoint.describe(), "production (mysql://h:3306/d)");
}

TEST(Endpoint, NeverShowsThePassword)
{
    Endpoint endpoint;
    endpoint.host = "h";
    endpoint.user = "u";
    endpoint.password = "s3cret";
    EXPECT_THAT(endpoint.url() + endpoint.describe(), Not(HasSubstr("s3cret")));
}

} // namespace
} // namespace slicetool::base
