#pragma once

#include "sync/step_context.hpp"

namespace slicetool::sync {

/// Compares the table by ranges and, if asked, makes it equal: bounds, the scan by all workers, a
/// second look at what differs. `result` holds what was done also when it throws.
void run_sync_step(const StepContext& context, const TableChoices& choices,
                   report::TableResult& result);

} // namespace slicetool::sync
