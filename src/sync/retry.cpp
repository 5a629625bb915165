#include "sync/retry.hpp"

#include "db/error.hpp"

#include <chrono>
#include <random>
#include <spdlog/spdlog.h>

namespace slicetool::sync {

namespace {

/// A transaction is tried this often before its trouble is told.
constexpr unsigned k_attempts = 6;

void back_off(unsigned attempt, const base::StopToken& stop)
{
    static thread_local std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<int> spread(0, 50);
    stop.wait_for(std::chrono::milliseconds((20 << attempt) + spread(random)));
    stop.throw_if_stopped();
}

} // namespace

void with_retries(SessionPair& sessions, const base::StopToken& stop,
                  const std::function<void()>& transaction)
{
    bool downstream_lost = false;
    for (unsigned attempts = 1;; ++attempts) {
        try {
            if (downstream_lost)
                sessions.reopen_downstream();
            downstream_lost = false;
            return transaction();
        } catch (const db::Error& failure) {
            const bool upstream_lost =
                failure.connection_lost() &&
                failure.endpoint() == sessions.upstream().endpoint().describe();
            if (!failure.retryable() || upstream_lost || attempts == k_attempts)
                throw;
            spdlog::warn("{} Trying the batch again ({} of {}).", failure.what(), attempts,
                         k_attempts - 1);
            downstream_lost = downstream_lost || failure.connection_lost();
            back_off(attempts, stop);
        }
    }
}

} // namespace slicetool::sync
