#pragma once

#include "base/endpoint.hpp"
#include "db/error.hpp"
#include "db/result.hpp"
#include "sql/table.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slicetool::db {

/// What a session is for; decides what it is pinned to.
enum class Role {
    reader, ///< upstream, or a downstream that is only compared: never writes
    writer  ///< downstream: foreign key checks off, LOCAL allowed for our own pipe
};

/// Whether a writer's server refuses a value that does not fit its column. Where it does not, it
/// stores another one: only for what is proven afterwards.
enum class Strict { no, yes };

/// Whether errors repeat what the server says, which may quote values of the statement's rows.
enum class ServerWords { repeated, left_out };

/// What the server told at connect.
struct Server
{
    sql::Family family = sql::Family::mariadb;
    std::string version;              ///< "10.11.19-MariaDB", "9.7.1"
    std::uint32_t version_number = 0; ///< 101119, 90701
    std::uint64_t max_allowed_packet = 0;
    std::uint64_t group_concat_max_len = 0; ///< as pinned
    bool has_md5 = false;
    bool local_infile = false;
    bool read_only = false;
    std::uint64_t connection_id = 0; ///< the server's number for this connection, once asked
    std::string account;             ///< CURRENT_USER(): whom privileges are granted to
    /// Tells this server from others: MySQL's server_uuid, MariaDB's host name, port, data folder
    /// and server_id.
    std::string identity;
};

/// One connection, pinned on opening to the settings that the program's correctness rests on; each
/// of them is read back. Move-only, for one thread at a time. Its destructor closes the connection,
/// so the server rolls back an open transaction.
class Session
{
public:
    /// Connects and pins. Throws Error with the endpoint's name and what to do.
    static Session open(const base::Endpoint& endpoint, Role role);

    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    /// Runs a statement without result. `label` says in messages what it was for ("insert rows of
    /// `t`"). Returns the affected rows.
    std::uint64_t execute(std::string_view label, const std::string& statement);

    /// Runs whatever a person may have written, a procedure's call too; rows that it gives are read
    /// and dropped.
    void run(std::string_view label, const std::string& statement);

    /// Runs a query; rows are streamed as they are read. The Result must be gone, or read to its
    /// end, before the session's next statement.
    Result query(std::string_view label, const std::string& statement);

    /// The first column of the only row; throws if there is none. NULL gives an empty optional.
    std::optional<std::string> query_value(std::string_view label, const std::string& statement);

    /// For writers; they begin strict.
    void set_strict(Strict strict);

    /// While a table is read of whose values some must not be told.
    void set_server_words(ServerWords words);

    const base::Endpoint& endpoint() const;
    const Server& server() const;
    /// What SHOW GRANTS says of the user; asked once.
    const std::vector<std::string>& grants();
    /// The server's number for this connection (CONNECTION_ID()).
    std::uint64_t connection_id() const;
    /// Statements run so far, pins left out.
    std::uint64_t statements() const;
    /// Bytes that the server sent to this session so far, by its own count (asks it, one
    /// statement).
    std::uint64_t bytes_received();

    /// What of `kind` went wrong, as a db::Error with a full sentence: for layers that detect
    /// trouble in what the server sent.
    Error error(std::string_view label, const std::string& what) const;

private:
    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    void set_secret_variables();
    std::unique_ptr<Impl> m_impl;
};

/// A transaction that rolls back unless committed. The session must outlive it.
class Transaction
{
public:
    explicit Transaction(Session& session, const std::string& begin = "START TRANSACTION");
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    void commit();

private:
    Session& m_session;
    bool m_open = true;
};

/// The connector wants to know of each thread that uses it: one guard at the top of each thread.
class ThreadGuard
{
public:
    ThreadGuard();
    ThreadGuard(const ThreadGuard&) = delete;
    ThreadGuard& operator=(const ThreadGuard&) = delete;
    ~ThreadGuard();
};

} // namespace slicetool::db
