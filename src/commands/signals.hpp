#pragma once

#include "base/stop.hpp"

#include <memory>
#include <thread>

namespace slicetool::commands {

/// Turns SIGINT, SIGTERM and SIGHUP into a requested stop, on a thread of its own. A server may
/// leave a statement unanswered for minutes: a second signal, or two seconds after the first, ends
/// the process at once; the servers roll back what was open. Make it first in main, before other
/// threads.
class SignalWatch
{
public:
    explicit SignalWatch(const base::StopToken& stop);
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;
    ~SignalWatch();

private:
    void watch();

    base::StopToken m_stop;
    std::thread m_thread;
};

} // namespace slicetool::commands
