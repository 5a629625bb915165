#include "base/stop.hpp"

#include "base/error.hpp"

#include <utility>

namespace slicetool::base {

void StopToken::throw_if_stopped() const
{
    if (stop_requested())
        throw Interrupted();
}

void StopToken::wait_for(std::chrono::milliseconds duration) const
{
    std::unique_lock lock(m_state->mutex);
    m_state->stopped.wait_for(lock, duration, [this] { return stop_requested(); });
}

void StopToken::request_stop()
{
    const std::scoped_lock lock(m_state->mutex);
    if (m_state->requested.exchange(true, std::memory_order_acq_rel))
        return;
    m_state->stopped.notify_all();
    for (const auto& wake : m_state->callbacks)
        wake();
}

std::shared_ptr<void> StopToken::on_stop(std::function<void()> wake) const
{
    const std::scoped_lock lock(m_state->mutex);
    if (stop_requested()) {
        wake();
        return nullptr;
    }
    auto& callbacks = m_state->callbacks;
    const auto position = callbacks.insert(callbacks.end(), std::move(wake));
    auto remove = [state = m_state, position](void*) {
        const std::scoped_lock guard(state->mutex);
        state->callbacks.erase(position);
    };
    return {static_cast<void*>(m_state.get()), std::move(remove)};
}

} // namespace slicetool::base
