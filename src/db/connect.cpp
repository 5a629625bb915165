#include "db/connect.hpp"

#include "db/grant_advice.hpp"
#include "db/pins.hpp"
#include "db/session_impl.hpp"

#include <cerrno>
#include <cppconn/driver.h>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace slicetool::db {

namespace {

using Properties = std::map<::sql::SQLString, ::sql::ConnectPropertyVal>;

/// The client library's words for a certificate that is good, but another host's.
constexpr const char* k_wrong_name = "Validation of SSL server certificate failed";

/// As --ssl-mode takes it.
const char* tls_mode_name(base::TlsMode mode)
{
    switch (mode) {
    case base::TlsMode::disabled:
        return "disabled";
    case base::TlsMode::preferred:
        return "preferred";
    case base::TlsMode::required:
        return "required";
    case base::TlsMode::verify_ca:
        return "verify_ca";
    case base::TlsMode::verify_identity:
        break;
    }
    return "verify_identity";
}

std::string advice(int number, const std::string& message, const base::Endpoint& endpoint)
{
    switch (number) {
    case 1044: // ER_DBACCESS_DENIED_ERROR
        return fmt::format("The user has no privilege on database {0}. Name another one, or let an "
                           "administrator allow it there: {1}.",
                           endpoint.database, grant_advice(number, message, endpoint.database, ""));
    case 1045: // ER_ACCESS_DENIED_ERROR
    case 1698: // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
        return endpoint.password
                   ? "Check the user and the password."
                   : "No password was given: put it in an option file, or use --ask-password.";
    case 1049: // ER_BAD_DB_ERROR
        return fmt::format("Create database {} first, or check its spelling.", endpoint.database);
    case 1040: // ER_CON_COUNT_ERROR
    case 1203: // ER_TOO_MANY_USER_CONNECTIONS
    case 1226: // ER_USER_LIMIT_REACHED
        return "Wait until connections are free, or use fewer --jobs.";
    case 2002: // CR_CONNECTION_ERROR
    case 2003: // CR_CONN_HOST_ERROR
        return "Check the host, the port or the socket, and that the server runs and can be "
               "reached from here.";
    case 2005: // CR_UNKNOWN_HOST
        return "Check the spelling of the host.";
    case k_tls_failure:
        if (message.find(k_wrong_name) != std::string::npos)
            return fmt::format("The server's certificate is not made out to {}: connect by a name "
                               "that stands in it, or say --ssl-mode=verify_ca.",
                               endpoint.host);
        return "Check --ssl-mode, the certificate files and what the server offers.";
    case 3159: // ER_SECURE_TRANSPORT_REQUIRED
        return "Say --ssl-mode=required or better.";
    default:
        return "Check the endpoint's settings.";
    }
}

Error connection_error(const base::Endpoint& endpoint, int number, const std::string& sqlstate,
                       const std::string& message)
{
    const Error plain = failure_to(endpoint, "connect", number, sqlstate, message);
    return {fmt::format("{} {}", plain.what(), advice(number, message, endpoint)), plain.endpoint(),
            plain.number(), plain.sqlstate(), plain.server_message()};
}

bool verifies(const base::TlsOptions& tls)
{
    return tls.mode == base::TlsMode::verify_ca || tls.mode == base::TlsMode::verify_identity;
}

Encryption encryption_of(const base::Endpoint& endpoint)
{
    // A unix socket never leaves the machine; the mysql client's PREFERRED does without there too.
    const bool local = endpoint.tls.mode == base::TlsMode::preferred && !endpoint.socket.empty();
    if (endpoint.tls.mode == base::TlsMode::disabled || local)
        return Encryption::none;
    return endpoint.tls.mode == base::TlsMode::preferred ? Encryption::optional
                                                         : Encryption::demanded;
}

[[noreturn]] void refuse_tls(const base::Endpoint& endpoint, const std::string& why)
{
    throw base::UsageError(fmt::format("{}: {}", endpoint.describe(), why));
}

void require_readable(const base::Endpoint& endpoint, const char* option, const std::string& file)
{
    if (!file.empty() && ::access(file.c_str(), R_OK) != 0)
        refuse_tls(endpoint, fmt::format("cannot read the file of {}, {}: {}.", option, file,
                                         std::strerror(errno))); // NOLINT(concurrency-mt-unsafe)
}

/// What the client library would not say, or not do: without a CA it would take any certificate,
/// whatever it is asked to verify.
void check_tls_files(const base::Endpoint& endpoint)
{
    const base::TlsOptions& tls = endpoint.tls;
    if (verifies(tls) && tls.ca_file.empty())
        refuse_tls(endpoint,
                   fmt::format("--ssl-mode={} needs the certificates of the authorities to trust: "
                               "name their file with --ssl-ca (/etc/ssl/certs/ca-certificates.crt "
                               "holds those that this system trusts).",
                               tls_mode_name(tls.mode)));
    if (verifies(tls))
        require_readable(endpoint, "--ssl-ca", tls.ca_file);
    if (encryption_of(endpoint) != Encryption::none) {
        require_readable(endpoint, "--ssl-cert", tls.certificate_file);
        require_readable(endpoint, "--ssl-key", tls.key_file);
    }
}

void add_tls(Properties& properties, const base::Endpoint& endpoint)
{
    const base::TlsOptions& tls = endpoint.tls;
    const auto add = [&](const char* name, const std::string& file) {
        if (!file.empty())
            properties[name] = ::sql::SQLString(file);
    };
    // Given a CA, the client library verifies the certificate's chain, in any mode; with sslVerify
    // also the host's name in it, before it sends anything of the user's.
    if (verifies(tls))
        add("sslCA", tls.ca_file);
    if (tls.mode == base::TlsMode::verify_identity)
        properties["sslVerify"] = true;
    add("sslCert", tls.certificate_file);
    add("sslKey", tls.key_file);
    properties["sslEnforce"] = true;
}

Properties properties_for(const base::Endpoint& endpoint, Role role)
{
    Properties properties;
    // The client library takes "localhost" for its default socket; whoever wants a socket names it
    // here.
    const std::string host = endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host;
    properties["hostName"] =
        ::sql::SQLString(endpoint.socket.empty() ? "tcp://" + host : "unix://" + endpoint.socket);
    if (endpoint.socket.empty())
        properties["port"] = static_cast<int>(endpoint.port);
    properties["userName"] = ::sql::SQLString(endpoint.user);
    properties["password"] = ::sql::SQLString(endpoint.password.value_or(""));
    properties["schema"] = ::sql::SQLString(endpoint.database);
    properties["OPT_CONNECT_TIMEOUT"] = static_cast<int>(endpoint.connect_timeout.count());
    properties["OPT_READ_TIMEOUT"] = static_cast<int>(endpoint.read_timeout.count());
    properties["OPT_WRITE_TIMEOUT"] = static_cast<int>(endpoint.read_timeout.count());
    properties["OPT_RECONNECT"] = false;
    // Only a writer may be asked for a file, and it offers its own pipe.
    properties["OPT_LOCAL_INFILE"] = role == Role::writer ? 1 : 0;
    return properties;
}

/// Throws SQLException, and Error when the server was hung up on.
Opened connect_once(const base::Endpoint& endpoint, Properties properties, Encryption encryption)
{
    ::sql::Driver& made = driver(); // first: the watch needs the client library
    const OpeningWatch watch(encryption);
    if (encryption != Encryption::none)
        add_tls(properties, endpoint);
    try {
        std::unique_ptr<::sql::Connection> connection(made.connect(properties));
        if (watch.connection() == nullptr)
            throw base::Error(
                "This build of libmariadb does not tell what it reads, so a hostile "
                "server could have files of this machine sent to it: nothing was done.");
        return {std::move(connection), watch.connection()};
    } catch (const ::sql::SQLException&) {
        if (watch.offered_no_encryption())
            throw connection_error(endpoint, k_tls_failure, "HY000",
                                   "the server offers no TLS, which --ssl-mode demands");
        throw;
    }
}

/// What only MySQL can be asked: its identity, which outlives another name or folder of the server,
/// and whether it has MD5().
void ask_mysql(Session& session, Server& server)
{
    try {
        Result row = session.query("try MD5()", "SELECT @@server_uuid, MD5('')");
        server.has_md5 = row.next() && row.text(1) == "d41d8cd98f00b204e9800998ecf8427e";
        server.identity = row.text(0);
    } catch (const Error&) {
        server.has_md5 = false;
        server.identity = session.query_value("ask for the server's UUID", "SELECT @@server_uuid")
                              .value_or(server.identity);
    }
}

std::uint32_t version_number(const std::string& version)
{
    std::uint32_t parts[3] = {0, 0, 0};
    std::size_t part = 0;
    for (const char c : version) {
        if (c >= '0' && c <= '9')
            parts[part] = parts[part] * 10 + static_cast<std::uint32_t>(c - '0');
        else if (c != '.' || ++part == 3)
            break;
    }
    return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

} // namespace

::sql::Driver& driver()
{
    static ::sql::Driver& only = []() -> ::sql::Driver& {
        ::sql::Driver& made = *get_driver_instance();
        start_wire_watch();
        return made;
    }();
    return only;
}

Opened connect(const base::Endpoint& endpoint, Role role)
{
    check_tls_files(endpoint);
    const Properties properties = properties_for(endpoint, role);
    const Encryption encryption = encryption_of(endpoint);
    const auto attempt = [&](Encryption wanted) {
        try {
            return connect_once(endpoint, properties, wanted);
        } catch (const ::sql::SQLException& failure) {
            throw connection_error(endpoint, failure.getErrorCode(), failure.getSQLStateCStr(),
                                   failure.what());
        }
    };
    try {
        return attempt(encryption);
    } catch (const Error& failure) {
        // As in the mysql client, preferred means without, if need be.
        if (failure.number() != k_tls_failure || encryption != Encryption::optional)
            throw;
    }
    return attempt(Encryption::none);
}

void require_encryption(Session& session)
{
    const base::TlsMode mode = session.endpoint().tls.mode;
    if (mode == base::TlsMode::disabled || mode == base::TlsMode::preferred)
        return;
    std::string cipher;
    {
        Result row = session.query("ask for the connection's cipher",
                                   "SHOW SESSION STATUS LIKE 'Ssl_cipher'");
        if (row.next())
            cipher = row.get(1).value_or("");
    }
    if (cipher.empty())
        throw session.error("connect", "the server offers no TLS, which --ssl-mode demands");
}

Server read_server(Session& session)
{
    Server server;
    {
        Result row =
            session.query("ask for the server's version",
                          "SELECT VERSION(), @@max_allowed_packet, @@local_infile, @@read_only, "
                          "CONCAT_WS('|', @@hostname, @@port, @@datadir, @@server_id), "
                          "CONNECTION_ID(), "
                          "CURRENT_USER()");
        if (!row.next())
            throw session.error("ask for the server's version", "the server sent no row");
        server.version = row.text(0);
        server.max_allowed_packet = row.number(1);
        server.local_infile = row.number(2) != 0;
        server.read_only = row.text(3) != "0" && row.text(3) != "OFF";
        server.identity = row.text(4);
        server.connection_id = row.number(5);
        server.account = row.text(6);
    }
    server.version_number = version_number(server.version);
    const bool is_mariadb = server.version.find("MariaDB") != std::string::npos;
    server.family = is_mariadb ? sql::Family::mariadb : sql::Family::mysql;
    server.has_md5 = is_mariadb;
    if (!is_mariadb)
        ask_mysql(session, server);
    return server;
}

void pin(Session& session, Role role)
{
    const auto pins = session_pins(session.server(), role);
    session.execute("set the session's variables", build_set_pins(pins));
    Result row = session.query("read the session's variables back", build_read_pins(pins));
    if (!row.next())
        throw session.error("read the session's variables back", "the server sent no row");
    for (std::size_t at = 0; at < pins.size(); ++at) {
        const std::string answer = row.get(at).value_or("NULL");
        if (!pins[at].expected.empty() && answer != pins[at].expected)
            throw session.error(
                "set " + pins[at].variable,
                fmt::format("asked for {}, the server answers {}", pins[at].expected, answer));
    }
}

} // namespace slicetool::db
