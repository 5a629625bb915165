#include "base/error.hpp"
#include "base/stage.hpp"
#include "sync/reads.hpp"
#include "sync/undo_table.hpp"

#include <fmt/format.h>
#include <limits>

namespace slicetool::sync {

namespace {

std::optional<Bound> bound(const std::optional<undo::Bound>& saved)
{
    if (!saved)
        return std::nullopt;
    return Bound{saved->key, saved->after};
}

/// The ranges of one frame, in one transaction.
class PiecesUndo
{
public:
    PiecesUndo(UndoneTable& table, const UndoContext& context,
               const std::vector<undo::Piece>& pieces)
        : m_table(table), m_context(context), m_pieces(pieces)
    {
        for (const auto& piece : pieces)
            m_ranges.push_back({bound(piece.lower), bound(piece.upper), {}});
    }

    void run()
    {
        if (m_context.options.dry_run)
            look();
        else
            in_transaction(m_context, Reads::locking, [this] {
                look();
                base::at(base::Stage::undo_looked);
                empty();
            });
        count();
    }

private:
    bool is_as_left(std::size_t at) const
    {
        return hash::proves_equal(m_now[at], {m_pieces[at].rows, m_pieces[at].digest, true});
    }

    bool goes(std::size_t at) const
    {
        return m_now[at].rows > 0 && (is_as_left(at) || m_context.options.force);
    }

    void look() { m_now = read_fingerprints(m_context.session, m_table.side(), m_ranges); }

    /// The ranges held no row before the batch. What is deleted is what was fingerprinted: the look
    /// has locked it.
    void empty() const
    {
        for (std::size_t at = 0; at < m_ranges.size(); ++at) {
            if (!goes(at))
                continue;
            const auto gone = m_context.session.execute(
                "delete rows of " + m_table.side().name,
                build_delete_range(m_table.side(), m_ranges[at],
                                   std::numeric_limits<std::int64_t>::max()));
            if (gone != m_now[at].rows && !m_context.options.force)
                throw base::Error(fmt::format(
                    "Table {}: another program writes to the range {}; it was rolled back. Run "
                    "undo again.",
                    m_table.side().name, describe(m_table.side().key, m_ranges[at])));
        }
    }

    void count()
    {
        for (std::size_t at = 0; at < m_ranges.size(); ++at) {
            if (m_now[at].rows == 0)
                m_table.result.as_before += m_pieces[at].rows;
            else if (goes(at))
                m_table.result.restored += m_now[at].rows;
            else
                refuse_range(at);
        }
    }

    void refuse_range(std::size_t at)
    {
        m_table.result.refused += m_now[at].rows;
        m_context.reporter.difference(m_table.side().name,
                                      {report::DifferenceKind::changed_since,
                                       {{"range", describe(m_table.side().key, m_ranges[at])}},
                                       {}});
    }

    UndoneTable& m_table;
    const UndoContext& m_context;
    const std::vector<undo::Piece>& m_pieces;
    std::vector<Range> m_ranges;
    std::vector<hash::Fingerprint> m_now;
};

} // namespace

void undo_pieces(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch)
{
    for (auto place = batch.frames.rbegin(); place != batch.frames.rend(); ++place) {
        const auto frame = context.file.read(*place);
        if (frame.kind == undo::Kind::pieces)
            PiecesUndo(table, context, frame.pieces).run();
    }
}

} // namespace slicetool::sync
