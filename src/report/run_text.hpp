#pragma once

#include "report/record.hpp"
#include "report/run_line.hpp"
#include "report/summary.hpp"

#include <cstddef>
#include <string>

namespace slicetool::report {

/// What a run told on the console, again: one line with its number, time and status, the header,
/// the warnings, the summary, and why it failed.
std::string run_text(const RunLine& line, const Record& record, std::size_t width, Colour colour);

} // namespace slicetool::report
