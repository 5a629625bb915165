#include "sync/steps.hpp"

#include "base/error.hpp"
#include "sync/sync_step.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// "Step 2 of 3 (sync, shop.yaml:12): "; nothing for the only step of a table.
std::string place_of(const std::vector<Step>& steps, std::size_t at)
{
    if (steps.size() == 1)
        return "";
    const Step& step = steps[at];
    return fmt::format("Step {} of {} ({}{}{}): ", at + 1, steps.size(), step_word(step.kind),
                       step.place.empty() ? "" : ", ", step.place);
}

void run_step(const StepContext& context, const Step& step, report::TableResult& result)
{
    switch (step.kind) {
    case StepKind::sync:
        return run_sync_step(context, step.choices, result);
    case StepKind::skip:
        result.outcome = report::Outcome::skipped;
        return;
    case StepKind::lite:
    case StepKind::keys:
    case StepKind::replace:
    case StepKind::clear:
    case StepKind::sql:
        break;
    }
    throw base::Refusal(
        fmt::format("A step of the kind {} cannot be run yet.", step_word(step.kind)));
}

/// Of two steps: what is worse, or says less about the table, wins.
report::Outcome together(report::Outcome before, report::Outcome step)
{
    for (const auto outcome :
         {report::Outcome::different, report::Outcome::made_equal, report::Outcome::equal}) {
        if (before == outcome || step == outcome)
            return outcome;
    }
    return step;
}

void add_counts(report::TableResult& sum, const report::TableResult& step)
{
    sum.rows += step.rows;
    sum.missing += step.missing;
    sum.extra += step.extra;
    sum.changed += step.changed;
    sum.in_flight += step.in_flight;
    sum.copied += step.copied;
    sum.deleted += step.deleted;
    sum.ranges += step.ranges;
    sum.zoomed_ranges += step.zoomed_ranges;
    if (!step.density.empty()) // one drawing of a table: what its last comparison found
        sum.density = step.density;
}

void add_reason(std::string& reasons, const std::string& reason)
{
    if (!reason.empty())
        reasons += (reasons.empty() ? "" : " ") + reason;
}

} // namespace

std::vector<Step> steps_of(const TableOrder& order, const RunOptions& options)
{
    std::vector<Step> steps = order.steps;
    if (steps.empty())
        steps.push_back(sync_step(options.default_choices));
    return steps;
}

bool reads_upstream(const std::vector<Step>& steps)
{
    return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
        return step.kind == StepKind::sync || step.kind == StepKind::lite ||
               step.kind == StepKind::keys;
    });
}

bool only_skips(const std::vector<Step>& steps)
{
    return std::all_of(steps.begin(), steps.end(),
                       [](const Step& step) { return step.kind == StepKind::skip; });
}

void run_steps(const StepContext& context, const std::vector<Step>& steps,
               report::TableResult& result, std::string& place)
{
    check_definitions(context, reads_upstream(steps));
    context.reporter.table_started(context.table, context.estimated_rows());
    result.outcome = report::Outcome::skipped;
    for (std::size_t at = 0; at < steps.size(); ++at) {
        report::TableResult step;
        place = place_of(steps, at);
        try {
            run_step(context, steps[at], step);
        } catch (...) {
            add_counts(result, step);
            throw;
        }
        add_counts(result, step);
        add_reason(result.reason, step.reason);
        result.outcome = together(result.outcome, step.outcome);
    }
}

} // namespace slicetool::sync
