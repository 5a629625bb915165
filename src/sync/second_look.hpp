#pragma once

#include "sync/held_differences.hpp"
#include "sync/step_context.hpp"

#include <optional>

namespace slicetool::sync {

/// Where RunOptions::rechecks asks for it: separates what a comparison found different and what
/// stays so from what was in flight, corrects the counts of `result`, and tells what `held` held
/// back. Returns what stays different, if it has looked.
std::optional<RangeDifference> look_again(const StepContext& context, const TablePair& pair,
                                          const HeldDifferences& held, report::TableResult& result);

} // namespace slicetool::sync
