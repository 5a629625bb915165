#pragma once

#include "sync/step_context.hpp"

namespace slicetool::sync {

/// Makes exactly the rows equal whose keys the step's query names upstream (KeyRows): those that
/// upstream has are copied where they differ, those that it lacks are deleted downstream. Other
/// rows are left alone; unless `keep_others` is false: then this is a sync whose `where` is
/// membership in the query. `result` holds what was done also when it throws.
void run_keys_step(const StepContext& context, const Step& step, report::TableResult& result);

} // namespace slicetool::sync
