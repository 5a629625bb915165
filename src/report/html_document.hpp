#pragma once

#include "report/record.hpp"
#include "report/run_line.hpp"

#include <optional>
#include <string>
#include <vector>

namespace slicetool::report {

/// What a report tells besides the record of its run.
struct ReportContext
{
    std::string tool_version;
    std::string started_at; ///< RFC 3339, UTC
    std::string run_id;     ///< empty: the run is not recorded
    /// Newest first, without the run itself; nullopt: none is kept.
    std::optional<std::vector<RunLine>> history;
};

/// The whole run as one page that needs nothing else: no network, no script, no picture. It is
/// HTML5 and well-formed XML. Whatever bytes names and sentences hold, they are text in it.
std::string html_document(const Record& record, const ReportContext& context);

} // namespace slicetool::report
