#include "commands/signals.hpp"

#include "commands/exit_status.hpp"

#include <chrono>
#include <csignal>
#include <ctime>
#include <unistd.h>

namespace slicetool::commands {

namespace {

constexpr int k_end_watch = SIGUSR2;
constexpr std::chrono::seconds k_patience{2};

/// Signals that come so soon after the first are the same request: timeout(1) sends each to the
/// program and to its process group.
constexpr std::chrono::milliseconds k_same_request{500};

sigset_t watched_signals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, k_end_watch})
        sigaddset(&set, signal);
    return set;
}

/// False when the watch is to end; true when the patience or, by another signal, the user's is at
/// its end.
bool wait_for_end_of_patience(const sigset_t& set)
{
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::nanoseconds>(start + k_patience - Clock::now());
        if (left.count() <= 0)
            return true;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
        const timespec wait{seconds.count(), (left - seconds).count()};
        const int next = sigtimedwait(&set, nullptr, &wait);
        if (next == k_end_watch)
            return false;
        if (next > 0 && Clock::now() - start > k_same_request)
            return true;
    }
}

} // namespace

SignalWatch::SignalWatch(const base::StopToken& stop) : m_stop(stop)
{
    const sigset_t set = watched_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr); // inherited by every later thread
    std::signal(SIGPIPE, SIG_IGN);
    m_thread = std::thread([this] { watch(); });
}

SignalWatch::~SignalWatch()
{
    pthread_kill(m_thread.native_handle(), k_end_watch);
    m_thread.join();
}

void SignalWatch::watch()
{
    const sigset_t set = watched_signals();
    int signal = 0;
    while (sigwait(&set, &signal) != 0) {
    }
    if (signal == k_end_watch)
        return;
    m_stop.request_stop();
    if (!wait_for_end_of_patience(set))
        return;
    static constexpr char k_words[] =
        "\r\033[Kslicetool: interrupted; the servers roll back what was not committed.\n";
    const char* words = isatty(STDERR_FILENO) != 0 ? k_words : k_words + 4;
    [[maybe_unused]] const auto written = ::write(
        STDERR_FILENO, words, sizeof(k_words) - 1 - static_cast<std::size_t>(words - k_words));
    ::_exit(k_exit_interrupted);
}

} // namespace slicetool::commands
