#pragma once

#include "base/error.hpp"

#include <string>

namespace slicetool::db {

/// Error numbers that the program acts upon (the server's ER_…, the client's CR_…).
enum ErrorNumber : int {
    k_duplicate_entry = 1062,
    k_duplicate_entry_with_name = 1586,
    k_no_such_table = 1146,
    k_no_such_column = 1054,
    k_no_such_key = 1176,
    k_table_definition_changed = 1412,
    k_lock_wait_timeout = 1205,
    k_deadlock = 1213,
    k_query_interrupted = 1317,
    k_bad_syntax = 1064,
    k_misplaced_aggregate = 1111,
    k_no_such_function = 1305,
    k_record_changed = 1020, // MariaDB 10.6.18+ with innodb_snapshot_isolation
};

/// A statement or a connection failed. `what()` is the whole sentence, with the endpoint and the
/// statement's label; the members are for code that must decide.
class Error : public base::Error
{
public:
    Error(const std::string& sentence, std::string endpoint, int number, std::string sqlstate,
          std::string server_message)
        : base::Error(sentence), m_endpoint(std::move(endpoint)), m_number(number),
          m_sqlstate(std::move(sqlstate)), m_server_message(std::move(server_message))
    {
    }

    /// Which endpoint, as Endpoint::describe() names it.
    const std::string& endpoint() const { return m_endpoint; }

    int number() const { return m_number; }
    const std::string& sqlstate() const { return m_sqlstate; }
    /// What the server said, without our words around it.
    const std::string& server_message() const { return m_server_message; }

    /// The connection is gone; its open transaction was or will be rolled back by the server.
    bool connection_lost() const;
    /// The user may not do this.
    bool privilege_missing() const;
    /// A unique key of the table holds the value already.
    bool duplicate_key() const;
    /// The table is not as it was when the transaction began, or is gone.
    bool definition_changed() const;
    /// A connection made later may live: this one was lost, or the server had too many.
    bool may_pass() const;
    /// False when the server's message for this number names connections, locks, tables or columns
    /// only.
    bool may_quote_values() const;
    /// Doing the whole transaction again may succeed: deadlock, lock wait timeout, lost connection.
    bool retryable() const;

private:
    std::string m_endpoint;
    int m_number;
    std::string m_sqlstate;
    std::string m_server_message;
};

} // namespace slicetool::db
