#pragma once

#include "db/session.hpp"
#include "db/wire_watch.hpp"

#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What Session and Result share inside db/; not for others.
namespace slicetool::db {

/// Client errors that say the same of an open connection: it is gone.
constexpr int k_server_lost = 2013; // CR_SERVER_LOST
constexpr int k_tls_failure = 2026; // CR_SSL_CONNECTION_ERROR

/// What failed while there was no connection yet; the sentence is that of statement_error.
Error failure_to(const base::Endpoint& endpoint, std::string_view label, int number,
                 const std::string& sqlstate, const std::string& server_message);

/// The sentence for a failed statement: "On <endpoint>: could not <label>: <server's words> (error
/// n)."
Error statement_error(const base::Endpoint& endpoint, std::string_view label, int number,
                      const std::string& sqlstate, const std::string& server_message);

Error statement_error(const base::Endpoint& endpoint, std::string_view label,
                      const ::sql::SQLException& failure);

/// The server's message, unless it may quote values and its words shall be left out.
std::string told_message(int number, const std::string& server_message, ServerWords words);

struct Result::Impl
{
    const base::Endpoint& endpoint;
    st_mysql* wire;
    std::uint64_t connection_id;
    std::string label;
    std::unique_ptr<::sql::Statement> statement;
    std::unique_ptr<::sql::ResultSet> rows; // before the statement in destruction order
    std::size_t columns = 0;
    bool finished = false;
    std::uint64_t rows_left = UINT64_MAX; ///< that may still come
    ServerWords server_words = ServerWords::repeated;
};

struct Session::Impl
{
    base::Endpoint endpoint;
    std::unique_ptr<::sql::Connection> connection;
    st_mysql* wire = nullptr;
    Server server;
    std::uint64_t statements = 0;
    std::optional<std::vector<std::string>> grants; ///< once asked for
    ServerWords server_words = ServerWords::repeated;

    /// The error of a failed statement, with the GRANT that would let it run where a privilege is
    /// missing.
    Error failure(std::string_view label, const ::sql::SQLException& why) const;
};

} // namespace slicetool::db
