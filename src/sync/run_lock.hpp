#pragma once

#include "db/session.hpp"

namespace slicetool::sync {

/// Keeps two runs from writing to one downstream database at the same time, by GET_LOCK on a
/// connection of its own: the lock goes when that connection does, however the program ends. It
/// binds programs that take it, this one, and nobody else. For one thread at a time.
class RunLock
{
public:
    /// Takes the lock, or throws base::Busy after a short wait (the connection of a run that was
    /// killed may linger for a moment).
    explicit RunLock(const base::Endpoint& downstream);

    /// Throws db::Error when the connection, and with it the lock, was lost meanwhile.
    void check();

    const db::Session& session() const { return m_session; }

private:
    db::Session m_session;
};

} // namespace slicetool::sync
