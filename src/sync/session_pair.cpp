#include "sync/session_pair.hpp"

#include "sync/same_server.hpp"

namespace slicetool::sync {

Courier::Courier()
    : m_queue(8, m_never), m_thread([this] {
          const db::ThreadGuard guard;
          while (auto work = m_queue.pop())
              (*work)();
      })
{
}

Courier::~Courier()
{
    m_queue.close();
    m_thread.join();
}

SessionPair::SessionPair(db::Session upstream, db::Session downstream, db::Role downstream_role)
    : m_upstream(std::move(upstream)), m_downstream(std::move(downstream)),
      m_downstream_role(downstream_role), m_courier(std::make_unique<Courier>())
{
}

void SessionPair::rest()
{
    if (m_pace)
        m_pace->rest();
}

void SessionPair::moved(std::uint64_t rows, std::uint64_t bytes)
{
    if (!m_pace || !m_pace->has_rate())
        return;
    m_pace->moved(rows, bytes);
    m_pace->slow_down();
}

void SessionPair::reopen_downstream()
{
    m_downstream = open_beside(m_downstream, m_downstream_role);
    if (m_downstream_strict == db::Strict::no)
        m_downstream.set_strict(m_downstream_strict);
}

void SessionPair::set_downstream_strict(db::Strict strict)
{
    if (strict == m_downstream_strict)
        return;
    m_downstream_strict = strict;
    m_downstream.set_strict(strict);
}

} // namespace slicetool::sync
