#pragma once

#include "report/record.hpp"

#include <cstddef>
#include <string>

namespace slicetool::report {

/// What undo did with one table: "orders: 7 rows restored, 2 as they were, 1 refused", then the
/// reason, if there is one. In a dry run what it would do.
std::string undo_text(const UndoResult& result, bool dry_run, std::size_t width);

/// "3 tables: 12 rows restored, 1 refused".
std::string closing_of_undo(const Record& record);

} // namespace slicetool::report
