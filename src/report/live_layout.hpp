#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace slicetool::report {

/// Lines of at most `width` columns from rows of nine cells: name, phase, percent, rows, rate, ETA,
/// found, copied, deleted. All lines share one layout with fixed columns, so nothing dances from
/// one refresh to the next. Where there is no room for everything the least needed columns go
/// first: the word "rows", deleted, percent, rate, ETA, copied, found; a name that does not fit
/// loses its middle.
std::vector<std::string> lay_out_live_lines(const std::vector<std::vector<std::string>>& rows,
                                            std::size_t width, bool utf8);

} // namespace slicetool::report
