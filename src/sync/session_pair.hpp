#pragma once

#include "base/bounded_queue.hpp"
#include "db/session.hpp"
#include "sync/pace.hpp"

#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>

namespace slicetool::sync {

/// Runs closures one after another on a thread of its own, for a session that is to be read at the
/// same time as another one. The destructor waits for what was submitted.
class Courier
{
public:
    Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;
    ~Courier();

    /// The future carries the closure's result or exception.
    template<class Work>
    auto submit(Work work) -> std::future<decltype(work())>
    {
        auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
        auto result = task->get_future();
        m_queue.push([task] { (*task)(); });
        return result;
    }

private:
    base::StopToken m_never;
    base::BoundedQueue<std::function<void()>> m_queue;
    std::thread m_thread;
};

/// One worker's two sessions. For one thread at a time; `both` uses the courier for upstream.
class SessionPair
{
public:
    SessionPair(db::Session upstream, db::Session downstream, db::Role downstream_role);

    db::Session& upstream() { return m_upstream; }
    db::Session& downstream() { return m_downstream; }
    Courier& courier() { return *m_courier; }

    /// Runs a query on each side at the same time and waits for both, also when one throws.
    template<class Up, class Down>
    auto both(Up up, Down down) -> std::pair<std::invoke_result_t<Up, db::Session&>,
                                             std::invoke_result_t<Down, db::Session&>>
    {
        auto ahead =
            m_courier->submit([this, up = std::move(up)]() mutable { return up(m_upstream); });
        auto finished = std::shared_ptr<void>(nullptr, [&](void*) {
            if (ahead.valid())
                ahead.wait();
        });
        auto here = down(m_downstream);
        return {ahead.get(), std::move(here)};
    }

    /// Whether one server has both sides (sync/same_server); no, unless somebody has found out.
    bool one_server() const { return m_one_server; }
    void set_one_server(bool one_server) { m_one_server = one_server; }

    /// The run's pace; a pair without one rests never.
    void keep_pace(std::shared_ptr<Pace> pace) { m_pace = std::move(pace); }
    Pace* pace() const { return m_pace.get(); }

    /// To be called between transactions: waits until the run's limits are kept. Throws
    /// base::Interrupted.
    void rest();

    /// So much was copied or deleted: waits as long as the run's rate says, also inside a
    /// transaction. Throws base::Interrupted.
    void moved(std::uint64_t rows, std::uint64_t bytes);

    /// A new downstream session after its connection was lost. Throws OtherServer when the address
    /// leads to another server now.
    void reopen_downstream();

    /// Whether downstream refuses values that it would have to change (it does, unless told
    /// otherwise). The setting outlives a lost connection.
    void set_downstream_strict(db::Strict strict);

private:
    db::Session m_upstream;
    db::Session m_downstream;
    db::Role m_downstream_role;
    db::Strict m_downstream_strict = db::Strict::yes;
    std::shared_ptr<Pace> m_pace;
    bool m_one_server = false;
    std::unique_ptr<Courier> m_courier;
};

} // namespace slicetool::sync
