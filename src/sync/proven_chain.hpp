#pragma once

#include "sync/range.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace slicetool::sync {

/// Joins proven ranges, which come in any order, at bounds that are the same, and tells how far
/// they reach from −∞ on. Keys are never compared but for being the same bytes: only servers know
/// their order. Neighbours become one at once, so memory grows with the gaps only. Thread-safe.
class ProvenChain
{
public:
    /// All rows below `below`, `rows` of them, are proven.
    using Grown = std::function<void(const Bound& below, std::uint64_t rows)>;

    /// `grown` is called with the chain's lock held.
    explicit ProvenChain(Grown grown) : m_grown(std::move(grown)) {}

    /// A range with so many rows on each side is proven. One without an upper bound is not taken:
    /// with it the table is.
    void add(const Range& range, std::uint64_t rows);

private:
    struct Piece
    {
        std::string lower; ///< encoded; empty: −∞
        Bound upper;
        std::uint64_t rows = 0;
    };

    Piece taken(std::map<std::string, Piece>::iterator at);

    const Grown m_grown;
    std::mutex m_mutex;
    std::map<std::string, Piece> m_pieces;       ///< by lower bound; none touches another
    std::map<std::string, std::string> m_lowers; ///< by upper bound: the lower one
};

} // namespace slicetool::sync
