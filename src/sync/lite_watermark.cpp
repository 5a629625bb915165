#include "sync/lite_watermark.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sync/latest_change.hpp"
#include "sync/resume.hpp"
#include "sync/table_watermarks.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

LiteWatermark::LiteWatermark(const StepContext& context, const TablePair& pair,
                             const LiteColumn& column)
    : m_context(context), m_pair(pair), m_column(column)
{
    const auto& copied = pair.upstream.encoding.columns();
    m_mark.column = column.name;
    m_mark.terms = digest_of(proof_terms(context, pair));
    m_mark.is_copied = std::any_of(copied.begin(), copied.end(), [&](const auto& each) {
        return base::equal_ignoring_case(each.name, column.name);
    });
}

std::optional<std::string> LiteWatermark::changed_since(std::chrono::seconds overlap)
{
    const auto since = m_context.watermarks->known_until(m_mark, m_pair.downstream.where);
    if (!since)
        return std::nullopt;
    return m_context.sessions().upstream().query_value(
        "subtract the overlap",
        fmt::format("SELECT {} - INTERVAL {} SECOND", point_in_time(*since), overlap.count()));
}

void LiteWatermark::remember()
{
    const TableSide& side = m_pair.upstream;
    m_mark.until = m_context.sessions().upstream().query_value(
        "look for the latest change of " + side.name,
        fmt::format("/* slicetool table={} latest change */ SELECT {} FROM {}{}",
                    sql::comment_text(side.name),
                    build_latest_change(m_column, m_context.snapshot_time), side.table,
                    side.where.empty() ? "" : " WHERE " + side.where));
    if (m_mark.until)
        m_context.watermarks->remember(m_mark);
}

} // namespace slicetool::sync
