#include "cli/server_fixture.hpp"

#include <fmt/format.h>
#include <set>
#include <sstream>

/// Every way in which a connection fails: one sentence with the endpoint's name, exit 2, and no
/// password anywhere.
namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string k_password = "geheim '\"\\ 73#%";

class CliConnection : public CliTest
{
protected:
    void SetUp() override
    {
        CliTest::SetUp();
        if (m_up == nullptr)
            return;
        m_user = fmt::format("slicetool_{}", ::getpid());
        m_port = ask(*m_up, "SELECT @@port").at(0);
        m_port.pop_back();
        m_up->run({"DROP USER IF EXISTS '" + m_user + "'@'%', '" + m_user + "'@'localhost'"});
        for (const std::string host : {"localhost", "%"})
            m_up->run({"CREATE USER '" + m_user + "'@'" + host + "' IDENTIFIED BY " +
                       sql_text(k_password)});
        make_ids(20);
    }

    void TearDown() override
    {
        if (m_up != nullptr)
            m_up->run({"DROP USER IF EXISTS '" + m_user + "'@'%', '" + m_user + "'@'localhost'"});
    }

    static std::string sql_text(const std::string& text)
    {
        std::string quoted = "'";
        for (const char byte : text)
            quoted += (byte == '\'' || byte == '\\' ? "\\" : "") + std::string(1, byte);
        return quoted + "'";
    }

    void grant(const std::string& what) const
    {
        for (const std::string host : {"localhost", "%"})
            m_up->run({"GRANT " + what + " TO '" + m_user + "'@'" + host + "'"});
    }

    std::string database() const { return m_up->endpoint().database; }

    /// Upstream as the test's own user.
    std::string as_user() const
    {
        std::string url = up();
        const auto start = url.find("//") + 2;
        return url.substr(0, start) + m_user + url.substr(url.find('@'));
    }

    /// Exit 2, nothing on standard output, and one message that names the endpoint once.
    static void expect_one_sentence(const Ended& ended, const std::string& endpoint)
    {
        EXPECT_EQ(ended.status, 2) << ended.err;
        EXPECT_EQ(ended.out, "");
        EXPECT_THAT(ended.err, HasSubstr(endpoint));
        const auto first = ended.err.find(endpoint);
        EXPECT_EQ(ended.err.find(endpoint, first + 1), std::string::npos) << ended.err;
        std::set<std::string> seen;
        std::istringstream lines(ended.err);
        for (std::string line; std::getline(lines, line);)
            EXPECT_TRUE(seen.insert(line).second) << "said twice: " << line;
        EXPECT_LE(seen.size(), 4U) << ended.err;
        EXPECT_THAT(ended.err, testing::EndsWith(".\n"));
        EXPECT_THAT(ended.err, Not(HasSubstr("geheim")));
        EXPECT_THAT(ended.err, Not(HasSubstr("exception")));
        EXPECT_THAT(ended.err, Not(HasSubstr("sql::")));
    }

    /// verify from `url`, as text and as JSON.
    void expect_failure(const std::string& url, const std::string& endpoint,
                        const std::vector<std::string>& more = {},
                        const Process::Environment& environment = {}) const
    {
        for (const std::string command : {"verify", "slice", "pull_schema"}) {
            SCOPED_TRACE(command + " " + url);
            std::vector<std::string> words = {command, "--from", url, "--to", down()};
            words.insert(words.end(), more.begin(), more.end());
            expect_one_sentence(slicetool(words, environment), endpoint);
            words.push_back("--json");
            const Ended ended = slicetool(words, environment);
            EXPECT_EQ(ended.status, 2);
            const auto told = document(ended);
            EXPECT_EQ(told["exit_status"], 2);
            EXPECT_TRUE(told["run"].is_null());
            EXPECT_THAT(told["failure"].get<std::string>(), HasSubstr(endpoint));
            EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("geheim")));
        }
    }

    std::string m_user;
    std::string m_port;
};

INSTANTIATE_TEST_SUITE_P(Pairings, CliConnection, testing::ValuesIn(pairings()), pairing_name);

TEST_P(CliConnection, AWrongHostIsNamed)
{
    expect_failure("mysql://root@no-such-host.invalid:3306/shop",
                   "mysql://root@no-such-host.invalid:3306/shop");
}

TEST_P(CliConnection, AWrongPortIsNamed)
{
    expect_failure("mysql://root@127.0.0.1:1/shop", "127.0.0.1:1/shop");
}

TEST_P(CliConnection, AWrongSocketIsNamed)
{
    expect_failure("mysql://root@localhost/shop?socket=/nowhere/at-all.sock",
                   "socket=/nowhere/at-all.sock");
}

TEST_P(CliConnection, AWrongPasswordIsNotRepeated)
{
    expect_failure(as_user(), as_user(), {}, {{"SLICETOOL_FROM_PASSWORD", "geheim-wrong"}});
    expect_failure(as_user(), as_user());
}

TEST_P(CliConnection, AWrongDatabaseIsNamed)
{
    std::string url = up();
    url.replace(url.find(database()), database().size(), "no_such_database");
    expect_failure(url, url);
}

TEST_P(CliConnection, AnEndpointOfTheConfigIsCalledByItsName)
{
    TemporaryFolder folder;
    const auto config = folder.write(
        "c.yaml", "endpoints:\n  production: {host: 127.0.0.1, port: 1, user: u, database: d}\n");
    const Ended ended =
        slicetool({"verify", "--config", config, "--from", "production", "--to", down()});
    expect_one_sentence(ended, "production");
}

TEST_P(CliConnection, TheDownstreamEndpointIsNamedWhenItIsTheOneThatFails)
{
    const Ended ended =
        slicetool({"slice", "--from", up(), "--to", "mysql://root@127.0.0.1:1/copy"});
    expect_one_sentence(ended, "127.0.0.1:1/copy");
}

TEST_P(CliConnection, ATlsThatTheServerLacksIsRefused)
{
    if (!upstream_is_mariadb())
        return; // MySQL makes itself a certificate
    const std::string url = "mysql://root@127.0.0.1:" + m_port + "/" + database();
    for (const std::string mode : {"required", "verify_ca", "verify_identity"})
        expect_failure(url + "?ssl-mode=" + mode, "127.0.0.1:" + m_port);
}

TEST_P(CliConnection, ACertificateThatNobodySignedIsRefused)
{
    if (upstream_is_mariadb())
        return; // has none
    const std::string url = "mysql://root@127.0.0.1:" + m_port + "/" + database();
    expect_failure(url + "?ssl-mode=verify_identity&ssl-ca=/etc/ssl/certs/ca-certificates.crt",
                   "127.0.0.1:" + m_port);
}

TEST_P(CliConnection, ATableThatMayNotBeReadIsToldAndTheRestIsDone)
{
    m_up->run(
        {"CREATE TABLE hidden (id INT NOT NULL PRIMARY KEY)", "INSERT INTO hidden VALUES (1)"});
    m_down->run(
        {"CREATE TABLE hidden (id INT NOT NULL PRIMARY KEY)", "INSERT INTO hidden VALUES (1),(2)"});
    m_down->run({"DELETE FROM ids WHERE id = 3"});
    grant("SELECT ON `" + database() + "`.ids");
    const Process::Environment environment = {{"SLICETOOL_FROM_PASSWORD", k_password}};
    const Ended named = slicetool(
        {"slice", "--from", as_user(), "--to", down(), "--tables", "hidden"}, environment);
    EXPECT_EQ(named.status, 2) << named.out << named.err;
    EXPECT_THAT(named.out + named.err, HasSubstr("hidden"));
    EXPECT_THAT(named.out + named.err, Not(HasSubstr("geheim")));
    EXPECT_EQ(downstream_rows("hidden").size(), 2U);
    const Ended all = slicetool({"slice", "--from", as_user(), "--to", down()}, environment);
    EXPECT_EQ(downstream_rows("hidden").size(), 2U) << "what may not be read is not empty";
    EXPECT_EQ(downstream_rows("ids").size(), 20U) << all.out << all.err;
}

TEST_P(CliConnection, AUserWithoutAnyPrivilegeGetsOneSentence)
{
    const Ended ended = slicetool({"verify", "--from", as_user(), "--to", down()},
                                  {{"SLICETOOL_FROM_PASSWORD", k_password}});
    expect_one_sentence(ended, as_user());
}

TEST_P(CliConnection, ThePasswordComesFromTheEnvironment)
{
    grant("SELECT ON `" + database() + "`.*");
    const Ended ended = slicetool({"verify", "--from", as_user(), "--to", down()},
                                  {{"SLICETOOL_FROM_PASSWORD", k_password}});
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("geheim")));
}

TEST_P(CliConnection, ThePasswordComesFromAnOptionFile)
{
    grant("SELECT ON `" + database() + "`.*");
    TemporaryFolder folder;
    // The file is for both sides; downstream's root has no password, so its own variable says so.
    const auto file = folder.write(
        "my.cnf", "[client]\nuser = nobody\n[slicetool]\npassword = \"geheim '\\\"\\\\ 73#%\"\n");
    const Ended ended =
        slicetool({"verify", "--from", as_user(), "--to", down(), "--defaults-file", file},
                  {{"SLICETOOL_TO_PASSWORD", ""}});
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("geheim")));
}

TEST_P(CliConnection, ThePasswordComesFromAFileThatTheConfigNames)
{
    grant("SELECT ON `" + database() + "`.*");
    TemporaryFolder folder;
    folder.write("secret", k_password + "\n");
    const auto config = folder.write(
        "c.yaml", "endpoints:\n  up: {socket: " + m_up->endpoint().socket + ", user: " + m_user +
                      ", database: " + database() + ", password_file: secret}\n");
    const Ended ended = slicetool(
        {"verify", "--config", config, "--from", "up", "--to", down(), "--log-level", "trace"});
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("geheim")));
}

TEST_P(CliConnection, TheSameDatabaseOnBothSidesIsRefusedUnderAnyName)
{
    const std::string url = "mysql://root@127.0.0.1:" + m_port + "/" + database();
    for (const auto& to : {up(), url}) {
        const Ended ended =
            slicetool({"slice", "--from", up(), "--to", to, "--ssl-mode", "preferred"});
        EXPECT_EQ(ended.status, 2) << ended.out;
        EXPECT_THAT(ended.err, HasSubstr("same database"));
    }
}

} // namespace
} // namespace slicetool::test
