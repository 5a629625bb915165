#pragma once

#include "report/record.hpp"

#include <chrono>
#include <string>

namespace slicetool::report {

/// A run in Prometheus's text format, as node_exporter's textfile collector reads it. Every series
/// has the label `name`, so that several files can lie in one folder. `finished` is when the run
/// ended.
std::string metrics_text(const Record& record, const std::string& name,
                         std::chrono::system_clock::time_point finished);

} // namespace slicetool::report
