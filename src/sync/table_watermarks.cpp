#include "sync/table_watermarks.hpp"

#include "base/error.hpp"
#include "sql/quote.hpp"
#include "sync/latest_change.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

bool any_of_kind(const std::vector<Step>& steps, StepKind kind)
{
    return std::any_of(steps.begin(), steps.end(),
                       [&](const Step& step) { return step.kind == kind; });
}

} // namespace

TableWatermarks::TableWatermarks(const StepContext& context, const std::vector<Step>& steps)
    : m_context(context)
{
    if (m_context.options.watermarks != nullptr)
        m_before = m_context.options.watermarks->of(m_context.table);
    if (any_of_kind(steps, StepKind::clear) || any_of_kind(steps, StepKind::replace)) {
        forget();
        return;
    }
    for (auto& mark : m_before) {
        if (mark.until)
            lower(mark);
    }
    if (!m_before.empty() || !any_of_kind(steps, StepKind::lite))
        return;
    for (const auto& step : steps) {
        if (step.kind == StepKind::lite)
            look_for_lite(step);
    }
    remember({});
}

void TableWatermarks::forget()
{
    for (auto& mark : m_before) {
        if (!mark.until)
            continue;
        mark.until.reset();
        remember(mark);
    }
    if (m_before.empty())
        remember({});
}

void TableWatermarks::keep_only(const std::string& terms)
{
    for (auto& mark : m_before) {
        if (!mark.until || mark.terms == terms)
            continue;
        mark.until.reset();
        remember(mark);
    }
}

/// A column that downstream does not have, or not as a point in time, shows nothing.
TableWatermarks::Shown TableWatermarks::look(const std::string& column, const std::string& where)
{
    const auto known = m_shown.find({column, where});
    if (known != m_shown.end())
        return known->second;
    Shown& shown = m_shown[{column, where}];
    const sql::Column* const definition = m_context.downstream->find_column(column);
    if (definition == nullptr || !is_point_in_time(*definition))
        return shown;
    const LiteColumn described{column, definition->kind == sql::TypeKind::timestamp};
    db::Result row = m_context.sessions().downstream().query(
        "look for the latest change of " + m_context.table,
        fmt::format("/* slicetool table={} latest change */ SELECT latest, latest - INTERVAL {} "
                    "HOUR FROM (SELECT {} AS latest FROM {}{}) AS looked_at",
                    sql::comment_text(m_context.table), hours_dated_back(described),
                    build_latest_change(described, m_context.snapshot_time),
                    m_context.downstream->qualified_name(),
                    where.empty() ? "" : " WHERE " + where));
    if (row.next())
        shown = {row.get(0), row.get(1)};
    return shown;
}

void TableWatermarks::lower(Watermark& mark)
{
    if (!mark.is_copied)
        return;
    const Shown shown = look(mark.column, "");
    if (shown.latest && *shown.latest >= *mark.until)
        return;
    mark.until = shown.with_margin;
    remember(mark);
}

/// What is wrong with its column is told when its turn comes.
void TableWatermarks::look_for_lite(const Step& step)
{
    try {
        const auto column =
            choose_lite_column(*m_context.upstream, step.lite.column, step.choices.masks);
        if (column)
            look(column->name, step.choices.keep_outside ? step.choices.where : "");
    } catch (const base::Refusal&) {
    }
}

std::optional<std::string> TableWatermarks::known_until(Watermark wanted,
                                                        const std::string& shown_where)
{
    for (const auto& mark : m_before) {
        if (mark.column == wanted.column && mark.terms == wanted.terms)
            return mark.until;
    }
    if (m_before.empty()) {
        const auto shown = m_shown.find({wanted.column, shown_where});
        if (!wanted.is_copied || shown == m_shown.end())
            return std::nullopt;
        wanted.until = shown->second.with_margin;
        remember(wanted);
        return wanted.until;
    }
    if (std::any_of(m_before.begin(), m_before.end(),
                    [](const Watermark& mark) { return mark.until.has_value(); }))
        m_context.reporter.note(
            m_context.table, report::Severity::info,
            "The lite steps before looked at other rows or values (another where, column, mask, "
            "definition or server), so that all rows are looked at.");
    return std::nullopt;
}

void TableWatermarks::remember(const Watermark& mark)
{
    if (m_context.options.watermarks != nullptr && m_context.writes())
        m_context.options.watermarks->put(m_context.table, mark);
}

} // namespace slicetool::sync
