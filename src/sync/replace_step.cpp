#include "sync/replace_step.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "sql/quote.hpp"
#include "sync/charsets.hpp"
#include "sync/integer_key.hpp"
#include "sync/keyless.hpp"
#include "sync/mask_probe.hpp"
#include "sync/query_table.hpp"
#include "sync/reads.hpp"
#include "sync/retry.hpp"
#include "sync/row_inserter.hpp"
#include "sync/undo_batch.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// The first 128 bits of a row's digest: enough to tell rows apart, and 16 MB for as many rows as
/// are allowed.
using ShortDigest = std::array<char, 16>;

ShortDigest shortened(const std::string& digest)
{
    ShortDigest first{};
    std::copy_n(digest.begin(), std::min(digest.size(), first.size()), first.begin());
    return first;
}

std::uint64_t count_rows(db::Session& session, const TableSide& side)
{
    const auto rows = session.query_value("count rows of " + side.name, build_count(side, Range{}));
    return static_cast<std::uint64_t>(to_integer(rows.value_or("0")));
}

class ReplaceStep
{
public:
    ReplaceStep(const StepContext& context, const TablePair& pair, report::TableResult& result)
        : m_context(context), m_pair(pair), m_whole(whole_table(context)), m_result(result)
    {
    }

    void run();

private:
    void compare();
    void check_guards() const;
    void replace();
    std::vector<ShortDigest> copy_rows();
    void require_stored(std::vector<ShortDigest> sent);
    void tell(report::Phase phase) const;

    const StepContext& m_context;
    const TablePair& m_pair;
    const TablePair m_whole; ///< downstream's rows, told apart by their key if there is one
    report::TableResult& m_result;
    std::uint64_t m_downstream_rows = 0;
};

void ReplaceStep::compare()
{
    const std::uint64_t rows = count_rows(m_context.sessions().upstream(), m_pair.upstream);
    if (rows > k_most_keyless_rows)
        throw base::Refusal(fmt::format("Table {}: the query gives {} rows; replace takes at most "
                                        "{}. Use sync, with a where.",
                                        m_context.table, base::format_count(rows),
                                        base::format_count(k_most_keyless_rows)));
    ScanOptions options;
    options.listing = m_context.options.listing;
    const ScanTotals totals = run_keyless(m_pair, rows, options, m_context.options.allowances,
                                          m_context.sessions(), m_context.reporter, m_context.stop);
    m_result.rows = totals.rows;
    m_result.missing = totals.missing;
    m_result.extra = totals.extra;
    m_downstream_rows = totals.downstream_rows;
}

void ReplaceStep::check_guards() const
{
    if (m_result.rows == 0 && m_downstream_rows > 0 && !m_context.options.allowances.empty_upstream)
        refuse_empty_answer(m_context.table);
    if (m_downstream_rows > m_result.rows)
        refuse_many_deletes(m_context.table, m_context.delete_limit,
                            m_downstream_rows - m_result.rows, m_downstream_rows);
}

/// Inserts the query's rows; returns the digests of what was sent.
std::vector<ShortDigest> ReplaceStep::copy_rows()
{
    std::vector<ShortDigest> sent;
    RowInserter inserter(m_pair, m_context.sessions().downstream());
    db::Result rows = m_context.sessions().upstream().query(
        "read the rows of the query for " + m_context.table,
        fmt::format("/* slicetool table={} rows of a query */ SELECT {} FROM {}",
                    sql::comment_text(m_context.table),
                    base::join(m_pair.upstream.encoding.select_list(), ", "),
                    m_pair.upstream.from));
    const std::size_t columns = m_pair.upstream.encoding.columns().size();
    while (rows.next()) {
        const RowValues values = row_values(rows, 0, columns);
        sent.push_back(shortened(row_digest(m_pair.upstream.encoding, values)));
        inserter.add(values, {});
        m_context.sessions().moved(1, value_bytes(values));
        if (sent.size() % 1000 == 0)
            m_context.stop.throw_if_stopped();
        if (sent.size() > m_result.rows)
            break;
    }
    inserter.finish();
    if (sent.size() != m_result.rows)
        throw base::Error(fmt::format("Table {}: the query gave {} rows when it was compared, and "
                                      "another number when they were copied; all was rolled back. "
                                      "It must give the same rows each time.",
                                      m_context.table, m_result.rows));
    return sent;
}

void ReplaceStep::require_stored(std::vector<ShortDigest> sent)
{
    std::vector<ShortDigest> stored;
    stored.reserve(sent.size());
    {
        db::Result rows = m_context.sessions().downstream().query(
            "prove the rows of " + m_pair.downstream.name,
            fmt::format("SELECT {} FROM {}", m_pair.downstream.encoding.row_digest_sql(),
                        m_pair.downstream.table));
        while (rows.next())
            stored.push_back(shortened(rows.text(0)));
    }
    std::sort(sent.begin(), sent.end());
    std::sort(stored.begin(), stored.end());
    if (sent == stored)
        return;
    std::vector<ShortDigest> lost;
    std::set_difference(sent.begin(), sent.end(), stored.begin(), stored.end(),
                        std::back_inserter(lost));
    throw base::Error(fmt::format(
        "Table {}: {} of the query's {} rows were not stored as the query gave them; all was "
        "rolled back. Does a value not fit its column exactly (more digits, a longer fraction, "
        "blanks at the end of a CHAR, a label that it does not have), or does a trigger change it? "
        "CAST(… AS …) in the query says what is meant.",
        m_context.table, std::max<std::size_t>(lost.size(), 1), sent.size()));
}

void ReplaceStep::replace()
{
    m_context.stop.throw_if_stopped();
    m_context.sessions().rest();
    db::Session& downstream = m_context.sessions().downstream();
    db::Transaction transaction(downstream);
    base::at(base::Stage::batch_begun);
    tell(report::Phase::deleting);
    UndoBatch undo(m_whole, downstream);
    const auto gone = undo.delete_all(std::nullopt);
    base::at(base::Stage::batch_deleted);
    m_context.sessions().moved(gone, 0);
    tell(report::Phase::copying);
    auto sent = copy_rows();
    const std::uint64_t copied = sent.size();
    base::at(base::Stage::batch_inserted);
    tell(report::Phase::proving);
    require_stored(std::move(sent));
    base::at(base::Stage::batch_proven);
    undo.wrote_all();
    undo.save();
    transaction.commit();
    base::at(base::Stage::batch_committed);
    m_result.copied = copied;
    m_result.deleted = gone > copied ? gone - copied : 0;
}

void ReplaceStep::run()
{
    compare();
    m_result.outcome = outcome_of(m_result, m_context.options.mode);
    if (!m_context.writes() || m_result.differing() == 0)
        return;
    check_guards();
    try {
        with_retries(m_context.sessions(), m_context.stop, [&] { replace(); });
    } catch (const db::Error& failure) {
        if (!failure.duplicate_key())
            throw;
        throw base::Refusal(fmt::format("Table {}: rows of the query collide in a unique key "
                                        "downstream ({}). Nothing was written.",
                                        m_context.table, failure.server_message()));
    }
}

void ReplaceStep::tell(report::Phase phase) const
{
    m_context.reporter.table_progress(m_context.table,
                                      {phase, m_result.rows, m_result.rows, m_result.differing(),
                                       m_result.copied, m_result.deleted});
}

} // namespace

void run_replace_step(const StepContext& context, const Step& step, report::TableResult& result)
{
    const UpstreamQuery query =
        read_query(context.sessions().upstream(), context.table, step.query);
    if (context.writes() && !context.downstream->is_transactional())
        throw base::Refusal(fmt::format(
            "Table {}: its downstream engine, {}, has no transactions, and replace is one: a "
            "failure in its midst would leave the table without its rows. ALTER TABLE … "
            "ENGINE=InnoDB, or use sync.",
            context.table, context.downstream->engine));
    const TablePair pair = pair_with_query(context, query, step.choices.masks);
    refuse_bad_masks(context.sessions().upstream(), pair);
    refuse_lossy_conversion(pair, context.sessions());
    if (context.writes())
        context.sessions().set_downstream_strict(pair.has_enumeration ? db::Strict::no
                                                                      : db::Strict::yes);
    ReplaceStep(context, pair, result).run();
}

} // namespace slicetool::sync
