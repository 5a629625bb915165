#pragma once

#include "sync/key_rows.hpp"

#include <cstdint>
#include <string>

namespace slicetool::sync {

/// Upstream's rows that somebody wants to have looked at.
struct Candidates
{
    std::string from;      ///< what stands behind FROM: the side's, or without a forced index
    std::string condition; ///< besides the side's own; empty: none
    Range within;          ///< of keys
};

/// Digests and keys of at most `limit` candidates, in key order.
std::string build_candidates(const TableSide& side, const Candidates& candidates,
                             std::uint64_t limit);

/// Compares all of them, and, if the run writes, copies what differs, a portion at a time, so that
/// memory stays bounded: each portion is a query of its own, since upstream's session cannot send
/// rows while others are copied from it.
void look_at(const Candidates& candidates, const StepContext& context, const TablePair& pair,
             KeyRows& rows);

} // namespace slicetool::sync
