#pragma once

#include "sync/step_context.hpp"

namespace slicetool::sync {

/// Deletes all rows of the downstream table, some thousand in a transaction; asks no guard, since
/// the job says so in as many words. Where nothing is written, the rows are told as extra ones.
void run_clear_step(const StepContext& context, report::TableResult& result);

} // namespace slicetool::sync
