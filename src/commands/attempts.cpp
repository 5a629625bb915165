#include "commands/attempts.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "db/error.hpp"
#include "report/tee_reporter.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <optional>

namespace slicetool::commands {

namespace {

constexpr std::chrono::seconds k_first_wait{1};
constexpr std::chrono::seconds k_longest_wait{60};

/// Passes on what an attempt tells, but not that the run starts once that was told.
class AttemptReporter : public report::TeeReporter
{
public:
    explicit AttemptReporter(report::Reporter& reporter)
        : TeeReporter({std::shared_ptr<report::Reporter>(&reporter, [](report::Reporter*) {})})
    {
    }

    void run_started(const report::RunInfo& info) override
    {
        if (!m_started)
            TeeReporter::run_started(info);
        m_started = true;
    }

private:
    bool m_started = false; ///< told by one thread
};

std::chrono::seconds wait_before(unsigned attempt)
{
    constexpr unsigned k_doublings = 6; // 64 s
    return std::min(k_first_wait * (1U << std::min(attempt - 1, k_doublings)), k_longest_wait);
}

} // namespace

void add_retry_option(CLI::App& command, unsigned& retries)
{
    command
        .add_option("--retry", retries,
                    "When a connection is lost, or cannot be had, begin again, at most N times, "
                    "after 1, 2, 4 … 60 seconds")
        ->group("Failures")
        ->type_name("N")
        ->check(CLI::Range(0U, 1000U))
        ->capture_default_str();
}

int with_attempts(unsigned retries, report::Reporter& reporter, const base::StopToken& stop,
                  const std::function<int(report::Reporter&)>& work)
{
    AttemptReporter attempts(reporter);
    for (unsigned attempt = 1;; ++attempt) {
        std::string failure;
        try {
            return work(attempts);
        } catch (const db::Error& problem) {
            if (!problem.may_pass() || attempt > retries)
                throw;
            failure = problem.what();
        } catch (const base::Busy& problem) {
            // The server may not know yet that our own connection, and its lock, is gone.
            if (attempt == 1 || attempt > retries)
                throw;
            failure = problem.what();
        }
        const auto wait = wait_before(attempt);
        reporter.note("", report::Severity::warning,
                      fmt::format("Attempt {} of {} failed: {} The next one begins in {}.", attempt,
                                  retries + 1, failure, base::format_duration(wait)));
        stop.wait_for(wait);
        stop.throw_if_stopped();
    }
}

} // namespace slicetool::commands
