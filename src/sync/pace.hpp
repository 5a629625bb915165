#pragma once

#include "base/endpoint.hpp"
#include "base/stop.hpp"
#include "db/session.hpp"
#include "report/reporter.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

/// A status variable of a server (SHOW GLOBAL STATUS), and the most that it may show.
struct StatusLimit
{
    std::string variable;
    std::uint64_t most = 0;
};

/// What a run may ask of the servers.
struct LoadLimits
{
    /// How long a statement that fingerprints should take: it is about fewer rows where they take
    /// longer.
    std::chrono::duration<double> chunk_time{0.5};
    std::vector<StatusLimit> max_load; ///< on either server
    std::optional<std::chrono::seconds> max_lag;
    std::vector<base::Endpoint> replicas; ///< of downstream, whose lag is looked at
    /// Of rows that are copied, as the bytes of their values; rows that are deleted count as rows.
    std::optional<std::uint64_t> bytes_per_second;
    std::optional<std::uint64_t> rows_per_second;
    std::string pause_file; ///< the run waits while there is such a file; empty: none
};

/// Keeps a run within its limits: everybody who works on it rests where it says so, holding no
/// transaction that writes. Upstream's snapshot stays open meanwhile. Thread-safe.
class Pace
{
public:
    /// The references must outlive the pace. Where limits need it, connects once more to both
    /// servers, since workers' sessions may be in the midst of a result, and to the replicas.
    /// Throws db::Error.
    Pace(LoadLimits limits, const base::Endpoint& upstream, const base::Endpoint& downstream,
         report::Reporter& reporter, const base::StopToken& stop);

    /// Waits until all limits are kept, and tells when it has to. A lost connection is opened anew;
    /// a replica that cannot be reached, or a server that has no connection left, is waited for.
    /// Throws base::Interrupted on a stop, db::Error when a server cannot be asked, and
    /// base::UsageError when it has no such status variable or is no replica.
    void rest();

    /// Waits as long as the rate says, also inside a transaction. Throws base::Interrupted.
    void slow_down();

    /// So much was copied or deleted; the next slow_down or rest waits for it.
    void moved(std::uint64_t rows, std::uint64_t bytes);
    bool has_rate() const { return m_limits.rows_per_second || m_limits.bytes_per_second; }

    /// A statement that fingerprinted `rows` rows took so long.
    void took(std::uint64_t rows, std::chrono::duration<double> time);

    /// The rows that a statement may be about to take no longer than chunk_time.
    std::uint64_t chunk_rows() const;

private:
    using Clock = std::chrono::steady_clock;

    /// A server that is asked, on a connection of its own.
    struct Watched
    {
        explicit Watched(const base::Endpoint& server, bool replica);

        base::Endpoint endpoint;
        bool is_replica;
        std::optional<db::Session> session; ///< empty: lost
    };

    std::string reason_to_wait();
    std::string look_at(Watched& server) const;
    std::string overload(db::Session& session) const;
    std::string lag(db::Session& replica) const;

    const LoadLimits m_limits;
    report::Reporter& m_reporter;
    const base::StopToken m_stop;
    std::mutex m_gate;              ///< one worker asks and waits; the others wait for it
    std::vector<Watched> m_watched; ///< both sides where max_load is to be kept, and the replicas
    Clock::time_point m_next_look{};
    mutable std::mutex m_mutex; ///< of the members below
    Clock::time_point m_ready{};
    double m_seconds_per_row = 0; ///< 0: not known yet
};

} // namespace slicetool::sync
