#pragma once

#include "report/record.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace slicetool::report {

/// The format's name and version. The number rises when a field changes its meaning or goes away;
/// new fields may come without that.
inline constexpr const char* k_json_format = "slicetool-report/1";

/// The document of a run without its "differences". `started_at` as in RFC 3339.
nlohmann::ordered_json json_document(const Record& record, const std::string& tool_version,
                                     const std::string& started_at);

/// One element of "differences".
nlohmann::ordered_json json_difference(const std::string& table, const Difference& difference);

} // namespace slicetool::report
