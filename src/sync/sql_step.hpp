#pragma once

#include "sync/step_context.hpp"

namespace slicetool::sync {

/// A connection as any client gets it: utf8mb4, and the server's own settings instead of our pins.
db::Session open_ordinary(const db::Session& downstream);

/// Runs the step's statements downstream, in order, on a connection of its own that has the
/// server's settings rather than ours: character set utf8mb4, foreign keys checked, the server's
/// sql_mode and time zone. Each is committed as it runs, if it does not begin a transaction. The
/// first that fails ends it; the sentence names its position, never its text, which may hold a
/// secret. Where nothing is written, none is run.
void run_sql_step(const StepContext& context, const Step& step, report::TableResult& result);

} // namespace slicetool::sync
