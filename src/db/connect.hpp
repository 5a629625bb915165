#pragma once

#include "db/session.hpp"
#include "db/wire_watch.hpp"

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <memory>

/// Opening a connection, step by step; used by Session::open, and by Result for a bare connection.
namespace slicetool::db {

/// The connector's driver. Making it initialises the client library, which two threads must not do
/// at once; after that any thread may connect.
::sql::Driver& driver();

/// A connection, and the client library's view of it, which lives as long.
struct Opened
{
    std::unique_ptr<::sql::Connection> connection;
    st_mysql* wire = nullptr;
};

/// Connects, with the TLS that the endpoint asks for. Throws Error: one sentence with the
/// endpoint's name, the reason and what to do.
Opened connect(const base::Endpoint& endpoint, Role role);

/// Throws Error when the endpoint demands TLS and the connection has none: the client library goes
/// on in clear text with a server that offers no TLS.
void require_encryption(Session& session);

/// What the server says of itself. Tries MD5() on MySQL, which from 9.6 on lacks it unless a
/// component is installed.
Server read_server(Session& session);

/// Sets the role's pins and reads each back. Throws Error when the server answers otherwise than
/// asked.
void pin(Session& session, Role role);

} // namespace slicetool::db
