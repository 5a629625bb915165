#pragma once

#include "base/endpoint.hpp"
#include "db/session.hpp"

#include <string>
#include <vector>

namespace slicetool::search {

/// What the search's own sessions are set to, whatever the server's defaults are: the statements
/// mean the same everywhere, any date and id can be stored, nothing depends on the clock.
std::vector<std::string> session_settings();

/// A connection of the search itself, with these settings.
db::Session open_session(const base::Endpoint& endpoint);

void run(db::Session& session, const std::vector<std::string>& statements);

} // namespace slicetool::search
