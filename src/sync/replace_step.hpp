#pragma once

#include "sync/step_context.hpp"

namespace slicetool::sync {

/// Makes the table hold the rows of the step's query and no others:
///
///   1. the query's rows and the table's are compared as digests with counts (sync/keyless); when
///      they are equal, nothing is written;
///   2. in one transaction all rows are deleted and the query's inserted, digested on their way;
///   3. the digests of the rows that are stored must be those; then commit.
///
/// At most k_most_keyless_rows rows. --max-delete counts by how many rows the table would shrink.
void run_replace_step(const StepContext& context, const Step& step, report::TableResult& result);

} // namespace slicetool::sync
