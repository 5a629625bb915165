#pragma once

#include "commands/common.hpp"

namespace slicetool::commands {

/// Tells everything to `inner` and to the files that the options name (report/report_file). Why one
/// could not be written becomes a warning of the run. Throws base::UsageError when a name does not
/// say which kind of report is wanted.
std::shared_ptr<report::Reporter> with_report_files(const TellingOptions& told,
                                                    ListsRows lists_rows,
                                                    std::shared_ptr<report::Reporter> inner);

} // namespace slicetool::commands
