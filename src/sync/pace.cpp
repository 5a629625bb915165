#include "sync/pace.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "db/replica.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <utility>

namespace slicetool::sync {

namespace {

using std::chrono::duration;

/// The servers are asked this often, and no more, whatever the number of workers.
constexpr std::chrono::seconds k_between_looks{1};

/// The share of the newest statement in what is known of the time that a row takes.
constexpr double k_share_of_newest = 0.3;

/// What a statement is about before it is known how long rows take.
constexpr std::uint64_t k_first_chunk_rows = 64'000;

/// Of a single statement, however quick its rows.
constexpr double k_most_chunk_rows = 1e9;

/// The same while the run pauses.
constexpr std::chrono::milliseconds k_between_tries{250};

/// Whether it may be waited for that a connection can be had again. Workers have connections to
/// both sides, too: where those servers are gone, waiting brings nothing back.
bool may_wait(const db::Error& failure, bool is_replica)
{
    return is_replica || (failure.may_pass() && !failure.connection_lost());
}

/// What servers say ends with a full stop, or does not.
std::string without_stop(std::string message)
{
    while (message.ends_with('.') || message.ends_with('\n'))
        message.pop_back();
    return message;
}

} // namespace

Pace::Watched::Watched(const base::Endpoint& server, bool replica)
    : endpoint(server), is_replica(replica), session(db::Session::open(server, db::Role::reader))
{
}

Pace::Pace(LoadLimits limits, const base::Endpoint& upstream, const base::Endpoint& downstream,
           report::Reporter& reporter, const base::StopToken& stop)
    : m_limits(std::move(limits)), m_reporter(reporter), m_stop(stop)
{
    if (!m_limits.max_load.empty()) {
        for (const auto* endpoint : {&upstream, &downstream})
            m_watched.emplace_back(*endpoint, false);
    }
    if (m_limits.max_lag) {
        for (const auto& endpoint : m_limits.replicas)
            m_watched.emplace_back(endpoint, true);
    }
}

std::string Pace::overload(db::Session& session) const
{
    std::vector<std::string> names;
    std::vector<std::string> unanswered;
    for (const auto& limit : m_limits.max_load) {
        names.push_back(sql::quote_string(limit.variable));
        unanswered.push_back(limit.variable);
    }
    db::Result rows = session.query(
        "ask how busy the server is",
        fmt::format("SHOW GLOBAL STATUS WHERE Variable_name IN ({})", base::join(names, ", ")));
    std::string reason;
    while (rows.next()) {
        const std::string name = rows.text(0);
        for (const auto& limit : m_limits.max_load) {
            if (!base::equal_ignoring_case(name, limit.variable))
                continue;
            std::erase(unanswered, limit.variable);
            if (const auto now = rows.number(1); now > limit.most)
                reason = fmt::format("{} shows {} {}, more than {}", session.endpoint().describe(),
                                     name, now, limit.most);
        }
    }
    if (!unanswered.empty())
        throw base::UsageError(
            fmt::format("{} has no status variable {}: --max-load cannot be kept there.",
                        session.endpoint().describe(), base::join(unanswered, ", ")));
    return reason;
}

std::string Pace::lag(db::Session& replica) const
{
    const db::ReplicaState state = db::read_replica_state(replica);
    if (!state.replicates)
        throw base::UsageError(fmt::format("{} is no replica: --max-lag cannot be kept there.",
                                           replica.endpoint().describe()));
    if (!state.lag)
        return fmt::format("the replica {} does not replicate at the moment",
                           replica.endpoint().describe());
    if (*state.lag <= *m_limits.max_lag)
        return "";
    return fmt::format("the replica {} lags by {}, more than {}", replica.endpoint().describe(),
                       base::format_duration(*state.lag), base::format_duration(*m_limits.max_lag));
}

/// What keeps the run from going on there. A connection that was lost is opened anew at each look.
std::string Pace::look_at(Watched& server) const
{
    const auto look = [&] {
        return server.is_replica ? lag(*server.session) : overload(*server.session);
    };
    if (server.session) {
        try {
            return look();
        } catch (const db::Error& failure) {
            if (!failure.connection_lost())
                throw;
            spdlog::info("{} Connecting again.", failure.what());
            server.session.reset();
        }
    }
    try {
        server.session = db::Session::open(server.endpoint, db::Role::reader);
        return look();
    } catch (const db::Error& failure) {
        const bool lost = !server.session || failure.connection_lost();
        if (!lost || !may_wait(failure, server.is_replica))
            throw;
        server.session.reset();
        return fmt::format("{}{} cannot be reached: {}", server.is_replica ? "the replica " : "",
                           server.endpoint.describe(), without_stop(failure.server_message()));
    }
}

/// Asks no server more often than k_between_looks while all is well. Empty: go on.
std::string Pace::reason_to_wait()
{
    if (!m_limits.pause_file.empty() && std::filesystem::exists(m_limits.pause_file))
        return fmt::format("there is the file {}", m_limits.pause_file);
    if (Clock::now() < m_next_look)
        return "";
    for (auto& server : m_watched) {
        if (auto reason = look_at(server); !reason.empty())
            return reason;
    }
    m_next_look = Clock::now() + k_between_looks;
    return "";
}

void Pace::rest()
{
    const std::scoped_lock gate(m_gate);
    slow_down();
    std::string reason = reason_to_wait();
    if (reason.empty())
        return;
    const auto start = Clock::now();
    m_reporter.event("", report::Severity::warning, fmt::format("Paused: {}.", reason));
    while (!reason.empty()) {
        m_stop.wait_for(k_between_tries);
        m_stop.throw_if_stopped();
        reason = reason_to_wait();
    }
    m_reporter.event("", report::Severity::warning,
                     fmt::format("Resumed after {}.", base::format_duration(Clock::now() - start)));
}

void Pace::slow_down()
{
    for (;;) {
        m_stop.throw_if_stopped();
        Clock::duration left;
        {
            const std::scoped_lock lock(m_mutex);
            left = m_ready - Clock::now();
        }
        if (left <= Clock::duration::zero())
            return;
        m_stop.wait_for(std::chrono::ceil<std::chrono::milliseconds>(left));
    }
}

void Pace::moved(std::uint64_t rows, std::uint64_t bytes)
{
    duration<double> cost{0};
    if (m_limits.rows_per_second)
        cost = duration<double>(static_cast<double>(rows) /
                                static_cast<double>(*m_limits.rows_per_second));
    if (m_limits.bytes_per_second)
        cost = std::max(cost, duration<double>(static_cast<double>(bytes) /
                                               static_cast<double>(*m_limits.bytes_per_second)));
    const std::scoped_lock lock(m_mutex);
    m_ready = std::max(m_ready, Clock::now()) + std::chrono::duration_cast<Clock::duration>(cost);
}

void Pace::took(std::uint64_t rows, duration<double> time)
{
    if (rows == 0)
        return;
    const double each = time.count() / static_cast<double>(rows);
    const std::scoped_lock lock(m_mutex);
    m_seconds_per_row = m_seconds_per_row == 0
                            ? each
                            : m_seconds_per_row + k_share_of_newest * (each - m_seconds_per_row);
}

std::uint64_t Pace::chunk_rows() const
{
    const std::scoped_lock lock(m_mutex);
    if (m_seconds_per_row <= 0)
        return k_first_chunk_rows;
    const double rows = m_limits.chunk_time.count() / m_seconds_per_row;
    return static_cast<std::uint64_t>(std::clamp(rows, 1.0, k_most_chunk_rows));
}

} // namespace slicetool::sync
