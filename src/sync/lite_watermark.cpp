#include "sync/lite_watermark.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// Baker Island's zone is 12 hours behind UTC, and none is further.
constexpr int k_hours_behind_utc = 12;

std::string point_in_time(const std::string& text)
{
    return fmt::format("CAST({} AS DATETIME(6))", sql::quote_string(text));
}

} // namespace

LiteWatermark::LiteWatermark(const StepContext& context, const TablePair& pair,
                             const LiteColumn& column)
    : m_context(context), m_pair(pair), m_column(column)
{
}

/// SQL of the least time that a change after the snapshot can have.
std::string LiteWatermark::earliest_later_change() const
{
    return fmt::format("({} - INTERVAL {} HOUR)", point_in_time(m_context.snapshot_time),
                       m_column.is_instant ? 0 : k_hours_behind_utc);
}

std::optional<std::string> LiteWatermark::ask(db::Session& session, const TableSide& side,
                                              const std::string& value)
{
    return session.query_value(
        "look for the latest change of " + side.name,
        fmt::format("/* slicetool table={} latest change */ SELECT {} FROM {}{}",
                    sql::comment_text(side.name), value, side.table,
                    side.where.empty() ? "" : " WHERE " + side.where));
}

bool LiteWatermark::is_copied() const
{
    const auto& columns = m_pair.upstream.encoding.columns();
    for (std::size_t at = 0; at < columns.size(); ++at) {
        if (base::equal_ignoring_case(columns[at].name, m_column.name))
            return m_pair.masked_at(at) == nullptr;
    }
    return false;
}

std::optional<std::string> LiteWatermark::known_until()
{
    Watermarks* const watermarks = m_context.options.watermarks;
    const auto remembered =
        watermarks == nullptr ? std::nullopt : watermarks->of(m_context.table, m_column.name);
    if (!is_copied())
        return remembered;
    const std::string column = sql::quote_identifier(m_column.name);
    const auto shown =
        ask(m_context.sessions().downstream(), m_pair.downstream,
            fmt::format("CAST(MAX(CASE WHEN {0} <= {1} THEN {0} END) AS DATETIME(6))", column,
                        earliest_later_change()));
    if (!shown || remembered)
        return shown ? std::min(shown, remembered) : std::nullopt;
    // Rows that this run copies will raise downstream's values before it has copied all.
    if (watermarks != nullptr && m_context.writes())
        watermarks->remember(m_context.table, m_column.name, *shown);
    return shown;
}

std::optional<std::string> LiteWatermark::changed_since(std::chrono::seconds overlap)
{
    const auto since = known_until();
    if (!since)
        return std::nullopt;
    return m_context.sessions().upstream().query_value(
        "subtract the overlap",
        fmt::format("SELECT {} - INTERVAL {} SECOND", point_in_time(*since), overlap.count()));
}

void LiteWatermark::remember()
{
    if (m_context.options.watermarks == nullptr)
        return;
    const auto seen =
        ask(m_context.sessions().upstream(), m_pair.upstream,
            fmt::format("LEAST(CAST(MAX({}) AS DATETIME(6)), {})",
                        sql::quote_identifier(m_column.name), earliest_later_change()));
    if (seen)
        m_context.options.watermarks->remember(m_context.table, m_column.name, *seen);
}

} // namespace slicetool::sync
