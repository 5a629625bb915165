#pragma once

#include "report/reporter.hpp"

#include <string>

namespace slicetool::report {

/// One differing row for people and for cut(1): fields separated by tabs: table, "missing", "extra"
/// or "changed", then `column=value` for each column of the key. Columns that differ follow on
/// indented lines. Everything is escaped (see `escaped`), and `=` in a column's name too (`\x3d`),
/// so no content can look like another line or field. Locale plays no part: the output is UTF-8.
std::string difference_text(const std::string& table, const Difference& difference);

} // namespace slicetool::report
