#include "commands/attempts.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "db/error.hpp"
#include "report/tee_reporter.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace slicetool::commands {

namespace {

constexpr std::chrono::seconds k_first_wait{1};
constexpr std::chrono::seconds k_longest_wait{60};

/// Passes on what attempts tell, but only once that the run starts, and no note that an earlier
/// attempt told, unless it is of something that happened again.
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

    void begin_again()
    {
        const std::scoped_lock lock(m_mutex);
        m_earlier_notes = m_notes;
    }

    void note(const std::string& table, report::Severity severity,
              const std::string& sentence) override
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_notes.emplace(table, sentence);
            if (m_earlier_notes.count({table, sentence}) != 0)
                return;
        }
        TeeReporter::note(table, severity, sentence);
    }

    void event(const std::string& table, report::Severity severity,
               const std::string& sentence) override
    {
        TeeReporter::note(table, severity, sentence);
    }

private:
    bool m_started = false; ///< told by one thread
    std::mutex m_mutex;     ///< of what follows
    std::set<std::pair<std::string, std::string>> m_notes;
    std::set<std::pair<std::string, std::string>> m_earlier_notes;
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
        attempts.begin_again();
        stop.wait_for(wait);
        stop.throw_if_stopped();
    }
}

} // namespace slicetool::commands
