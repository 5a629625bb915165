#pragma once

#include "base/stop.hpp"
#include "sync/difference.hpp"
#include "sync/session_pair.hpp"
#include "sync/statements.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace slicetool::sync {

struct BulkOutcome
{
    std::uint64_t copied = 0;
    /// Pieces that could not be loaded as they are (a unique value is held by another row, a value
    /// did not arrive as it was sent): rolled back, to be applied row by row.
    std::vector<RangeDifference> refused;
};

/// Who is told what; on the thread that copies.
struct BulkListener
{
    /// Now and then: the rows read so far, and those of them that are committed.
    std::function<void(std::uint64_t seen, std::uint64_t committed)> progress;
    /// A transaction with the rows of this range was proven and committed; may be empty.
    std::function<void(const Range& range, std::uint64_t rows)> committed;
};

/// Copies a range that is empty downstream: streams upstream's rows in key order and loads them, by
/// LOAD DATA LOCAL through a pipe where downstream allows it, else by multi-row INSERTs. The rows
/// are digested here on their way, piece by piece; inside each transaction downstream's
/// fingerprints of the pieces must equal those digests.
BulkOutcome bulk_copy(const TablePair& pair, const Range& range, SessionPair& sessions,
                      const base::StopToken& stop, const BulkListener& listener);

} // namespace slicetool::sync
