#pragma once

#include "sync/apply.hpp"
#include "sync/held_differences.hpp"
#include "sync/step_context.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// Compares rows that are named by their keys, and, if the run writes, makes them equal; no other
/// row is touched, save one that holds a unique value of theirs (unique_victims.hpp).
///
///   1. compare(): downstream's digests of upstream's rows are looked up; what differs is kept;
///   2. copy(): what is kept is copied by the Applier, a transaction and a proof for each batch;
///   3. finish(): the rows to be deleted are counted against the limit and deleted; then come the
///      batches whose unique values another row held, each compared anew.
///
/// For one thread, with the context's first pair of sessions. The references must outlive it.
class KeyRows
{
public:
    /// `deciding` is the pair whose upstream side decides about rows that hold a unique value of
    /// the ones to copy: what it does not show is refused rather than changed, if
    /// `choices.keep_outside` says so.
    KeyRows(const StepContext& context, const TablePair& pair, const TablePair& deciding,
            report::TableResult& result);

    /// Looks at some of upstream's rows and keeps what differs. Upstream's session may be in the
    /// midst of sending them.
    void compare(const DigestsByKey& upstream);

    /// Rows that downstream has and is not to have.
    void remove(std::vector<KeyTuple> extra);

    /// A range that could not be loaded in bulk, to be applied row by row.
    void defer(RangeDifference range);

    /// Tells, and copies, what the comparisons so far have found. Needs upstream's session.
    void copy();

    void finish();

private:
    void keep(RangeDifference difference);
    void list(const RangeDifference& difference);
    void apply(RangeDifference difference, const TablePair& pair, Collisions collisions);
    RangeDifference again(const RangeDifference& difference) const;
    void refuse_too_many_deletes() const;
    void tell(report::Phase phase) const;

    const StepContext& m_context;
    const TablePair& m_pair;
    const TablePair& m_deciding;
    report::TableResult& m_result;
    HeldDifferences m_held;
    std::vector<RangeDifference> m_batches;
    std::vector<KeyTuple> m_extra;
    std::vector<RangeDifference> m_collided;
};

} // namespace slicetool::sync
