#pragma once

#include "report/density_strip.hpp"
#include "report/record.hpp"

#include <cstddef>
#include <string>

namespace slicetool::report {

enum class Colour { no, yes };

/// What opens a report: the command, both endpoints with their servers, how rows are compared. Ends
/// in a newline.
std::string header_text(const RunInfo& info, std::size_t width);

/// The table of results, each table's reason, density strip and notes below it, and one closing
/// sentence. Only the strips depend on the `charset`: names and sentences are UTF-8 anyway. Fits
/// `width` columns: first the gaps shrink, then long names go on lines of their own, then (below 80
/// columns only) the bytes read are left out. Numbers are never rounded to fit. Empty when a run
/// failed before it looked at a table.
std::string summary_text(const Record& record, std::size_t width, Colour colour,
                         Charset charset = Charset::utf8);

} // namespace slicetool::report
