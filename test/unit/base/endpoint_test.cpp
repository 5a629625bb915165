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

TEST(Endpoint, EncodesWhatAUrlCannotHold)
{
    Endpoint endpoint;
    endpoint.host = "fe80::1%eth0";
    endpoint.user = "a@b:c/d?e#f%g\n";
    endpoint.database = "we`ird & näme";
    EXPECT_EQ(endpoint.url(),
              "mysql://a%40b%3Ac%2Fd%3Fe%23f%25g%0A@[fe80::1%25eth0]:3306/we`ird%20%26%20näme");
    endpoint.socket = "/run/a b&c.sock";
    EXPECT_THAT(endpoint.url(), testing::EndsWith("?socket=/run/a%20b%26c.sock"));
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
