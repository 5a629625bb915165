#include "sync/work_queue.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace slicetool::sync {

namespace {

/// Bundle sizes. Parts hold some 60 rows each, so a statement reads about as many rows as one of
/// the first level; leaves send about 30 bytes a row.
constexpr std::size_t k_parts_per_task = 256;
constexpr std::size_t k_leaves_per_task = 128;
constexpr std::uint64_t k_leaf_rows_per_task = 16'384;

std::uint64_t leaf_rows(const Suspect& suspect)
{
    return suspect.upstream.rows + suspect.downstream.rows;
}

} // namespace

WorkQueue::WorkQueue(bool has_plan, bool has_tail, const base::StopToken& stop,
                     std::function<void(std::uint64_t)> before_deletes, const BatchLimits& limits)
    : m_limits(limits), m_stop(stop), m_plan_finished(!has_plan), m_tail_taken(!has_tail),
      m_before_deletes(std::move(before_deletes)), m_wake(stop.on_stop([this] {
          const std::scoped_lock lock(m_mutex);
          m_changed.notify_all();
      }))
{
}

std::optional<Task> WorkQueue::take()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        if (m_failed || m_stop.stop_requested())
            throw base::Interrupted();
        std::optional<Task> task = bundle(false);
        if (!task && !m_plan_finished)
            task = Task{Task::Stage::plan, {}, {}, {}};
        if (!task)
            task = bundle(true);
        if (!task && m_in_work == 0)
            task = next_phase();
        if (task) {
            ++m_in_work;
            return task;
        }
        if (m_in_work == 0) {
            m_changed.notify_all();
            return std::nullopt;
        }
        m_changed.wait(lock);
    }
}

/// The deepest bundle that is full, or any that is not empty.
std::optional<Task> WorkQueue::bundle(bool partial)
{
    Task task;
    if (m_differences.size() >= m_limits.ranges || m_rows_to_copy >= m_limits.rows ||
        (partial && !m_differences.empty() && m_parts.empty() && m_leaves.empty())) {
        task.stage = Task::Stage::apply;
        std::uint64_t rows = 0;
        while (!m_differences.empty() && task.differences.size() < m_limits.ranges &&
               rows < m_limits.rows) {
            rows += m_differences.front().rows_to_copy();
            task.differences.push_back(std::move(m_differences.front()));
            m_differences.pop_front();
        }
        m_rows_to_copy -= rows;
        return task;
    }
    if (m_leaves.size() >= k_leaves_per_task || m_leaf_rows >= k_leaf_rows_per_task ||
        (partial && !m_leaves.empty() && m_parts.empty())) {
        task.stage = Task::Stage::leaf;
        std::uint64_t rows = 0;
        while (!m_leaves.empty() && task.suspects.size() < k_leaves_per_task &&
               rows < k_leaf_rows_per_task) {
            rows += leaf_rows(m_leaves.front());
            task.suspects.push_back(std::move(m_leaves.front()));
            m_leaves.pop_front();
        }
        m_leaf_rows -= rows;
        return task;
    }
    if (m_parts.size() >= k_parts_per_task || (partial && !m_parts.empty())) {
        task.stage = Task::Stage::fingerprint;
        while (!m_parts.empty() && task.ranges.size() < k_parts_per_task) {
            task.ranges.push_back(std::move(m_parts.front()));
            m_parts.pop_front();
        }
        return task;
    }
    return std::nullopt;
}

std::optional<Task> WorkQueue::next_phase()
{
    if (!m_compared) {
        m_compared = true;
        if (m_waiting_deletes > 0)
            m_before_deletes(m_waiting_deletes);
    }
    if (!m_deletes.empty()) {
        // An emptied range is a transaction series of its own; the others are bundled as usual.
        Task task;
        task.stage = Task::Stage::apply;
        task.differences.push_back(std::move(m_deletes.front()));
        m_deletes.pop_front();
        while (!task.differences.back().whole && !m_deletes.empty() && !m_deletes.front().whole &&
               task.differences.size() < m_limits.ranges) {
            task.differences.push_back(std::move(m_deletes.front()));
            m_deletes.pop_front();
        }
        return task;
    }
    if (!m_collided.empty()) {
        Task task;
        task.stage = Task::Stage::collided;
        std::uint64_t rows = 0;
        while (!m_collided.empty() && task.suspects.size() < m_limits.ranges &&
               rows < m_limits.rows) {
            rows += m_collided.front().upstream.rows;
            task.suspects.push_back(std::move(m_collided.front()));
            m_collided.pop_front();
        }
        return task;
    }
    if (!m_tail_taken) {
        m_tail_taken = true;
        return Task{Task::Stage::tail, {}, {}, {}};
    }
    return std::nullopt;
}

void WorkQueue::done()
{
    const std::scoped_lock lock(m_mutex);
    --m_in_work;
    m_changed.notify_all();
}

void WorkQueue::fail()
{
    const std::scoped_lock lock(m_mutex);
    m_failed = true;
    m_changed.notify_all();
}

void WorkQueue::plan_finished()
{
    const std::scoped_lock lock(m_mutex);
    m_plan_finished = true;
}

void WorkQueue::add_parts(std::vector<Range> parts)
{
    const std::scoped_lock lock(m_mutex);
    std::move(parts.begin(), parts.end(), std::back_inserter(m_parts));
    m_changed.notify_all();
}

void WorkQueue::add_leaf(Suspect suspect)
{
    const std::scoped_lock lock(m_mutex);
    m_leaf_rows += leaf_rows(suspect);
    m_leaves.push_back(std::move(suspect));
    m_changed.notify_all();
}

void WorkQueue::add_difference(RangeDifference difference)
{
    const std::scoped_lock lock(m_mutex);
    m_rows_to_copy += difference.rows_to_copy();
    m_differences.push_back(std::move(difference));
    m_changed.notify_all();
}

bool WorkQueue::add_delete(RangeDifference difference)
{
    const std::scoped_lock lock(m_mutex);
    if (m_compared)
        return false;
    m_waiting_deletes += difference.extra_rows();
    m_deletes.push_back(std::move(difference));
    m_changed.notify_all();
    return true;
}

void WorkQueue::add_collided(const std::vector<RangeDifference>& differences)
{
    const std::scoped_lock lock(m_mutex);
    for (const auto& difference : differences)
        m_collided.push_back({difference.range, difference.upstream, {}, difference.attempts});
    m_changed.notify_all();
}

} // namespace slicetool::sync
