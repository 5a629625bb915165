#include "db/session.hpp"

#include "db/connect.hpp"
#include "db/grant_advice.hpp"
#include "db/pins.hpp"
#include "db/privileges.hpp"
#include "db/session_impl.hpp"
#include "sql/ddl_tokens.hpp"

#include <cppconn/driver.h>
#include <cppconn/resultset_metadata.h>
#include <fmt/format.h>
#include <mysql.h>
#include <spdlog/spdlog.h>

namespace slicetool::db {

namespace {

std::string sentence_for(const base::Endpoint& endpoint, std::string_view label,
                         const std::string& server_message, int number)
{
    const std::string code = number == 0 ? "" : fmt::format(" (error {})", number);
    return fmt::format("{}: could not {}: {}{}.", endpoint.describe(), label, server_message, code);
}

constexpr std::size_t k_longest_logged_statement = 2000;

void log_statement(std::uint64_t connection_id, const std::string& statement)
{
    if (!spdlog::should_log(spdlog::level::trace))
        return;
    spdlog::trace("#{} {}{}", connection_id, statement.substr(0, k_longest_logged_statement),
                  statement.size() > k_longest_logged_statement ? " …" : "");
}

} // namespace

Error failure_to(const base::Endpoint& endpoint, std::string_view label, int number,
                 const std::string& sqlstate, const std::string& server_message)
{
    std::string message = server_message;
    while (!message.empty() && (message.back() == '.' || message.back() == '\n'))
        message.pop_back();
    return {sentence_for(endpoint, label, message, number), endpoint.describe(), number, sqlstate,
            server_message};
}

Error statement_error(const base::Endpoint& endpoint, std::string_view label, int number,
                      const std::string& sqlstate, const std::string& server_message)
{
    // Over TLS, a connection that is cut is told as a failure of TLS.
    return failure_to(endpoint, label, number == k_tls_failure ? k_server_lost : number, sqlstate,
                      server_message);
}

std::string told_message(int number, const std::string& server_message, ServerWords words)
{
    const Error plain("", "", number, "", "");
    if (words == ServerWords::repeated || number == 0 || !plain.may_quote_values())
        return server_message;
    return "the server's message is left out, since it may quote values of masked columns";
}

Error statement_error(const base::Endpoint& endpoint, std::string_view label,
                      const ::sql::SQLException& failure)
{
    return statement_error(endpoint, label, failure.getErrorCode(), failure.getSQLStateCStr(),
                           failure.what());
}

Error Session::Impl::failure(std::string_view label, const ::sql::SQLException& why) const
{
    const Error plain = statement_error(endpoint, label, why.getErrorCode(), why.getSQLStateCStr(),
                                        told_message(why.getErrorCode(), why.what(), server_words));
    const std::string grant =
        grant_advice(plain.number(), plain.server_message(), endpoint.database, server.account);
    if (grant.empty())
        return plain;
    return {fmt::format("{} An administrator can allow it there: {}.", plain.what(), grant),
            plain.endpoint(), plain.number(), plain.sqlstate(), plain.server_message()};
}

Session::Session(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Session Session::open(const base::Endpoint& endpoint, Role role)
{
    auto impl = std::make_unique<Impl>();
    impl->endpoint = endpoint;
    Opened opened = connect(impl->endpoint, role);
    impl->connection = std::move(opened.connection);
    impl->wire = opened.wire;
    Session session(std::move(impl));
    require_encryption(session);
    session.m_impl->server = read_server(session);
    pin(session, role);
    session.set_secret_variables();
    session.m_impl->server.group_concat_max_len =
        std::max<std::uint64_t>(1024, session.m_impl->server.max_allowed_packet);
    spdlog::debug("#{} connected to {}: {} {}", session.connection_id(), endpoint.describe(),
                  sql::family_name(session.server().family), session.server().version);
    session.m_impl->statements = 0;
    return session;
}

/// The statement's text is a secret: it goes into no log, and the server's words, which may repeat
/// it, into no error.
void Session::set_secret_variables()
{
    std::string text;
    for (const auto& [name, value] : m_impl->endpoint.secret_variables)
        text += fmt::format("{}@{} = x'{}'", text.empty() ? "SET " : ", ", name,
                            sql::hex_literal(value).substr(2));
    if (text.empty())
        return;
    spdlog::trace("#{} SET … (the key of the masks)", connection_id());
    try {
        const std::unique_ptr<::sql::Statement> run(m_impl->connection->createStatement());
        run->execute(text);
    } catch (const ::sql::SQLException& failure) {
        throw statement_error(m_impl->endpoint, "set the key of the masks", failure.getErrorCode(),
                              failure.getSQLStateCStr(), "the server did not take it");
    }
}

std::uint64_t Session::execute(std::string_view label, const std::string& statement)
{
    log_statement(m_impl->server.connection_id, statement);
    ++m_impl->statements;
    try {
        const std::unique_ptr<::sql::Statement> run(m_impl->connection->createStatement());
        run->execute(statement);
        return run->getUpdateCount();
    } catch (const ::sql::SQLException& failure) {
        throw m_impl->failure(label, failure);
    }
}

void Session::run(std::string_view label, const std::string& statement)
{
    log_statement(m_impl->server.connection_id, statement);
    ++m_impl->statements;
    try {
        const std::unique_ptr<::sql::Statement> run(m_impl->connection->createStatement());
        run->setResultSetType(::sql::ResultSet::TYPE_FORWARD_ONLY);
        for (bool rows = run->execute(statement); rows; rows = run->getMoreResults()) {
            const std::unique_ptr<::sql::ResultSet> answer(run->getResultSet());
            while (answer->next()) {
            }
            // As in Result::next: what goes wrong in the midst of rows looks like their end.
            if (const auto number = static_cast<int>(mysql_errno(m_impl->wire)); number != 0)
                throw statement_error(m_impl->endpoint, label, number, mysql_sqlstate(m_impl->wire),
                                      mysql_error(m_impl->wire));
        }
    } catch (const ::sql::SQLException& failure) {
        throw m_impl->failure(label, failure);
    }
}

Result Session::query(std::string_view label, const std::string& statement)
{
    log_statement(m_impl->server.connection_id, statement);
    ++m_impl->statements;
    try {
        auto impl = std::make_unique<Result::Impl>(Result::Impl{
            m_impl->endpoint, m_impl->wire, m_impl->server.connection_id, std::string(label),
            nullptr, nullptr, 0, false, UINT64_MAX, m_impl->server_words});
        impl->statement.reset(m_impl->connection->createStatement());
        impl->statement->setResultSetType(::sql::ResultSet::TYPE_FORWARD_ONLY);
        impl->rows.reset(impl->statement->executeQuery(statement));
        impl->columns = impl->rows->getMetaData()->getColumnCount();
        return Result(std::move(impl));
    } catch (const ::sql::SQLException& failure) {
        throw m_impl->failure(label, failure);
    }
}

std::optional<std::string> Session::query_value(std::string_view label,
                                                const std::string& statement)
{
    Result result = query(label, statement);
    if (!result.next())
        throw error(label, "the server sent no row");
    return result.get(0);
}

void Session::set_strict(Strict strict)
{
    execute("set sql_mode", std::string("SET SESSION sql_mode = '") + writer_mode(strict) + "'");
}

void Session::set_server_words(ServerWords words)
{
    m_impl->server_words = words;
}

const base::Endpoint& Session::endpoint() const
{
    return m_impl->endpoint;
}

const Server& Session::server() const
{
    return m_impl->server;
}

const std::vector<std::string>& Session::grants()
{
    if (!m_impl->grants)
        m_impl->grants = read_grants(*this);
    return *m_impl->grants;
}

std::uint64_t Session::connection_id() const
{
    return m_impl->server.connection_id;
}

std::uint64_t Session::statements() const
{
    return m_impl->statements;
}

std::uint64_t Session::bytes_received()
{
    Result result = query("ask for the bytes sent", "SHOW SESSION STATUS LIKE 'Bytes_sent'");
    if (!result.next())
        throw error("ask for the bytes sent", "the server sent no row");
    return result.number(1);
}

Error Session::error(std::string_view label, const std::string& what) const
{
    return statement_error(m_impl->endpoint, label, 0, "", what);
}

Transaction::Transaction(Session& session, const std::string& begin) : m_session(session)
{
    m_session.execute("begin a transaction", begin);
}

Transaction::~Transaction()
{
    if (!m_open)
        return;
    try {
        m_session.execute("roll back", "ROLLBACK");
    } catch (const Error& failure) {
        // Without its connection the server rolls back by itself.
        spdlog::debug("{}", failure.what());
    }
}

void Transaction::commit()
{
    m_session.execute("commit", "COMMIT");
    m_open = false;
}

ThreadGuard::ThreadGuard()
{
    driver().threadInit();
}

ThreadGuard::~ThreadGuard()
{
    driver().threadEnd();
}

} // namespace slicetool::db
