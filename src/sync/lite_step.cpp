#include "sync/lite_step.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sync/bulk_copy.hpp"
#include "sync/candidates.hpp"
#include "sync/difference_listing.hpp"
#include "sync/integer_key.hpp"
#include "sync/lite_watermark.hpp"
#include "sync/statements.hpp"
#include "sync/table_bounds.hpp"

#include <fmt/format.h>
#include <utility>

namespace slicetool::sync {

namespace {

/// "2026-01-31 03:15:00.500000" without what is zero behind the point.
std::string without_zeros(const std::string& time)
{
    const auto end = time.find_last_not_of('0');
    return time.find('.') == std::string::npos ? time
                                               : time.substr(0, end + (time[end] == '.' ? 0 : 1));
}

class LiteStep
{
public:
    LiteStep(const StepContext& context, const Step& step, report::TableResult& result)
        : m_context(context), m_step(step), m_result(result)
    {
    }

    void run();

private:
    void refuse_unsuited(const TablePair& pair) const;
    void look_at_changed(const TablePair& pair, const TableBounds& bounds, KeyRows& rows);
    void take_new(const TablePair& pair, const Range& tail, KeyRows& rows);
    void count_new(const TablePair& pair, const Range& tail);
    void copy_new(const TablePair& pair, const Range& tail, KeyRows& rows);
    std::string what_was_looked_at() const;

    const StepContext& m_context;
    const Step& m_step;
    report::TableResult& m_result;
    std::optional<LiteColumn> m_column;
    std::optional<std::string> m_since;
};

void LiteStep::refuse_unsuited(const TablePair& pair) const
{
    if (pair.keyless)
        throw base::Refusal(
            fmt::format("Table {} has no key that identifies its rows on both sides: a lite step "
                        "cannot tell which are new. Use sync.",
                        m_context.table));
    if (!m_column && !pair.integer_key)
        throw base::Refusal(fmt::format(
            "Table {}: no column has ON UPDATE CURRENT_TIMESTAMP, and its keys are no integers "
            "that grow, so that a lite step finds neither changed nor new rows. Name a TIMESTAMP "
            "or DATETIME that every change sets (lite: {{column: …}}), or use sync.",
            m_context.table));
}

/// Rows up to downstream's last key; there are none if downstream is empty.
void LiteStep::look_at_changed(const TablePair& pair, const TableBounds& bounds, KeyRows& rows)
{
    if (!bounds.downstream_last)
        return;
    const std::string column = sql::quote_identifier(m_column->name);
    const std::string changed = m_since
                                    ? fmt::format("{0} >= CAST({1} AS DATETIME(6)) OR {0} IS NULL",
                                                  column, sql::quote_string(*m_since))
                                    : "";
    // Without a forced index, so that one on the column can serve.
    look_at(
        {pair.upstream.table, changed, {std::nullopt, Bound{*bounds.downstream_last, true}, {}}},
        m_context, pair, rows);
}

void LiteStep::count_new(const TablePair& pair, const Range& tail)
{
    const auto answer = m_context.sessions().upstream().query_value(
        "count rows of " + pair.upstream.name, build_count(pair.upstream, tail));
    const auto count = static_cast<std::uint64_t>(to_integer(answer.value_or("0")));
    m_result.rows += count;
    m_result.missing += count;
}

void LiteStep::copy_new(const TablePair& pair, const Range& tail, KeyRows& rows)
{
    const report::TableResult before = m_result;
    const auto progress = [&](std::uint64_t seen, std::uint64_t committed) {
        m_result.rows = before.rows + seen;
        m_result.missing = before.missing + seen;
        m_result.copied = before.copied + committed;
        m_context.reporter.table_progress(m_context.table, {report::Phase::copying, m_result.rows,
                                                            0, m_result.differing(),
                                                            m_result.copied, m_result.deleted});
    };
    BulkOutcome outcome =
        bulk_copy(pair, tail, m_context.sessions(), m_context.stop, {progress, {}});
    for (auto& piece : outcome.refused) {
        m_result.rows += piece.upstream.rows;
        m_result.missing += piece.upstream.rows;
        rows.defer(std::move(piece));
    }
}

void LiteStep::take_new(const TablePair& pair, const Range& tail, KeyRows& rows)
{
    if (m_context.options.listing.keys)
        list_missing(pair, tail, m_context.sessions(), m_context.reporter);
    if (m_context.writes())
        copy_new(pair, tail, rows);
    else
        count_new(pair, tail);
}

std::string LiteStep::what_was_looked_at() const
{
    const std::string rows = base::count_of(m_result.rows, "row", "rows");
    const bool all = m_step.choices.where.empty();
    if (!m_column)
        return fmt::format("Looked at {} beyond downstream's last key only, since no column has ON "
                           "UPDATE CURRENT_TIMESTAMP. Not seen: every change and every delete in "
                           "the rows before{}.",
                           rows, all ? "" : ", and rows there that came into where");
    const std::string which =
        m_since ? fmt::format("whose {} is NULL, or {}{} or later", m_column->name,
                              without_zeros(*m_since), m_column->is_instant ? " UTC" : "")
                : "of all before, since nothing tells how old downstream is";
    return fmt::format("Looked at {}, beyond downstream's last key or {}. Not seen: rows deleted "
                       "upstream{}, changes that left {} as it was, and rows dated back.",
                       rows, which,
                       all ? ""
                           : fmt::format(", that left where, or that came into it while {} stayed "
                                         "as it was",
                                         m_column->name),
                       m_column->name);
}

void LiteStep::run()
{
    m_column = choose_lite_column(*m_context.upstream, m_step.lite.column, m_step.choices.masks);
    const TablePair pair = plan_step(m_context, m_step.choices);
    refuse_unsuited(pair);
    const TableBounds bounds =
        read_bounds(pair, m_context.upstream->estimated_rows, m_context.sessions());
    require_unaltered(m_context);
    KeyRows rows(m_context, pair, pair, m_result);
    std::optional<LiteWatermark> watermark;
    if (m_column) {
        watermark.emplace(m_context, pair, *m_column);
        m_since = watermark->changed_since(m_step.lite.overlap);
        look_at_changed(pair, bounds, rows);
    }
    take_new(pair, tail_of(bounds), rows);
    rows.finish();
    if (watermark && m_context.writes())
        watermark->remember();
    m_result.reason = what_was_looked_at();
    m_result.outcome = m_context.writes() || m_result.differing() == 0 ? report::Outcome::lite
                                                                       : report::Outcome::different;
}

} // namespace

void run_lite_step(const StepContext& context, const Step& step, report::TableResult& result)
{
    LiteStep(context, step, result).run();
}

} // namespace slicetool::sync
