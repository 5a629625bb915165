#include "commands/signals.hpp"

#include "commands/exit_status.hpp"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <unistd.h>

namespace slicetool::commands {

namespace {

constexpr int k_end_watch = SIGUSR2;
constexpr std::time_t k_patience_seconds = 2;

sigset_t watched_signals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, k_end_watch})
        sigaddset(&set, signal);
    return set;
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
    const timespec patience{k_patience_seconds, 0};
    int next = 0;
    do
        next = sigtimedwait(&set, nullptr, &patience);
    while (next < 0 && errno == EINTR);
    if (next == k_end_watch)
        return;
    static constexpr char k_words[] =
        "\r\033[Kslicetool: interrupted; the servers roll back what was not committed.\n";
    const char* words = isatty(STDERR_FILENO) != 0 ? k_words : k_words + 4;
    [[maybe_unused]] const auto written = ::write(
        STDERR_FILENO, words, sizeof(k_words) - 1 - static_cast<std::size_t>(words - k_words));
    ::_exit(k_exit_interrupted);
}

} // namespace slicetool::commands
