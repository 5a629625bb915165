#pragma once

#include "report/reporter.hpp"
#include "sync/apply.hpp"
#include "sync/delete_limit.hpp"
#include "sync/density.hpp"
#include "sync/held_differences.hpp"
#include "sync/planner.hpp"
#include "sync/proven_chain.hpp"
#include "sync/work_queue.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace slicetool::sync {

/// Whether differences are only found or also mended.
enum class Mode { compare, make_equal };

/// What the user wants to see of differing rows.
struct Listing
{
    bool keys = false;
    bool columns = false; ///< the differing columns of changed rows, with both values
};

struct ScanOptions
{
    Mode mode = Mode::compare;
    Listing listing;
    DeleteLimit delete_limit;
    /// A comparison keeps what differs for later looks (sync/recheck) instead of telling it.
    bool holds_differences = false;
    /// Hears which ranges are proven; null: nobody does.
    ProvenChain* proven = nullptr;
    std::uint64_t rows_before = 0; ///< proven before, and not looked at: below TableBounds::start
};

/// What a scan has found and done so far.
struct ScanTotals
{
    std::uint64_t rows = 0;            ///< upstream rows of the ranges that are settled
    std::uint64_t downstream_rows = 0; ///< downstream rows of the ranges that are settled
    std::uint64_t missing = 0;
    std::uint64_t extra = 0;
    std::uint64_t changed = 0;
    std::uint64_t copied = 0;
    std::uint64_t deleted = 0;
    std::uint64_t ranges = 0;
    std::uint64_t zoomed_ranges = 0;
};

/// The comparison of one table as a queue of range tasks. Any number of workers, each with its own
/// pair of sessions, call `work` at the same time and return when no task is left.
///
///   1. the planner's ranges are fingerprinted on both sides at the same time;
///   2. a range that differs is split and its parts are fingerprinted again, down to leaves;
///   3. a leaf's (key, digest) lists tell the rows that are missing, extra or changed;
///   4. those rows are copied, and proven, batch by batch (Applier);
///   5. ranges that hold extra rows wait until the whole table has been compared: only then is it
///   known how
///      many rows would be deleted, and no delete rests on a comparison that did not finish;
///   6. then come the ranges in which a unique value collided with another row's, one batch at a
///   time;
///   7. rows beyond the downstream's last key are copied in bulk (or counted).
///
/// Where one server has both sides, 1 covers all keys, the server does 3 without 2, and copies the
/// rows in 4 itself (local_copy.hpp); there is no 7.
class Scan
{
public:
    /// The references must outlive the scan.
    Scan(const TablePair& pair, const TableBounds& bounds, const ScanOptions& options,
         report::Reporter& reporter, const base::StopToken& stop);

    /// Takes tasks until none is left. Throws what went wrong in this worker, or base::Interrupted
    /// after another worker failed.
    void work(SessionPair& sessions);

    /// As work, for sessions whose upstream has not read the table yet. While the table is waited
    /// for by somebody who wants to alter it, who waits for the first reader's transaction in turn,
    /// no other reader gets in: then this does nothing, and the first one works alone.
    void help(SessionPair& sessions);

    ScanTotals totals() const;

    /// What a comparison that holds differences has found; after the work has ended.
    HeldDifferences& held() { return m_held; }

    /// Where the rows were that differed.
    Density& density() { return m_density; }

private:
    void run(Task& task, SessionPair& sessions);
    void plan(SessionPair& sessions);
    std::size_t ranges_per_statement(const SessionPair& sessions);
    void fingerprint(const std::vector<Range>& ranges, SessionPair& sessions, bool first_level);
    void judge(Suspect suspect, SessionPair& sessions);
    void zoom_into(Suspect suspect, SessionPair& sessions);
    bool copies_blocks_whole() const;
    std::vector<RangeDifference> listed(const std::vector<Suspect>& suspects,
                                        SessionPair& sessions) const;
    void list(const std::vector<Suspect>& suspects, SessionPair& sessions);
    std::vector<Suspect> list_locally(const std::vector<Suspect>& suspects, SessionPair& sessions);
    bool is_local() const;
    void found(RangeDifference difference, SessionPair& sessions);
    void allow_deletes(std::uint64_t rows) const;
    void apply(const std::vector<RangeDifference>& batch, SessionPair& sessions,
               Collisions collisions);
    void tail(SessionPair& sessions);
    void settle(const Suspect& suspect);
    void prove(const Range& range, std::uint64_t rows) const;
    void tell(report::Phase phase);

    template<class Change>
    void count(Change change)
    {
        const std::scoped_lock lock(m_totals_mutex);
        change(m_totals);
    }

    const TablePair& m_pair;
    const ScanOptions m_options;
    report::Reporter& m_reporter;
    const base::StopToken m_stop;
    const std::uint64_t m_estimated_rows;
    HeldDifferences m_held;
    Density m_density;
    std::mutex m_planner_mutex;
    std::uint64_t m_next_ordinal = 0;   ///< of the planner's next range
    std::unique_ptr<Planner> m_planner; ///< null: downstream is empty, there is nothing to compare
    const Range m_tail;                 ///< beyond downstream's last key, if the plan ends there
    WorkQueue m_queue;
    std::atomic<unsigned> m_local_failures = 0;
    mutable std::mutex m_totals_mutex;
    ScanTotals m_totals;
};

} // namespace slicetool::sync
