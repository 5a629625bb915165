#pragma once

#include "base/endpoint.hpp"
#include "sync/survey.hpp"

#include <optional>
#include <string>
#include <vector>

namespace slicetool::commands {

/// What a new config is made of.
struct JobSketch
{
    base::Endpoint from;
    std::string from_version;
    std::optional<base::Endpoint> to; ///< empty: to be filled in by hand
    std::vector<sync::SurveyedTable> tables;
    std::string file; ///< what its commands call it
};

/// A config in YAML with comments: both endpoints without their passwords, a job `nightly` that
/// makes every table equal, and a job `hourly` with lite steps where a table has a column for them.
/// Pure; what it says parses.
std::string build_job_text(const JobSketch& sketch);

} // namespace slicetool::commands
