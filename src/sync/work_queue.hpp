#pragma once

#include "base/stop.hpp"
#include "sync/difference.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace slicetool::sync {

/// What an apply task holds at most: it is one transaction.
struct BatchLimits
{
    std::size_t ranges = 128;
    std::uint64_t rows = 2'000; ///< to be copied
};

/// What a worker does next.
struct Task
{
    enum class Stage {
        plan,        ///< cut further ranges off the key space and fingerprint them
        fingerprint, ///< the parts of ranges that differed
        leaf,        ///< list small ranges row by row
        apply,       ///< make ranges equal
        collided,    ///< the same, after a unique value of theirs stood in another row
        tail         ///< the rows beyond downstream's last key
    };

    Stage stage = Stage::plan;
    std::vector<Range> ranges;
    std::vector<Suspect> suspects;
    std::vector<RangeDifference> differences;
};

/// The backlog of one scan, shared by its workers; thread-safe. Tasks are bundled so that one
/// statement serves many ranges; the deepest stage that fills a bundle goes first, so that the
/// backlog stays small.
///
/// Phases: the comparison (plan, fingerprint, leaf, apply of what needs no deletes); then, once,
/// the ranges that waited with their deletes; then those in which unique values collided with other
/// rows', after which most of the values are free; then, once, the tail; then the end. From the
/// deletes on, whatever waits is handed out one task at a time.
class WorkQueue
{
public:
    /// `before_deletes` is called once, with the number of rows, when everything has been compared
    /// and the ranges with deletes are about to be handed out; what it throws comes out of take().
    WorkQueue(bool has_plan, bool has_tail, const base::StopToken& stop,
              std::function<void(std::uint64_t)> before_deletes, const BatchLimits& limits = {});

    /// Waits for a task. Empty when all work is done. Throws base::Interrupted after a requested
    /// stop or after another worker failed.
    std::optional<Task> take();

    /// The task from take() is done, and whatever followed from it was added.
    void done();

    /// This worker failed: all others end.
    void fail();

    void plan_finished();
    void add_parts(std::vector<Range> parts);
    void add_leaf(Suspect suspect);
    void add_difference(RangeDifference difference);

    /// Holds a difference back until everything has been compared. False when that has happened
    /// already: then nothing was added.
    bool add_delete(RangeDifference difference);

    /// Holds ranges back until nothing else is left but the tail; or, when that is under way, until
    /// its end. Their rows are to be listed anew then.
    void add_collided(const std::vector<RangeDifference>& differences);

private:
    std::optional<Task> bundle(bool partial);
    std::optional<Task> next_phase();

    const BatchLimits m_limits;
    const base::StopToken m_stop;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_plan_finished;
    bool m_tail_taken;
    bool m_failed = false;
    bool m_compared = false;
    const std::function<void(std::uint64_t)> m_before_deletes;
    std::size_t m_in_work = 0;
    std::deque<Range> m_parts;
    std::deque<Suspect> m_leaves;
    std::uint64_t m_leaf_rows = 0;
    std::deque<RangeDifference> m_differences;
    std::uint64_t m_rows_to_copy = 0;
    std::deque<RangeDifference> m_deletes;
    std::uint64_t m_waiting_deletes = 0;
    std::deque<Suspect> m_collided;
    std::shared_ptr<void> m_wake;
};

} // namespace slicetool::sync
