#include "commands/table_orders.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace slicetool::commands {

namespace {

/// What is said for the whole table, in the order of strength.
struct Said
{
    const config::TableEntry& table;
    const config::Options& common;
    const std::optional<config::Zoom>& zoom;
};

std::string place_of(const config::Position& position)
{
    return position.file.empty() ? "" : fmt::format("{}:{}", position.file, position.line);
}

sync::StepKind kind_of(config::StepKind kind)
{
    switch (kind) {
    case config::StepKind::sync:
        return sync::StepKind::sync;
    case config::StepKind::lite:
        return sync::StepKind::lite;
    case config::StepKind::keys:
        return sync::StepKind::keys;
    case config::StepKind::replace:
        return sync::StepKind::replace;
    case config::StepKind::clear:
        return sync::StepKind::clear;
    case config::StepKind::sql:
        return sync::StepKind::sql;
    case config::StepKind::skip:
        break;
    }
    return sync::StepKind::skip;
}

std::vector<std::string> key_of(const std::optional<config::KeyChoice>& key)
{
    if (!key)
        return {};
    return key->columns.empty() ? std::vector<std::string>{key->index_name} : key->columns;
}

std::vector<sync::Mask> masks_of(const config::TableEntry& table)
{
    std::vector<sync::Mask> masks;
    for (const auto& [column, mask] : table.masks)
        masks.push_back({column, mask.text, place_of(mask.position)});
    return masks;
}

/// The step's own words, else the table's, else the common ones; the command line's zoom before
/// all.
sync::TableChoices choices_of(const config::Step& step, const Said& said)
{
    const auto first = [](const auto& strongest, const auto& weaker) {
        return strongest ? strongest : weaker;
    };
    sync::TableChoices choices;
    choices.where = step.where.value_or(said.table.where);
    choices.keep_outside = first(first(step.outside, said.table.outside), said.common.outside)
                               .value_or(config::Outside::remove) == config::Outside::keep;
    choices.key = key_of(first(step.key, said.table.key));
    choices.excluded = step.excluded_columns.value_or(said.table.excluded_columns);
    const auto& zoom = first(first(said.zoom, step.zoom), first(said.table.zoom, said.common.zoom));
    choices.zoom = zoom.value_or(config::Zoom{}).sizes;
    choices.masks = masks_of(said.table);
    return choices;
}

sync::Step step_of(const config::Step& step, const Said& said)
{
    sync::Step result;
    result.kind = kind_of(step.kind);
    result.choices = choices_of(step, said);
    result.lite.column = step.column;
    result.lite.overlap = step.overlap.value_or(result.lite.overlap);
    result.query = step.query;
    result.keep_others = step.others.value_or(config::Outside::keep) == config::Outside::keep;
    result.statements = step.statements;
    result.place = place_of(step.position);
    return result;
}

/// A table without steps goes through one sync; one that says `skip` through nothing.
std::vector<config::Step> steps_of(const config::TableEntry& table)
{
    if (!table.steps.empty() && !table.skip)
        return table.steps;
    config::Step step;
    step.kind = table.skip ? config::StepKind::skip : config::StepKind::sync;
    step.position = table.position;
    return {step};
}

sync::TableOrder table_order(const Said& said)
{
    sync::TableOrder order;
    order.name = said.table.name;
    order.place = place_of(said.table.position);
    for (const auto& step : steps_of(said.table))
        order.steps.push_back(step_of(step, said));
    return order;
}

} // namespace

std::vector<sync::TableOrder> table_orders(const std::vector<std::string>& named,
                                           const config::Options& common,
                                           const std::optional<config::Zoom>& zoom,
                                           const std::optional<config::Job>& job)
{
    std::vector<config::TableEntry> entries = job ? job->tables : std::vector<config::TableEntry>{};
    for (const auto& name : named) {
        const bool listed = std::any_of(entries.begin(), entries.end(),
                                        [&](const auto& entry) { return entry.name == name; });
        if (!listed)
            entries.emplace_back().name = name;
    }
    std::vector<sync::TableOrder> orders;
    for (const auto& entry : entries) {
        if (named.empty() || std::find(named.begin(), named.end(), entry.name) != named.end())
            orders.push_back(table_order({entry, common, zoom}));
    }
    return orders;
}

bool is_skipped(const config::TableEntry& table)
{
    return table.skip || (!table.steps.empty() &&
                          std::all_of(table.steps.begin(), table.steps.end(), [](const auto& step) {
                              return step.kind == config::StepKind::skip;
                          }));
}

sync::FollowOptions follow_options(const std::optional<config::Job>& job)
{
    sync::FollowOptions options;
    if (!job)
        return options;
    options.automatic = job->follow.automatic;
    options.pull_parents = job->follow.pull_parents;
    for (const auto& edge : job->follow.edges)
        options.references.push_back({edge.child, edge.child_columns, edge.parent,
                                      edge.parent_columns, place_of(edge.position)});
    for (const auto& table : job->tables)
        options.tables.push_back({table.name, table.where, is_skipped(table), masks_of(table)});
    return options;
}

} // namespace slicetool::commands
