#include "sync/steps.hpp"

#include "base/error.hpp"
#include "db/schema.hpp"
#include "sync/clear_step.hpp"
#include "sync/keys_step.hpp"
#include "sync/lite_step.hpp"
#include "sync/replace_step.hpp"
#include "sync/sql_step.hpp"
#include "sync/sync_step.hpp"
#include "sync/table_watermarks.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

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
    case StepKind::lite:
        // verify tells what lite steps have missed.
        if (context.writes() || context.options.dry_run)
            return run_lite_step(context, step, result);
        [[fallthrough]];
    case StepKind::sync:
        return run_sync_step(context, step.choices, result);
    case StepKind::keys:
        return run_keys_step(context, step, result);
    case StepKind::replace:
        return run_replace_step(context, step, result);
    case StepKind::clear:
        return run_clear_step(context, result);
    case StepKind::sql:
        return run_sql_step(context, step, result);
    case StepKind::skip:
        result.outcome = report::Outcome::skipped;
    }
}

/// What the table's outcome is after one more step: what says less about the table wins. A table
/// that was cleared holds nothing that was compared, and nobody knows what statements have done.
report::Outcome together(report::Outcome before, const Step& step, report::Outcome outcome,
                         bool writes)
{
    using report::Outcome;
    if (step.kind == StepKind::clear && before != Outcome::different)
        return outcome;
    if (step.kind == StepKind::sql && writes)
        return before == Outcome::different || before == Outcome::lite ? before : outcome;
    for (const auto one :
         {Outcome::different, Outcome::lite, Outcome::made_equal, Outcome::equal, Outcome::done}) {
        if (before == one || outcome == one)
            return one;
    }
    return outcome;
}

bool was_compared(report::Outcome outcome)
{
    using report::Outcome;
    return outcome == Outcome::equal || outcome == Outcome::made_equal ||
           outcome == Outcome::resumed || outcome == Outcome::lite;
}

/// verify compares with what the steps leave behind: rows that a later step brings are not extra.
bool is_overtaken(const StepContext& context, const std::vector<Step>& steps, std::size_t at)
{
    const auto brings_rows = [](const Step& step) {
        return step.kind != StepKind::clear && step.kind != StepKind::sql &&
               step.kind != StepKind::skip;
    };
    return steps[at].kind == StepKind::clear && !context.writes() && !context.options.dry_run &&
           std::any_of(steps.begin() + static_cast<std::ptrdiff_t>(at), steps.end(), brings_rows);
}

bool writes_rows(const Step& step)
{
    return step.kind != StepKind::sql && step.kind != StepKind::skip;
}

/// Statements may have altered the table, or given it triggers.
void read_anew(StepContext& context, std::optional<sql::Table>& downstream, bool reads_upstream)
{
    const std::string engine = context.downstream->engine;
    downstream = db::read_table(context.sessions().downstream(), context.table);
    if (!downstream)
        throw base::Refusal(
            fmt::format("There is no table {} downstream any more.", context.table));
    context.downstream = &*downstream;
    check_altered(context, reads_upstream, engine);
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
    for (auto& step : steps) {
        if (options.lite && step.kind == StepKind::sync)
            step.kind = StepKind::lite;
    }
    return steps;
}

bool reads_upstream(const std::vector<Step>& steps)
{
    return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
        return step.kind == StepKind::sync || step.kind == StepKind::lite ||
               step.kind == StepKind::keys;
    });
}

bool runs_statements(const std::vector<Step>& steps)
{
    return std::any_of(steps.begin(), steps.end(),
                       [](const Step& step) { return step.kind == StepKind::sql; });
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
    StepContext now = context;
    std::optional<TableWatermarks> watermarks;
    if (context.writes() || context.options.dry_run)
        now.watermarks = &watermarks.emplace(context, steps);
    std::optional<sql::Table> downstream;
    bool statements_have_run = false; // since the definition was read
    for (std::size_t at = 0; at < steps.size(); ++at) {
        if (is_overtaken(context, steps, at))
            continue;
        report::TableResult step;
        place = place_of(steps, at);
        try {
            if (statements_have_run && writes_rows(steps[at])) {
                read_anew(now, downstream, reads_upstream(steps));
                statements_have_run = false;
            }
            run_step(now, steps[at], step);
            if (steps[at].kind == StepKind::sql)
                statements_have_run = context.writes();
        } catch (...) {
            add_counts(result, step);
            throw;
        }
        add_counts(result, step);
        add_reason(result.reason, step.reason);
        if (steps[at].kind == StepKind::sql && was_compared(result.outcome) && context.writes())
            add_reason(result.reason, "Statements ran after the last comparison: what they have "
                                      "changed is not known.");
        result.outcome = together(result.outcome, steps[at], step.outcome, context.writes());
    }
    if (result.outcome == report::Outcome::equal && result.copied + result.deleted > 0)
        result.outcome = report::Outcome::made_equal;
}

} // namespace slicetool::sync
