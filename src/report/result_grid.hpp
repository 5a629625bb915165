#pragma once

#include "report/record.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace slicetool::report {

/// Which counts a run has to tell: what it wrote, or what it found.
enum class GridKind { written, found };

/// One table's line or lines, in the order of the record's tables.
struct GridRow
{
    std::vector<std::string> lines; ///< all but the last hold a name too long for its column
    std::string result;             ///< goes at the end of the last line; "EQUAL"
};

/// The numbers of a summary, laid out; pure text, without colours.
struct Grid
{
    std::vector<std::string> header;
    std::vector<GridRow> rows;
};

/// See `summary_text` for how it is made to fit.
Grid lay_out_results(const Record& record, GridKind kind, std::size_t width);

} // namespace slicetool::report
