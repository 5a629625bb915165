#pragma once

#include "sync/run.hpp"
#include "sync/session_pair.hpp"

#include <vector>

namespace slicetool::sync {

/// One table from its definitions to its result: planning, guards, bounds, the scan by all workers.
/// Refusals and failures end up in the result; throws base::Interrupted, and db::Error when
/// upstream's connection is lost. `workers` is not empty; `snapshot_time` and `statements_have_run`
/// as in StepContext.
report::TableResult run_table(const TableOrder& order, const sql::Table* upstream,
                              const sql::Table* downstream, const RunOptions& options,
                              hash::DigestKind digest, std::vector<SessionPair>& workers,
                              const std::string& snapshot_time, bool statements_have_run,
                              report::Reporter& reporter, const base::StopToken& stop);

} // namespace slicetool::sync
