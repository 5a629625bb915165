#include "commands/alternation.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace slicetool::commands {

namespace {

/// Why the target is not put in use, or nothing.
std::string obstacle(const sync::RunSummary& summary, bool covers_job)
{
    if (summary.exit_status() != 0)
        return "not every table was made equal";
    if (!covers_job)
        return "this run left tables of the job out";
    if (summary.resumed > 0)
        return "this run did not look again at what an earlier one had proven (--resume)";
    if (summary.lite > 0)
        return fmt::format("{} looked at only in part (LITE), which proves nothing of the rest",
                           summary.lite == 1 ? "a table was" : "some tables were");
    return "";
}

} // namespace

std::unique_ptr<sync::Alternator> begin_alternation(Connections& connections,
                                                    report::Reporter& reporter)
{
    if (!connections.alternation)
        return nullptr;
    auto alternator = std::make_unique<sync::Alternator>(connections.to, *connections.alternation);
    connections.to.database = alternator->target();
    const auto& in_use = alternator->in_use();
    reporter.note("", report::Severity::info,
                  fmt::format("{}; this run writes {}.",
                              in_use ? *in_use + " is in use" : "No database is in use yet",
                              alternator->target()));
    return alternator;
}

void compare_database_in_use(Connections& connections)
{
    if (!connections.alternation)
        return;
    const auto in_use = sync::read_in_use(connections.to, *connections.alternation);
    if (!in_use)
        throw base::UsageError(fmt::format(
            "Neither {} nor {} is in use yet: run slice first, or name one with --to.",
            connections.alternation->databases[0], connections.alternation->databases[1]));
    connections.to.database = *in_use;
}

void end_alternation(sync::Alternator* alternator, const sync::RunSummary& summary,
                     const sync::RunOptions& options, bool covers_job, report::Reporter& reporter)
{
    if (alternator == nullptr || options.dry_run)
        return;
    const std::string why_not = obstacle(summary, covers_job);
    if (why_not.empty())
        return reporter.note("", report::Severity::info, alternator->put_in_use());
    const auto& in_use = alternator->in_use();
    reporter.note("", report::Severity::warning,
                  fmt::format("{} was not put in use, since {}; {}.", alternator->target(), why_not,
                              in_use ? *in_use + " still is" : "none is"));
}

} // namespace slicetool::commands
