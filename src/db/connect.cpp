#include "db/connect.hpp"

#include "db/pins.hpp"
#include "db/session_impl.hpp"

#include <cppconn/driver.h>
#include <fmt/format.h>

namespace slicetool::db {

namespace {

using Properties = std::map<::sql::SQLString, ::sql::ConnectPropertyVal>;

std::string advice(int number, const base::Endpoint& endpoint)
{
    switch (number) {
    case 1044: // ER_DBACCESS_DENIED_ERROR
        return fmt::format("The user has no privilege on database {}: grant it, or name another.",
                           endpoint.database);
    case 1045: // ER_ACCESS_DENIED_ERROR
    case 1698: // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
        return endpoint.password
                   ? "Check the user and the password."
                   : "No password was given: put it in an option file, or use --ask-password.";
    case 1049: // ER_BAD_DB_ERROR
        return fmt::format("Create database {} first, or check its spelling.", endpoint.database);
    case 1040: // ER_CON_COUNT_ERROR
    case 1203: // ER_TOO_MANY_USER_CONNECTIONS
        return "Wait until connections are free, or use fewer --jobs.";
    case 2002: // CR_CONNECTION_ERROR
    case 2003: // CR_CONN_HOST_ERROR
        return "Check the host, the port or the socket, and that the server runs and can be "
               "reached from here.";
    case 2005: // CR_UNKNOWN_HOST
        return "Check the spelling of the host.";
    case 2026: // CR_SSL_CONNECTION_ERROR
    case 3159: // ER_SECURE_TRANSPORT_REQUIRED
        return "Check --ssl-mode, the certificate files and what the server offers.";
    default:
        return "Check the endpoint's settings.";
    }
}

Error connection_error(const base::Endpoint& endpoint, const ::sql::SQLException& failure)
{
    const Error plain = statement_error(endpoint, "connect", failure);
    return {fmt::format("{} {}", plain.what(), advice(plain.number(), endpoint)), plain.endpoint(),
            plain.number(), plain.sqlstate(), plain.server_message()};
}

void add_tls(Properties& properties, const base::Endpoint& endpoint)
{
    const base::TlsOptions& tls = endpoint.tls;
    // A unix socket never leaves the machine; the mysql client's PREFERRED does without there too.
    const bool local = tls.mode == base::TlsMode::preferred && !endpoint.socket.empty();
    if (tls.mode == base::TlsMode::disabled || local)
        return;
    const auto add = [&](const char* name, const std::string& file) {
        if (!file.empty())
            properties[name] = ::sql::SQLString(file);
    };
    add("sslCA", tls.ca_file);
    add("sslCert", tls.certificate_file);
    add("sslKey", tls.key_file);
    properties["sslEnforce"] = true;
    if (tls.mode == base::TlsMode::verify_ca || tls.mode == base::TlsMode::verify_identity)
        properties["sslVerify"] = true;
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

std::unique_ptr<::sql::Connection> connect_once(Properties& properties)
{
    return std::unique_ptr<::sql::Connection>(driver().connect(properties));
}

bool has_md5(Session& session)
{
    try {
        return session.query_value("try MD5()", "SELECT MD5('')") ==
               "d41d8cd98f00b204e9800998ecf8427e";
    } catch (const Error&) {
        return false;
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
    static ::sql::Driver& only = *get_driver_instance();
    return only;
}

std::unique_ptr<::sql::Connection> connect(const base::Endpoint& endpoint, Role role)
{
    Properties properties = properties_for(endpoint, role);
    try {
        Properties encrypted = properties;
        add_tls(encrypted, endpoint);
        return connect_once(encrypted);
    } catch (const ::sql::SQLException& failure) {
        // CR_SSL_CONNECTION_ERROR: preferred means without, if need be.
        if (failure.getErrorCode() != 2026 || endpoint.tls.mode != base::TlsMode::preferred)
            throw connection_error(endpoint, failure);
    }
    try {
        return connect_once(properties);
    } catch (const ::sql::SQLException& failure) {
        throw connection_error(endpoint, failure);
    }
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
                          "CONCAT_WS('|', @@hostname, @@port, @@datadir), CONNECTION_ID()");
        if (!row.next())
            throw session.error("ask for the server's version", "the server sent no row");
        server.version = row.text(0);
        server.max_allowed_packet = row.number(1);
        server.local_infile = row.number(2) != 0;
        server.read_only = row.text(3) != "0" && row.text(3) != "OFF";
        server.identity = row.text(4);
        server.connection_id = row.number(5);
    }
    server.version_number = version_number(server.version);
    const bool is_mariadb = server.version.find("MariaDB") != std::string::npos;
    server.family = is_mariadb ? sql::Family::mariadb : sql::Family::mysql;
    server.has_md5 = is_mariadb || has_md5(session);
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
