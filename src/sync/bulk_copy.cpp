#include "sync/bulk_copy.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "sync/apply.hpp"
#include "sync/load_pipe.hpp"
#include "sync/reads.hpp"
#include "sync/row_inserter.hpp"
#include "sync/undo_batch.hpp"
#include "sync/unique_checks.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <spdlog/spdlog.h>
#include <utility>

namespace slicetool::sync {

namespace {

/// Rows that are digested, and later proven, together.
constexpr std::uint64_t k_piece_rows = 1000;

/// Rows and bytes of one transaction: what a failure costs, and what the server must be able to
/// undo.
constexpr std::uint64_t k_transaction_rows = 100'000;
constexpr std::uint64_t k_transaction_bytes = 64 * 1024 * 1024;

/// Digests rows on their way and closes pieces.
class PieceDigester
{
public:
    PieceDigester(const TablePair& pair, const Range& range)
        : m_pair(pair), m_digest(pair.downstream.encoding.digest()), m_lower(range.lower),
          m_piece_bytes(1024 * 1024),
          m_most_rows(std::min(k_piece_rows, pair.downstream.fingerprint.always_complete_rows()))
    {
    }

    void add(const RowValues& values)
    {
        refuse_cut_values(m_pair, values);
        m_text.clear();
        m_pair.upstream.encoding.encode(values, m_text);
        m_digest.update(m_text);
        m_bytes += m_text.size();
        ++m_rows;
        if (m_rows >= m_most_rows || m_bytes >= m_piece_bytes)
            close(values);
    }

    /// Ends the piece in work after the row `last`.
    void close(const RowValues& last)
    {
        if (m_rows == 0)
            return;
        RangeDifference piece;
        piece.range = {m_lower, Bound{key_of(m_pair, last), true}, {}};
        piece.upstream = {m_rows, m_digest.finish(), true};
        piece.whole = true;
        m_lower = piece.range.upper;
        m_pieces.push_back(std::move(piece));
        m_rows = 0;
        m_bytes = 0;
    }

    std::vector<RangeDifference> take() { return std::exchange(m_pieces, {}); }

private:
    const TablePair& m_pair;
    hash::Digest m_digest;
    std::optional<Bound> m_lower;
    const std::uint64_t m_piece_bytes;
    const std::uint64_t m_most_rows;
    std::string m_text;
    std::uint64_t m_rows = 0;
    std::uint64_t m_bytes = 0;
    std::vector<RangeDifference> m_pieces;
};

/// The rows of one transaction on their way to downstream. A failure is kept for finish(); rows
/// after it are dropped.
class BulkWriter
{
public:
    BulkWriter(const TablePair& pair, db::Session& downstream, const base::StopToken& stop)
    {
        if (downstream.server().local_infile)
            m_load = std::make_unique<LoadPipe>(pair.downstream, downstream, stop);
        else
            m_insert = std::make_unique<RowInserter>(pair, downstream);
    }

    void add(const RowValues& values)
    {
        if (m_failure)
            return;
        try {
            if (m_load)
                m_load->add(values);
            else
                m_insert->add(values, {});
        } catch (const db::Error& failure) {
            m_failure = failure;
        }
    }

    /// The rows stored; throws the failure.
    std::uint64_t finish()
    {
        if (m_failure)
            throw *m_failure;
        return m_load ? m_load->finish() : m_insert->finish();
    }

private:
    std::unique_ptr<LoadPipe> m_load;
    std::unique_ptr<RowInserter> m_insert;
    std::optional<db::Error> m_failure;
};

class BulkCopy
{
public:
    BulkCopy(const TablePair& pair, SessionPair& sessions, const base::StopToken& stop)
        : m_pair(pair), m_sessions(sessions), m_stop(stop)
    {
    }

    BulkOutcome run(const Range& range, const BulkListener& listener);

private:
    bool transaction(db::Result& rows, PieceDigester& digester, const BulkListener& listener);
    bool stored(const std::vector<RangeDifference>& pieces, BulkWriter& writer, std::uint64_t sent);

    const TablePair& m_pair;
    SessionPair& m_sessions;
    base::StopToken m_stop;
    BulkOutcome m_outcome;
};

/// True when everything sent is there and proven; false when it must be rolled back and go row by
/// row.
bool BulkCopy::stored(const std::vector<RangeDifference>& pieces, BulkWriter& writer,
                      std::uint64_t sent)
{
    try {
        if (writer.finish() != sent)
            return false;
        base::at(base::Stage::bulk_loaded);
    } catch (const db::Error& failure) {
        if (!failure.duplicate_key() && !failure.retryable())
            throw;
        spdlog::info("{} The rows will be copied in smaller steps.", failure.what());
        if (failure.connection_lost())
            m_sessions.reopen_downstream();
        return false;
    }
    std::vector<Range> ranges;
    for (const auto& piece : pieces)
        ranges.push_back(piece.range);
    const auto now = read_fingerprints(m_sessions.downstream(), m_pair.downstream, ranges);
    for (std::size_t at = 0; at < pieces.size(); ++at) {
        if (!hash::proves_equal(pieces[at].upstream, now[at]))
            return false;
    }
    return true;
}

/// One transaction, from the current row of `rows` on. Returns false when the rows have ended.
bool BulkCopy::transaction(db::Result& rows, PieceDigester& digester, const BulkListener& listener)
{
    constexpr std::uint64_t k_rows_between_news = 5'000;
    const std::size_t columns = m_pair.upstream.encoding.columns().size();
    auto open = std::make_unique<db::Transaction>(m_sessions.downstream());
    auto writer = std::make_unique<BulkWriter>(m_pair, m_sessions.downstream(), m_stop);
    base::at(base::Stage::bulk_begun);
    std::uint64_t sent = 0;
    std::uint64_t bytes = 0;
    RowValues values;
    bool more = true;
    while (more && sent < k_transaction_rows && bytes < k_transaction_bytes) {
        values = row_values(rows, 0, columns);
        const std::uint64_t row_bytes = value_bytes(values);
        bytes += row_bytes;
        digester.add(values);
        writer->add(values);
        m_sessions.moved(1, row_bytes);
        if (++sent % k_rows_between_news == 0) {
            base::at(base::Stage::bulk_streaming);
            m_stop.throw_if_stopped();
            listener.progress(m_outcome.copied + sent, m_outcome.copied);
        }
        more = rows.next();
    }
    digester.close(values);
    auto pieces = digester.take();
    const bool proven = stored(pieces, *writer, sent);
    writer.reset();
    if (proven) {
        base::at(base::Stage::bulk_proven);
        UndoBatch undo(m_pair, m_sessions.downstream());
        undo.filled_alike(pieces);
        undo.save();
        open->commit();
        base::at(base::Stage::bulk_committed);
        m_outcome.copied += sent;
        if (listener.committed)
            listener.committed({pieces.front().range.lower, pieces.back().range.upper, {}}, sent);
    } else {
        open.reset();
        std::move(pieces.begin(), pieces.end(), std::back_inserter(m_outcome.refused));
    }
    listener.progress(m_outcome.copied, m_outcome.copied);
    return more;
}

BulkOutcome BulkCopy::run(const Range& range, const BulkListener& listener)
{
    PieceDigester digester(m_pair, range);
    db::Result rows = m_sessions.upstream().query("read rows of " + m_pair.upstream.name,
                                                  build_rows_of_range(m_pair.upstream, range));
    if (!rows.next())
        return {};
    const UniqueChecksOff unchecked(m_pair, m_sessions);
    while (transaction(rows, digester, listener))
        m_sessions.rest();
    return std::move(m_outcome);
}

} // namespace

BulkOutcome bulk_copy(const TablePair& pair, const Range& range, SessionPair& sessions,
                      const base::StopToken& stop, const BulkListener& listener)
{
    return BulkCopy(pair, sessions, stop).run(range, listener);
}

} // namespace slicetool::sync
