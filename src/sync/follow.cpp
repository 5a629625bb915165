#include "sync/follow.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sync/job_probes.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// In a subquery a misspelled column may be another table's: so each condition is tried alone,
/// before anything rests on it.
void try_conditions(db::Session& upstream, const FollowOptions& options,
                    const std::map<std::string, sql::Table>& tables)
{
    std::vector<JobProbe> probes;
    for (const auto& table : options.tables) {
        const auto definition = tables.find(table.name);
        if (!table.where.empty() && definition != tables.end())
            probes.push_back(probe_condition(0, "", definition->second, table.where));
    }
    std::vector<std::string> sentences;
    for (const auto& problem : ask_in_snapshot(upstream, probes))
        sentences.push_back(problem.sentence);
    if (!sentences.empty())
        throw base::Refusal(base::join(sentences, "\n"));
}

void restrict(Step& step, const std::string& table, const SubsetCondition& condition)
{
    if (step.kind != StepKind::sync && step.kind != StepKind::lite)
        return;
    if (step.choices.keep_outside)
        throw base::Refusal(fmt::format(
            "Table {}: \"outside: keep\" goes with no \"follow\": which of its rows belong to the "
            "slice depends on rows of other tables, and downstream cannot tell. Say outside: "
            "delete, or do not follow its references.",
            table));
    step.choices.where = with_subset(step.choices.where, condition);
}

} // namespace

FollowOptions with_tables(FollowOptions options, const std::vector<TableOrder>& orders)
{
    for (const auto& order : orders) {
        const bool known =
            std::any_of(options.tables.begin(), options.tables.end(),
                        [&](const SubsetTable& table) { return table.name == order.name; });
        if (!known)
            options.tables.push_back({order.name, "", false, {}});
    }
    return options;
}

std::vector<Reference> follow_references(const FollowOptions& options,
                                         const std::map<std::string, sql::Table>& tables,
                                         db::Session& upstream, std::vector<TableOrder>& orders,
                                         report::Reporter& reporter)
{
    try_conditions(upstream, options, tables);
    const Subset subset = build_subset(options, tables);
    for (const auto& note : subset.notes)
        reporter.note("", report::Severity::warning, note);
    for (auto& order : orders) {
        const auto condition = subset.conditions.find(order.name);
        if (condition == subset.conditions.end())
            continue;
        for (auto& step : order.steps)
            restrict(step, order.name, condition->second);
    }
    return subset.followed;
}

} // namespace slicetool::sync
