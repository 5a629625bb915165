#include "random/session.hpp"

namespace slicetool::search {

std::vector<std::string> session_settings()
{
    return {"SET NAMES utf8mb4",
            "SET time_zone = '+00:00', timestamp = 1700000000, foreign_key_checks = 0",
            "SET sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'"};
}

db::Session open_session(const base::Endpoint& endpoint)
{
    db::Session session = db::Session::open(endpoint, db::Role::writer);
    run(session, session_settings());
    return session;
}

void run(db::Session& session, const std::vector<std::string>& statements)
{
    for (const auto& statement : statements)
        session.execute("set up", statement);
}

} // namespace slicetool::search
