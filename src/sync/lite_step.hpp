#pragma once

#include "sync/step_context.hpp"

namespace slicetool::sync {

/// Makes rows equal that are new or were changed lately, and looks at no other:
///
///   1. rows up to downstream's last key whose timestamp column is NULL or no older than the
///      watermark less the overlap (LiteWatermark) are compared by key; those that differ are
///      copied (KeyRows);
///   2. rows beyond downstream's last key are copied in bulk;
///   3. the watermark is remembered.
///
/// Without a timestamp column only 2, and that only where keys are integers, which grow. Each row
/// copied is proven as in any other step; that no other row differs is not, hence the outcome
/// `lite`. `result` holds what was done also when it throws.
void run_lite_step(const StepContext& context, const Step& step, report::TableResult& result);

} // namespace slicetool::sync
