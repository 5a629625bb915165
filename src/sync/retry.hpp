#pragma once

#include "base/stop.hpp"
#include "sync/session_pair.hpp"

#include <functional>

namespace slicetool::sync {

/// Runs `transaction`, and again, a few times and with growing pauses, when it failed by a
/// deadlock, a lock wait or a lost downstream connection (which is opened anew). What it wrote must
/// have been rolled back then. A lost upstream connection took its snapshot along and is thrown at
/// once.
void with_retries(SessionPair& sessions, const base::StopToken& stop,
                  const std::function<void()>& transaction);

} // namespace slicetool::sync
