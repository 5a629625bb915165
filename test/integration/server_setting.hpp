#pragma once

#include "db/session.hpp"
#include "sql/quote.hpp"

#include <fmt/format.h>
#include <string>
#include <utility>

namespace slicetool::test {

/// Sets a variable of a whole server for as long as it lives: for tests that run alone. Sessions
/// opened before keep their value.
class ServerSetting
{
public:
    ServerSetting(db::Session session, std::string variable, const std::string& value)
        : m_session(std::move(session)), m_variable(std::move(variable))
    {
        m_before = m_session.query_value("read", "SELECT @@global." + m_variable).value_or("");
        set(value);
    }
    ServerSetting(const ServerSetting&) = delete;
    ServerSetting& operator=(const ServerSetting&) = delete;
    ~ServerSetting() { set(m_before); }

private:
    void set(const std::string& value)
    {
        const bool number =
            !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
        m_session.execute("set", fmt::format("SET GLOBAL {} = {}", m_variable,
                                             number ? value : sql::quote_string(value)));
    }

    db::Session m_session;
    std::string m_variable;
    std::string m_before;
};

} // namespace slicetool::test
