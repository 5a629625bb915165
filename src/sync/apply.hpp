#pragma once

#include "base/stop.hpp"
#include "sync/carried_rows.hpp"
#include "sync/difference.hpp"
#include "sync/session_pair.hpp"
#include "sync/statements.hpp"
#include "sync/undo_batch.hpp"

#include <cstdint>
#include <vector>

namespace slicetool::sync {

/// Rows written so far by one call.
struct Applied
{
    std::uint64_t copied = 0;
    std::uint64_t deleted = 0;
    /// Other rows hold unique values of the batch's: nothing was written.
    bool collided = false;
    /// The server would not copy the rows by itself: they went through the client.
    bool local_refused = false;
    /// Ranges that were copied, could not be proven equal, and were rolled back; to be compared
    /// anew.
    std::vector<RangeDifference> unproven;
    /// Ranges that were rolled back with them.
    std::vector<RangeDifference> undone;
};

/// What to do when another row of the table holds a unique value of a row to be copied.
enum class Collisions {
    leave,  ///< write nothing: its own range may free the value in time
    resolve ///< bring the other row up to date too (unique_victims.hpp)
};

/// How rows get from one side to the other.
enum class CopyWay {
    client, ///< out of upstream's snapshot, through this program
    local   ///< the server, which holds both sides, copies them (local_copy.hpp)
};

/// Makes differing ranges, or rows named by key, equal, one transaction a batch:
///
///   1. delete the changed and the extra rows by key (or a whole range);
///   2. stream the changed and missing rows from upstream's snapshot and insert them;
///   3. prove: downstream's fingerprint of every range, or the digest of every row named by key,
///      equals upstream's, inside the transaction;
///   4. have the rows that are gone or changed on disk, if they are to be saved (undo_batch.hpp);
///   5. commit.
///
/// By CopyWay::local, 2 is one statement of the server's; a range that could not be proven so comes
/// back, and goes through the client the next time.
///
/// Not REPLACE and not ON DUPLICATE KEY UPDATE: with a second unique key they hit the wrong row. A
/// duplicate-key error rolls back, and is left or resolved. Deadlocks, lock waits and lost
/// downstream connections are retried whole, a few times. For one thread at a time, with its own
/// sessions.
class Applier
{
public:
    /// The reference must outlive the applier.
    Applier(const TablePair& pair, const base::StopToken& stop, CopyWay way = CopyWay::client);

    /// Batches whose collisions are resolved may write rows of each other: one at a time.
    Applied apply(const std::vector<RangeDifference>& batch, SessionPair& sessions,
                  Collisions collisions);

private:
    Applied write(const std::vector<RangeDifference>& batch, SessionPair& sessions);
    Applied attempt(const std::vector<RangeDifference>& batch, SessionPair& sessions);
    bool is_local(const RangeDifference& difference) const;
    void begin_local(const std::vector<RangeDifference>& batch, db::Session& downstream) const;
    std::uint64_t copy_locally(const std::vector<RangeDifference>& batch, SessionPair& sessions);
    Applied delete_range(const RangeDifference& difference, SessionPair& sessions);
    void delete_rows(const std::vector<RangeDifference>& batch, UndoBatch& undo, Applied& applied);
    static void tell_written(const std::vector<RangeDifference>& batch, UndoBatch& undo);
    std::uint64_t copy_rows(const std::vector<RangeDifference>& batch, const CarriedRows& carried,
                            SessionPair& sessions);

    const TablePair& m_pair;
    base::StopToken m_stop;
    CopyWay m_way;
};

/// Ranges of `batch` that are not equal to upstream, as downstream sees them now (positions in the
/// batch). Fingerprints first; where they do not settle it, the rows' digests one by one.
std::vector<std::size_t> unequal_ranges(const TablePair& pair,
                                        const std::vector<RangeDifference>& batch,
                                        SessionPair& sessions);

/// What becomes of a batch whose ranges at `unequal` cannot be proven, when it is rolled back. To
/// be called before that: throws when one of them was tried often enough, and tells which row of it
/// differs.
Applied give_back(const TablePair& pair, const std::vector<RangeDifference>& batch,
                  const std::vector<std::size_t>& unequal, SessionPair& sessions);

} // namespace slicetool::sync
