#include "sync/ddl_session.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace slicetool::sync {

namespace {

constexpr const char* k_label = "prepare the session for definitions";

} // namespace

DdlSession::DdlSession(db::Session& session) : m_session(session)
{
    session.execute(k_label, "SET SESSION character_set_client = utf8mb4, "
                             "SESSION character_set_connection = utf8mb4");
    // A definition that upstream's server accepted is to be taken as it is.
    prefer("explicit_defaults_for_timestamp", "1", Telling::warn);
    // Needs a privilege on MySQL that few have; what strictness rejects, the failing CREATE tells.
    prefer("innodb_strict_mode", "0", Telling::keep_quiet);
    if (session.server().family == sql::Family::mysql) {
        prefer("sql_require_primary_key", "0", Telling::warn);
        prefer("sql_generate_invisible_primary_key", "0", Telling::warn);
    }
}

/// Sets a variable that may need a privilege, if it has another value and the server has it at all.
void DdlSession::prefer(const std::string& variable, const std::string& value, Telling telling)
{
    const std::string label = "set " + variable;
    try {
        const std::string before =
            m_session.query_value(label, "SELECT @@session." + variable).value_or("");
        if (before == value)
            return;
        m_session.execute(label, fmt::format("SET SESSION {} = {}", variable, value));
        m_restore.push_back(fmt::format("SET SESSION {} = {}", variable, before));
    } catch (const db::Error& failure) {
        if (failure.connection_lost())
            throw;
        constexpr int k_unknown_variable = 1193;
        spdlog::debug("{}", failure.what());
        if (telling == Telling::warn && failure.number() != k_unknown_variable)
            m_warnings.push_back(
                fmt::format("{} A definition may come out otherwise than upstream; the "
                            "comparison afterwards would tell.",
                            failure.what()));
    }
}

DdlSession::~DdlSession()
{
    try {
        m_session.execute(k_label, "SET SESSION character_set_client = binary, "
                                   "SESSION character_set_connection = binary");
        for (const auto& statement : m_restore)
            m_session.execute(k_label, statement);
    } catch (const db::Error& failure) {
        // The connection is gone, and its settings with it.
        spdlog::debug("{}", failure.what());
    }
}

} // namespace slicetool::sync
