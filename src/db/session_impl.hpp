#pragma once

#include "db/session.hpp"

#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <memory>

/// What Session and Result share inside db/; not for others.
namespace slicetool::db {

/// The sentence for a failed statement: "On <endpoint>: could not <label>: <server's words> (error
/// n)."
Error statement_error(const base::Endpoint& endpoint, std::string_view label, int number,
                      const std::string& sqlstate, const std::string& server_message);

Error statement_error(const base::Endpoint& endpoint, std::string_view label,
                      const ::sql::SQLException& failure);

struct Result::Impl
{
    const base::Endpoint& endpoint;
    std::string label;
    std::unique_ptr<::sql::Statement> statement;
    std::unique_ptr<::sql::ResultSet> rows; // before the statement in destruction order
    std::size_t columns = 0;
    bool finished = false;
};

struct Session::Impl
{
    base::Endpoint endpoint;
    std::unique_ptr<::sql::Connection> connection;
    Server server;
    std::uint64_t statements = 0;
};

} // namespace slicetool::db
