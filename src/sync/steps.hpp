#pragma once

#include "sync/step_context.hpp"

#include <vector>

namespace slicetool::sync {

/// What is to be done with a table; never empty.
std::vector<Step> steps_of(const TableOrder& order, const RunOptions& options);

/// Whether a table's work reads upstream's table of the same name.
bool reads_upstream(const std::vector<Step>& steps);

/// Whether statements of the user are among the steps, which may alter any table.
bool runs_statements(const std::vector<Step>& steps);

/// True when nothing is to be done with the table.
bool only_skips(const std::vector<Step>& steps);

/// One table's steps, in order; the results add up. A step that throws ends the table: then
/// `result` holds what was done, and `place` says which of several steps it was, as the beginning
/// of a sentence.
void run_steps(const StepContext& context, const std::vector<Step>& steps,
               report::TableResult& result, std::string& place);

} // namespace slicetool::sync
