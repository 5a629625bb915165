#include "sync/proven_chain.hpp"

#include "sync/proven_ranges.hpp"

#include <utility>

namespace slicetool::sync {

void ProvenChain::add(const Range& range, std::uint64_t rows)
{
    if (!range.upper)
        return;
    const std::scoped_lock lock(m_mutex);
    Piece piece{range.lower ? encode_bound(*range.lower) : "", *range.upper, rows};
    if (const auto before = m_lowers.find(piece.lower); before != m_lowers.end()) {
        const Piece left = taken(m_pieces.find(before->second));
        piece.lower = left.lower;
        piece.rows += left.rows;
    }
    if (const auto after = m_pieces.find(encode_bound(piece.upper)); after != m_pieces.end()) {
        const Piece right = taken(after);
        piece.upper = right.upper;
        piece.rows += right.rows;
    }
    if (piece.lower.empty())
        m_grown(piece.upper, piece.rows);
    m_lowers[encode_bound(piece.upper)] = piece.lower;
    std::string lower = piece.lower;
    m_pieces[std::move(lower)] = std::move(piece);
}

/// The piece, which is none of the map's any longer.
ProvenChain::Piece ProvenChain::taken(std::map<std::string, Piece>::iterator at)
{
    Piece piece = std::move(at->second);
    m_pieces.erase(at);
    m_lowers.erase(encode_bound(piece.upper));
    return piece;
}

} // namespace slicetool::sync
