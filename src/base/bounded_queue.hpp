#pragma once

#include "base/stop.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace slicetool::base {

/// Hands values from producing to consuming threads, holding at most `capacity` of them. Every wait
/// ends when the stop token is triggered or the queue is closed. All members are thread-safe.
template<class T>
class BoundedQueue
{
public:
    BoundedQueue(std::size_t capacity, const StopToken& stop)
        : m_capacity(capacity), m_stop(stop), m_wake(stop.on_stop([this] { close(); }))
    {
    }

    /// Waits for room. False when the queue was closed; the value is then dropped.
    bool push(T value)
    {
        std::unique_lock lock(m_mutex);
        m_room.wait(lock, [this] { return m_closed || m_values.size() < m_capacity; });
        if (m_closed)
            return false;
        m_values.push_back(std::move(value));
        m_filled.notify_one();
        return true;
    }

    /// Waits for a value. Empty when the queue was closed and everything in it was taken, or at
    /// once after a requested stop.
    std::optional<T> pop()
    {
        std::unique_lock lock(m_mutex);
        m_filled.wait(lock, [this] { return m_closed || !m_values.empty(); });
        if (m_values.empty() || m_stop.stop_requested())
            return std::nullopt;
        std::optional<T> value(std::move(m_values.front()));
        m_values.pop_front();
        m_room.notify_one();
        return value;
    }

    /// Nothing can be pushed any more; what is inside can still be taken.
    void close()
    {
        const std::scoped_lock lock(m_mutex);
        m_closed = true;
        m_filled.notify_all();
        m_room.notify_all();
    }

private:
    const std::size_t m_capacity;
    const StopToken m_stop;
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::condition_variable m_room;
    std::deque<T> m_values;
    bool m_closed = false;
    std::shared_ptr<void> m_wake; // last: gone before what its callback uses
};

} // namespace slicetool::base
