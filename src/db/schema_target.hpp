#pragma once

#include "db/session.hpp"
#include "sql/translate.hpp"

namespace slicetool::db {

/// What the session's server can hold: family, version, collations and engines, for sql::translate.
sql::Target read_target(Session& session);

} // namespace slicetool::db
