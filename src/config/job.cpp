#include "config/job.hpp"

#include "base/error.hpp"
#include "config/fill.hpp"
#include "config/problems.hpp"

#include <fmt/format.h>

namespace slicetool::config {

void Options::fill_from(const Options& other)
{
    fill(digest, other.digest);
    fill(zoom, other.zoom);
    fill(outside, other.outside);
    fill(max_delete, other.max_delete);
    fill(jobs, other.jobs);
    fill(undo, other.undo);
    fill(undo_dir, other.undo_dir);
    fill(undo_max_size, other.undo_max_size);
    fill(undo_when_full, other.undo_when_full);
}

Job find_job(const Config& config, const std::string& name)
{
    const auto found = config.jobs.find(name);
    if (found == config.jobs.end())
        throw base::UsageError(fmt::format("{} has no job {}{}", config.file, in_quotes(name),
                                           suggestion(name, names_of(config.jobs))));
    Job job = found->second;
    job.options.fill_from(config.defaults.options);
    return job;
}

} // namespace slicetool::config
