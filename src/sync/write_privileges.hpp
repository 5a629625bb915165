#pragma once

#include "db/session.hpp"
#include "sql/table.hpp"

namespace slicetool::sync {

/// Throws base::Refusal, with the GRANT to run, when the session's user may not do all that making
/// a downstream table equal needs: SELECT, INSERT and DELETE. Asks the server; writes nothing.
void refuse_missing_privileges(db::Session& downstream, const sql::Table& table);

} // namespace slicetool::sync
