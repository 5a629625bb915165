#include "config/endpoint_url.hpp"

#include "base/error.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

using testing::HasSubstr;
using testing::Not;

namespace {

std::string error_of(std::string_view url)
{
    return message_of<base::UsageError>([&] { parse_endpoint_url(url); });
}

} // namespace

TEST(EndpointUrl, HasAllParts)
{
    const auto s = parse_endpoint_url(
        "mysql://reader:pw@db1.example:3307/shop?ssl-mode=verify_identity&ssl-ca=/ca.pem&"
        "ssl-cert=/c.pem&ssl-key=/k.pem&connect-timeout=5&read-timeout=2m");
    EXPECT_EQ(s.user, "reader");
    EXPECT_EQ(s.password, "pw");
    EXPECT_EQ(s.host, "db1.example");
    EXPECT_EQ(s.port, 3307);
    EXPECT_EQ(s.database, "shop");
    EXPECT_EQ(s.tls_mode, base::TlsMode::verify_identity);
    EXPECT_EQ(s.ca_file, "/ca.pem");
    EXPECT_EQ(s.certificate_file, "/c.pem");
    EXPECT_EQ(s.key_file, "/k.pem");
    EXPECT_EQ(s.connect_timeout, std::chrono::seconds(5));
    EXPECT_EQ(s.read_timeout, std::chrono::seconds(120));
    EXPECT_EQ(s.socket, std::nullopt);
}

TEST(EndpointUrl, LeavesUnsetWhatItDoesNotName)
{
    const auto s = parse_endpoint_url("mariadb://db1");
    EXPECT_EQ(s.host, "db1");
    EXPECT_FALSE(s.user || s.password || s.port || s.database || s.tls_mode || s.socket);
    const auto empty = parse_endpoint_url("mysql://@/");
    EXPECT_FALSE(empty.host || empty.user || empty.password || empty.database);
}

TEST(EndpointUrl, EmptyPasswordIsAPassword)
{
    EXPECT_EQ(parse_endpoint_url("mysql://u:@h/db").password, "");
}

TEST(EndpointUrl, SocketReplacesLocalhost)
{
    const auto s = parse_endpoint_url("mysql://root@localhost/shop?socket=/run/my%20sql.sock");
    EXPECT_EQ(s.socket, "/run/my sql.sock");
    EXPECT_EQ(s.host, std::nullopt);
}

TEST(EndpointUrl, ReadsIpv6InBrackets)
{
    const auto s = parse_endpoint_url("mysql://root@[2001:db8::1]:3307/shop");
    EXPECT_EQ(s.host, "2001:db8::1");
    EXPECT_EQ(s.port, 3307);
    EXPECT_EQ(parse_endpoint_url("mysql://[fe80::1%25eth0]/shop").host, "fe80::1%eth0");
}

TEST(EndpointUrl, DecodesPercentSigns)
{
    const auto s = parse_endpoint_url("mysql://u%3As:p%40%2f%3F%23w%25@h/%F0%9F%8D%95%2Fdb");
    EXPECT_EQ(s.user, "u:s");
    EXPECT_EQ(s.password, "p@/?#w%");
    EXPECT_EQ(s.database, "\xF0\x9F\x8D\x95/db");
}

TEST(EndpointUrl, TakesAnAtSignInAPasswordWhenItIsClear)
{
    const auto s = parse_endpoint_url("mysql://u:p@ss@h/db");
    EXPECT_EQ(s.password, "p@ss");
    EXPECT_EQ(s.host, "h");
    EXPECT_EQ(parse_endpoint_url("mysql://u:a:b@h/db").password, "a:b");
}

TEST(EndpointUrl, TakesUnderscoresInParameters)
{
    EXPECT_EQ(parse_endpoint_url("mysql://h/db?SSL_MODE=REQUIRED").tls_mode,
              base::TlsMode::required);
}

TEST(EndpointUrl, SaysWhatIsWrong)
{
    const std::vector<std::pair<const char*, const char*>> cases{
        {"postgres://h/db", "must start with mysql:// or mariadb://"},
        {"mysql:/h/db", "must start with mysql://"},
        {"mysql://h:0/db", "a number between 1 and 65535 behind the host's colon"},
        {"mysql://h:/db", "a number between 1 and 65535"},
        {"mysql://h:65536/db", "a number between 1 and 65535"},
        {"mysql://::1/db", "put an IPv6 address in brackets"},
        {"mysql://[::1/db", "'[' without its ']'"},
        {"mysql://[::g]/db", "no IPv6 address between its brackets"},
        {"mysql://[::1]x/db", "behind the host's ']'"},
        {"mysql://h$h/db", "a host with characters that no host name has"},
        {"mysql://h/db/table", "more than a database behind the host"},
        {"mysql://h/d b", "a space or a control character"},
        {"mysql://h/d#b", "'#', which must be written %23"},
        {"mysql://h/d%b", "'%' that is not followed by two hex digits"},
        {"mysql://h/d%1", "'%' that is not followed by two hex digits"},
        {"mysql://h/d%zz", "'%' that is not followed by two hex digits"},
        {"mysql://h/d%00", "a NUL byte"},
        {"mysql://h/db?charset=x", "an unknown parameter; known are socket, ssl-mode"},
        {"mysql://h/db?ssl-mode=x", "needs disabled, preferred, required"},
        {"mysql://h/db?connect-timeout=0", "needs a time from 1s to 24h"},
        {"mysql://h/db?read-timeout=x", "needs a time from 1s to 24h"},
        {"mysql://h/db?ssl-ca=", "needs a path for its parameter 'ssl-ca'"},
        {"mysql://h/db?ssl-ca=/a&ssl_ca=/b", "the parameter 'ssl-ca' twice"},
        {"mysql://h/db?socket=/s", "a socket, which goes with the host 'localhost' and no port"},
        {"mysql://localhost:3306/db?socket=/s", "a socket, which goes with the host 'localhost'"},
    };
    for (const auto& [url, expected] : cases) {
        EXPECT_THAT(error_of(url), HasSubstr(expected)) << url;
        EXPECT_THAT(error_of(url), HasSubstr("mysql://user@host:port/database")) << url;
    }
}

TEST(EndpointUrl, ErrorsNeverRepeatAPassword)
{
    for (const auto* url :
         {"mysql://u:secret/x@h/db", "mysql://u:sec#secret@h/db", "mysql://u:secret",
          "u:secret@h/db", "mysql://u:a?secret@h/db", "mysql://u:secret%@h/db",
          "mysql://u:secret@h:x/db", "mysql://u:secret@h/db?password=secret",
          "mysql://u:secret@h/db?ssl-mode=secret", "mysql://u:a@b/secret@h/db",
          "mysql://u: secret@h/db", "secret://u:secret@h/db"}) {
        EXPECT_THAT(error_of(url), HasSubstr("The endpoint's URL ")) << url;
        EXPECT_THAT(error_of(url), Not(HasSubstr("secret"))) << url;
    }
}

TEST(EndpointUrl, IsToldFromANameByItsScheme)
{
    EXPECT_TRUE(looks_like_url("mysql://h/db"));
    EXPECT_TRUE(looks_like_url("http://h/db"));
    EXPECT_FALSE(looks_like_url("production"));
}

} // namespace slicetool::config
