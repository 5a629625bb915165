#include "cli/process.hpp"
#include "integration/certificates.hpp"
#include "integration/server_fixture.hpp"

#include <chrono>
#include <fmt/format.h>
#include <thread>

/// TLS as the mysql client's modes mean it, on servers with certificates made here: what is
/// accepted, and the one sentence with which everything else is refused.
namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A server of its own, with TLS, whose certificate can be changed while it runs.
class TlsServer
{
public:
    explicit TlsServer(const std::string& family) : m_family(family)
    {
        use(m_authority.issue("localhost", "DNS:localhost,IP:127.0.0.1"));
        m_folder.write("ca.pem", m_authority.pem());
        m_folder.write("other-ca.pem", Authority("another authority").pem());
        const auto client = m_authority.issue("client", "");
        m_folder.write("client.pem", client.pem);
        m_folder.write("client.key", client.key_pem);
        const Ended started =
            servers({"start", family, "tls", "--", "--ssl-ca=" + path("ca.pem"),
                     "--ssl-cert=" + path("server.pem"), "--ssl-key=" + path("server.key")});
        if (started.status != 0)
            throw std::runtime_error(started.err);
        m_url = servers({"url", "tls", "--tcp"}).out;
        m_url.pop_back();
        sql("CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY);"
            "CREATE DATABASE copy; CREATE TABLE copy.t (id INT PRIMARY KEY);"
            "CREATE USER plain@'%' IDENTIFIED BY 'geheim73'; GRANT ALL ON *.* TO plain@'%';"
            "CREATE USER tls@'%' IDENTIFIED BY 'geheim73' REQUIRE SSL; GRANT ALL ON *.* TO tls@'%';"
            "CREATE USER x509@'%' IDENTIFIED BY 'geheim73' REQUIRE X509; GRANT ALL ON *.* TO "
            "x509@'%'");
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    ~TlsServer() { servers({"stop", "--all", "--purge"}); }

    const Authority& authority() const { return m_authority; }
    std::string path(const std::string& name) const { return m_folder.path() + "/" + name; }

    /// From now on the server shows this certificate.
    void show(const Certificate& certificate) const
    {
        use(certificate);
        sql(m_family == "mariadb" ? "FLUSH SSL" : "ALTER INSTANCE RELOAD TLS");
    }

    void sql(const std::string& statements) const
    {
        const Ended ended = servers({"connect", "tls", "-e", statements});
        if (ended.status != 0)
            throw std::runtime_error(ended.err);
    }

    /// verify of two databases of the server; both sides are connected to alike.
    Ended verify(const std::string& user, const std::string& host,
                 const std::vector<std::string>& options) const
    {
        std::vector<std::string> words = {"verify", "--from", url(user, host, "shop"), "--to",
                                          url(user, host, "copy")};
        words.insert(words.end(), options.begin(), options.end());
        return slicetool(words, {{"SLICETOOL_FROM_PASSWORD", "geheim73"},
                                 {"SLICETOOL_TO_PASSWORD", "geheim73"}});
    }

    std::string url(const std::string& user, const std::string& host,
                    const std::string& database) const
    {
        const auto port = m_url.substr(m_url.rfind(':'));
        return "mysql://" + user + "@" + host + port + database;
    }

private:
    void use(const Certificate& certificate) const
    {
        m_folder.write("server.pem", certificate.pem);
        m_folder.write("server.key", certificate.key_pem);
    }

    Ended servers(std::vector<std::string> words) const
    {
        words.insert(words.begin(), SLICETOOL_SOURCE "/scripts/servers");
        words.insert(words.begin() + 2, {"--dir", m_folder.path() + "/servers"});
        return Process(words, {{"HOME", std::getenv("HOME")}}).wait();
    }

    std::string m_family;
    TemporaryFolder m_folder;
    Authority m_authority{"an authority of tests"};
    std::string m_url;
};

class Tls : public testing::TestWithParam<std::string>
{
protected:
    static void TearDownTestSuite() { s_servers.clear(); }

    void SetUp() override
    {
        // It starts servers of its own, with certificates; but only of a family that is installed.
        const std::string variable =
            GetParam() == "mariadb" ? "SLICETOOL_TEST_MARIADB_A" : "SLICETOOL_TEST_MYSQL_A";
        if (wanted_server(variable) == nullptr)
            GTEST_SKIP() << variable << " is not set: this run goes without " << GetParam();
        auto& made = s_servers[GetParam()];
        if (!made)
            made = std::make_unique<TlsServer>(GetParam());
        m_server = made.get();
        m_server->show(m_server->authority().issue("localhost", "DNS:localhost,IP:127.0.0.1"));
    }

    std::vector<std::string> mode(const std::string& name, const std::string& ca = "ca.pem") const
    {
        std::vector<std::string> options = {"--ssl-mode", name};
        if (!ca.empty())
            options.insert(options.end(), {"--ssl-ca", m_server->path(ca)});
        return options;
    }

    void accepts(const std::vector<std::string>& options, const std::string& user = "tls",
                 const std::string& host = "127.0.0.1") const
    {
        const Ended ended = m_server->verify(user, host, options);
        EXPECT_EQ(ended.status, 0) << testing::PrintToString(options) << ended.err << ended.out;
    }

    /// One sentence with the endpoint and `why`, exit 2.
    void refuses(const std::vector<std::string>& options, const std::string& why,
                 const std::string& user = "tls", const std::string& host = "127.0.0.1") const
    {
        const Ended ended = m_server->verify(user, host, options);
        EXPECT_EQ(ended.status, 2) << testing::PrintToString(options) << ended.err << ended.out;
        EXPECT_EQ(ended.out, "");
        EXPECT_THAT(ended.err, HasSubstr("mysql://" + user + "@" + host));
        EXPECT_THAT(ended.err, HasSubstr(why));
        EXPECT_THAT(ended.err, testing::EndsWith(".\n"));
        EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
        EXPECT_THAT(ended.err, Not(HasSubstr("geheim")));
    }

    inline static std::map<std::string, std::unique_ptr<TlsServer>> s_servers;
    TlsServer* m_server = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Families, Tls, testing::Values("mariadb", "mysql"),
                         [](const auto& family) { return family.param; });

TEST_P(Tls, EveryModeTakesAGoodCertificate)
{
    for (const std::string name : {"preferred", "required", "verify_ca", "verify_identity"})
        accepts(mode(name));
    accepts(mode("verify_identity"), "tls", "localhost");
    accepts({"--ssl-ca", m_server->path("ca.pem")});
    accepts({});
}

TEST_P(Tls, DisabledMeansWithout)
{
    accepts(mode("disabled", ""), "plain");
    refuses(mode("disabled", ""), "(error", "tls");
}

TEST_P(Tls, AnotherHostsCertificateIsForModesThatDoNotLookAtTheName)
{
    m_server->show(m_server->authority().issue("db.example.org", "DNS:db.example.org"));
    for (const std::string name : {"preferred", "required", "verify_ca"})
        accepts(mode(name));
    refuses(mode("verify_identity"), "is not made out to 127.0.0.1");
}

/// MySQL takes no certificate that has expired; it may expire while the server runs.
TEST_P(Tls, AnExpiredCertificateIsForModesThatDoNotLook)
{
    constexpr std::chrono::seconds k_valid{2};
    m_server->show(m_server->authority().issue("localhost", "DNS:localhost,IP:127.0.0.1",
                                               {-3600, k_valid.count()}));
    std::this_thread::sleep_for(k_valid + std::chrono::seconds(1));
    for (const std::string name : {"preferred", "required"})
        accepts(mode(name));
    for (const std::string name : {"verify_ca", "verify_identity"})
        refuses(mode(name), "expired");
}

TEST_P(Tls, AnUnknownAuthorityIsForModesThatDoNotLook)
{
    for (const std::string name : {"preferred", "required"})
        accepts(mode(name, "other-ca.pem"));
    for (const std::string name : {"verify_ca", "verify_identity"})
        refuses(mode(name, "other-ca.pem"), "certificate");
}

TEST_P(Tls, VerifyingNeedsAnAuthority)
{
    for (const std::string name : {"verify_ca", "verify_identity"})
        refuses(mode(name, ""), "--ssl-ca");
}

TEST_P(Tls, FilesThatAreNotThereAreNamed)
{
    refuses(mode("verify_ca", "no-such.pem"), "no-such.pem");
    auto options = mode("required");
    options.insert(options.end(), {"--ssl-cert", m_server->path("no-such.pem"), "--ssl-key",
                                   m_server->path("client.key")});
    refuses(options, "no-such.pem");
}

TEST_P(Tls, AClientsCertificateIsShown)
{
    auto options = mode("verify_identity");
    refuses(options, "error 1045", "x509");
    options.insert(options.end(), {"--ssl-cert", m_server->path("client.pem"), "--ssl-key",
                                   m_server->path("client.key")});
    accepts(options, "x509");
}

} // namespace
} // namespace slicetool::test
