#include "integration/hostile_proxy.hpp"
#include "integration/server_fixture.hpp"
#include "integration/slice_fixture.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

/// Servers that are hostile, or broken beyond recognition: no file of this machine is sent to them,
/// and whatever they answer ends in a sentence, within the time that is waited for servers.
namespace slicetool::test {
namespace {

using namespace std::string_literals;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

const std::string k_secret = "not for the eyes of servers";
constexpr std::chrono::seconds k_patience{1};

/// A file that no server may see.
class SecretFile
{
public:
    SecretFile() : m_path(testing::TempDir() + "slicetool_secret_" + std::to_string(::getpid()))
    {
        std::ofstream(m_path) << k_secret << '\n';
    }
    SecretFile(const SecretFile&) = delete;
    SecretFile& operator=(const SecretFile&) = delete;
    ~SecretFile() { std::filesystem::remove(m_path); }

    const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

HostileProxy::Answer asks_for_file(const std::string& path)
{
    return [path](HostileWire& wire) {
        wire.packet("\xfb"s + path);
        wire.skip_sequence_number(); // the client's empty packet
        wire.packet("\0\0\0\2\0\0\0"s);
    };
}

base::Endpoint through(const HostileProxy& proxy, const base::Endpoint& real)
{
    base::Endpoint endpoint = real;
    endpoint.socket.clear();
    endpoint.host = "127.0.0.1";
    endpoint.port = proxy.port();
    endpoint.tls.mode = base::TlsMode::disabled;
    endpoint.read_timeout = k_patience;
    endpoint.connect_timeout = k_patience;
    endpoint.name = endpoint.url();
    return endpoint;
}

std::uint16_t tcp_port(const std::string& variable)
{
    const char* url = wanted_server(variable + "_TCP");
    return url == nullptr ? std::uint16_t{0} : endpoint_of(url).port;
}

/// A whole result: columns, and the same row so many times.
std::string column_definition(bool mariadb = false)
{
    const auto text = [](const std::string& value) {
        return std::string(1, static_cast<char>(value.size())) + value;
    };
    return text("def") + text("") + text("") + text("") + text("c") + text("") +
           (mariadb ? text("") : "") + "\x0c\x3f\x00\xff\x00\x00\x00\xfd\x00\x00\x00\x00\x00"s;
}

class Hostile : public ServerTest
{
protected:
    /// Opens a session through the proxy and asks. What the tool said when it gave up.
    std::string failure_of(const HostileProxy& proxy, db::Role role = db::Role::reader) const
    {
        const auto start = std::chrono::steady_clock::now();
        std::string sentence = "nothing";
        try {
            db::Session session = db::Session::open(through(proxy, m_database->endpoint()), role);
            db::Result result = session.query("ask", "SELECT 'trigger' AS c");
            while (result.next())
                result.get(0);
        } catch (const base::Error& failure) {
            sentence = failure.what();
        }
        EXPECT_LT(std::chrono::steady_clock::now() - start, 5 * k_patience) << sentence;
        return sentence;
    }

    HostileProxy::Answer endless_rows() const
    {
        return [mariadb = is_mariadb()](HostileWire& wire) {
            wire.packet("\1");
            wire.packet(column_definition(mariadb));
            wire.packet("\xfe\0\0\2\0"s);
            while (wire.packet("\3row"))
                ;
        };
    }

    std::uint16_t port() const { return tcp_port(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Servers, Hostile,
                         testing::Values("SLICETOOL_TEST_MARIADB_A", "SLICETOOL_TEST_MYSQL_A"),
                         server_name);

TEST_P(Hostile, AStatementIsNotAnsweredWithAFile)
{
    const SecretFile secret;
    for (const auto role : {db::Role::reader, db::Role::writer}) {
        const HostileProxy proxy(port(), "trigger", asks_for_file(secret.path()));
        const std::string sentence = failure_of(proxy, role);
        EXPECT_EQ(proxy.answered(), 1);
        EXPECT_THAT(sentence, HasSubstr("127.0.0.1"));
        EXPECT_THAT(sentence, AnyOf(HasSubstr("forbidden"), HasSubstr("refused")));
        EXPECT_THAT(proxy.sent_afterwards(), Not(HasSubstr(k_secret)));
    }
}

TEST_P(Hostile, TheFirstStatementsOfASessionAreNotEither)
{
    const SecretFile secret;
    for (const std::string trigger : {"VERSION()", "SET SESSION", "@@session"}) {
        const HostileProxy proxy(port(), trigger, asks_for_file(secret.path()));
        EXPECT_NE(failure_of(proxy, db::Role::writer), "nothing") << trigger;
        EXPECT_GE(proxy.answered(), 1) << trigger;
        EXPECT_THAT(proxy.sent_afterwards(), Not(HasSubstr(k_secret))) << trigger;
    }
}

/// The client library's own reader of files prints the name as a format.
TEST_P(Hostile, FileNamesAreNoFormats)
{
    for (const std::string& name : {"%s%s%s%s%s%s%s%s%n%n%n%n"s, ""s, "/proc/self/environ"s,
                                    "/proc/self/fd/0"s, std::string(100'000, 'x')}) {
        const HostileProxy proxy(port(), "trigger", asks_for_file(name));
        EXPECT_NE(failure_of(proxy, db::Role::writer), "nothing");
        EXPECT_EQ(proxy.answered(), 1);
    }
}

struct BadAnswer
{
    const char* name;
    HostileProxy::Answer answer;
};

std::vector<BadAnswer> bad_answers()
{
    const auto one = [](const std::string& payload) {
        return [payload](HostileWire& wire) { wire.packet(payload); };
    };
    const auto raw = [](const std::string& bytes) {
        return [bytes](HostileWire& wire) { wire.bytes(bytes); };
    };
    return {
        {"nothing", [](HostileWire&) {}},
        {"an empty packet", one("")},
        {"noise", raw("\x7f\x45\x4c\x46 GET / HTTP/1.1\r\n\r\n"s + std::string(3000, '\xa5'))},
        {"a longest packet that does not come", raw("\xff\xff\xff\x01"s)},
        {"a packet number that is none", raw("\1\0\0\x7f\1"s)},
        {"many columns", one("\xfd\xff\xff\xff"s)},
        {"most columns", one("\xfe\xff\xff\xff\xff\xff\xff\xff\xff"s)},
        {"a number cut in half", one("\xfe\1"s)},
        {"an error cut in half", one("\xff\x10"s)},
        {"success cut in half", one("\0\xfe"s)},
        {"columns without definitions",
         [](HostileWire& wire) {
             wire.packet("\1");
             wire.packet("");
             wire.packet("\xfe\0\0\2\0"s);
         }},
        {"a definition that leaves its packet",
         [](HostileWire& wire) {
             wire.packet("\1");
             wire.packet("\x20"
                         "def");
             wire.packet("\xfe\0\0\2\0"s);
         }},
        {"a value that leaves its packet",
         [](HostileWire& wire) {
             wire.packet("\1");
             wire.packet(column_definition());
             wire.packet("\xfe\0\0\2\0"s);
             wire.packet("\xfd\xff\xff\xff"
                         "abc");
             wire.packet("\xfe\0\0\2\0"s);
         }},
        {"a row with too few values",
         [](HostileWire& wire) {
             wire.packet("\2");
             wire.packet(column_definition());
             wire.packet(column_definition());
             wire.packet("\xfe\0\0\2\0"s);
             wire.packet("\1a");
             wire.packet("\xfe\0\0\2\0"s);
         }},
        {"an error as long as it gets", one("\xff\x10\x04#HY000"s + std::string(1'000'000, '%'))},
    };
}

TEST_P(Hostile, ABrokenAnswerIsAnError)
{
    for (const auto& bad : bad_answers()) {
        SCOPED_TRACE(bad.name);
        const HostileProxy proxy(port(), "trigger", bad.answer);
        const std::string sentence = failure_of(proxy);
        EXPECT_THAT(sentence, HasSubstr("127.0.0.1"));
        EXPECT_LT(sentence.size(), 2000U);
    }
}

TEST_P(Hostile, AnAnswerWithoutEndIsGivenUp)
{
    const HostileProxy proxy(port(), "VERSION()", endless_rows());
    EXPECT_THAT(failure_of(proxy), HasSubstr("too few columns"));
}

/// A greeting of a server that offers no TLS.
std::string clear_text_greeting(const std::string& method)
{
    return "\x0a"s + "5.5.5-10.11.0-MariaDB\0"s + "\1\0\0\0"s + "12345678\0"s +
           "\xff\xf7\x2d\2\0\xff\x81\x15"s + std::string(10, '\0') + "123456789012\0"s + method +
           "\0"s;
}

/// Endpoint of a server that only greets, as a user with a password.
base::Endpoint with_password(const HostileProxy& proxy, base::TlsMode mode)
{
    base::Endpoint endpoint = through(proxy, {});
    endpoint.user = "reader";
    endpoint.password = k_secret;
    endpoint.database = "shop";
    endpoint.tls.mode = mode;
    endpoint.tls.ca_file = "/etc/ssl/certs/ca-certificates.crt";
    endpoint.name = endpoint.url();
    return endpoint;
}

TEST(HostileGreeting, ThatIsBrokenIsAnError)
{
    for (const auto& bad : bad_answers()) {
        SCOPED_TRACE(bad.name);
        const HostileProxy proxy(0, "", bad.answer);
        try {
            db::Session::open(with_password(proxy, base::TlsMode::preferred), db::Role::reader);
            ADD_FAILURE() << "opened";
        } catch (const db::Error& failure) {
            EXPECT_THAT(failure.what(), HasSubstr("127.0.0.1"));
            EXPECT_LT(std::string(failure.what()).size(), 2000U);
        }
    }
}

TEST(HostileGreeting, WithoutTlsGetsNothingWhereTlsIsDemanded)
{
    for (const auto mode :
         {base::TlsMode::required, base::TlsMode::verify_ca, base::TlsMode::verify_identity}) {
        const HostileProxy proxy(0, "", [](HostileWire& wire) {
            wire.packet(clear_text_greeting("mysql_native_password"));
        });
        try {
            db::Session::open(with_password(proxy, mode), db::Role::reader);
            ADD_FAILURE() << "opened";
        } catch (const db::Error& failure) {
            EXPECT_THAT(failure.what(), HasSubstr("offers no TLS"));
            EXPECT_THAT(failure.what(), HasSubstr("mysql://reader@127.0.0.1:"));
        }
        EXPECT_EQ(proxy.sent_afterwards(), "");
    }
}

TEST(HostileGreeting, GetsNoPasswordInClearText)
{
    for (const std::string method : {"mysql_clear_password", "dialog"}) {
        for (const auto mode : {base::TlsMode::preferred, base::TlsMode::disabled}) {
            const HostileProxy proxy(0, "", [&](HostileWire& wire) {
                wire.packet(clear_text_greeting("mysql_native_password"));
                wire.skip_sequence_number();
                wire.packet("\xfe"s + method + "\0"s);
            });
            try {
                db::Session::open(with_password(proxy, mode), db::Role::reader);
                ADD_FAILURE() << "opened";
            } catch (const db::Error& failure) {
                EXPECT_THAT(failure.what(), HasSubstr("restricted_auth"));
            }
            EXPECT_THAT(proxy.sent_afterwards(), Not(HasSubstr(k_secret)));
            EXPECT_THAT(proxy.sent_afterwards(), HasSubstr("reader")) << "it logged in";
        }
    }
}

/// LOAD DATA is the one statement in which a server may ask, and then for our rows only.
class HostileDownstream : public SliceTest
{
};

INSTANTIATE_TEST_SUITE_P(Pairings, HostileDownstream, testing::ValuesIn(pairings()), pairing_name);

TEST_P(HostileDownstream, GetsNoFileInsteadOfTheRows)
{
    const SecretFile secret;
    on_both({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))"});
    m_up->run({"INSERT INTO t VALUES (1, 'one'), (2, 'two')"});
    const bool loads = m_down->open(db::Role::writer).server().local_infile;
    if (!loads) // it is off by default on MySQL
        m_down->run({"SET GLOBAL local_infile = 1"});
    const HostileProxy proxy(tcp_port(GetParam().downstream), "LOAD DATA LOCAL",
                             asks_for_file(secret.path()));
    m_seen = std::make_unique<RunRecorder>();
    sync::RunOptions options = only("t");
    options.command = "slice";
    options.mode = sync::Mode::make_equal;
    EXPECT_THROW(
        sync::run(m_up->endpoint(), through(proxy, m_down->endpoint()), options, *m_seen, m_stop),
        db::Error);
    if (!loads)
        m_down->run({"SET GLOBAL local_infile = 0"});
    EXPECT_EQ(proxy.answered(), 1);
    EXPECT_THAT(result("t").reason, HasSubstr("asked for a file"));
    EXPECT_THAT(proxy.sent_afterwards(), Not(HasSubstr(k_secret)));
}

} // namespace
} // namespace slicetool::test
