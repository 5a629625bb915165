#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>

namespace slicetool::base {

/// A request to stop, shared by everything that may have to wait. Copies refer to the same request.
/// All members may be called from any thread; none may be called from a signal handler (the command
/// line turns SIGINT and SIGTERM into `request_stop` on a thread of its own).
class StopToken
{
public:
    StopToken() : m_state(std::make_shared<State>()) {}

    bool stop_requested() const { return m_state->requested.load(std::memory_order_acquire); }

    /// Throws Interrupted when a stop was requested.
    void throw_if_stopped() const;

    /// Waits that long, or until a stop is requested.
    void wait_for(std::chrono::milliseconds duration) const;

    /// Marks the request and runs the registered callbacks once, on the calling thread.
    void request_stop();

    /// Runs `wake` when the stop is requested, or at once if it already was. The callback is
    /// removed when the returned handle is destroyed; destruction waits for a callback that is
    /// running.
    [[nodiscard]] std::shared_ptr<void> on_stop(std::function<void()> wake) const;

private:
    struct State
    {
        std::atomic<bool> requested{false};
        std::mutex mutex;
        std::condition_variable stopped;
        std::list<std::function<void()>> callbacks;
    };

    std::shared_ptr<State> m_state;
};

} // namespace slicetool::base
