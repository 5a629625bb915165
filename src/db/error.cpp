#include "db/error.hpp"

namespace slicetool::db {

bool Error::connection_lost() const
{
    switch (m_number) {
    case 1053: // ER_SERVER_SHUTDOWN
    case 1152: // ER_ABORTING_CONNECTION
    case 1158: // ER_NET_READ_ERROR
    case 1159: // ER_NET_READ_INTERRUPTED
    case 1160: // ER_NET_ERROR_ON_WRITE
    case 1161: // ER_NET_WRITE_INTERRUPTED
    case 1927: // ER_CONNECTION_KILLED (MariaDB)
    case 2002: // CR_CONNECTION_ERROR
    case 2003: // CR_CONN_HOST_ERROR
    case 2006: // CR_SERVER_GONE_ERROR
    case 2012: // CR_SERVER_HANDSHAKE_ERR
    case 2013: // CR_SERVER_LOST
    case 2027: // CR_MALFORMED_PACKET
    case 2055: // CR_SERVER_LOST_EXTENDED
    case 3169: // ER_SESSION_WAS_KILLED (MySQL)
    case 4031: // ER_CLIENT_INTERACTION_TIMEOUT (MySQL)
        return true;
    default:
        return false;
    }
}

bool Error::privilege_missing() const
{
    switch (m_number) {
    case 1044: // ER_DBACCESS_DENIED_ERROR
    case 1142: // ER_TABLEACCESS_DENIED_ERROR
    case 1143: // ER_COLUMNACCESS_DENIED_ERROR
    case 1227: // ER_SPECIFIC_ACCESS_DENIED_ERROR
    case 1370: // ER_PROCACCESS_DENIED_ERROR
        return true;
    default:
        return false;
    }
}

bool Error::duplicate_key() const
{
    return m_number == k_duplicate_entry || m_number == k_duplicate_entry_with_name;
}

bool Error::definition_changed() const
{
    return m_number == k_table_definition_changed || m_number == k_no_such_table ||
           m_number == k_no_such_column || m_number == k_no_such_key;
}

bool Error::may_pass() const
{
    switch (m_number) {
    case 1040: // ER_CON_COUNT_ERROR
    case 1203: // ER_TOO_MANY_USER_CONNECTIONS
    case 1226: // ER_USER_LIMIT_REACHED
        return true;
    default:
        return connection_lost();
    }
}

bool Error::may_quote_values() const
{
    return !retryable() && !privilege_missing() && !definition_changed() &&
           m_number != k_query_interrupted && m_number != k_bad_syntax &&
           m_number != k_misplaced_aggregate && m_number != k_no_such_function;
}

bool Error::retryable() const
{
    return connection_lost() || m_number == k_deadlock || m_number == k_lock_wait_timeout ||
           m_number == k_record_changed;
}

} // namespace slicetool::db
