#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace slicetool::test {

/// What goes wrong on a connection.
enum class Fault {
    cut,      ///< it is closed, in the midst of a packet as it happens
    reset,    ///< it is reset (RST)
    truncate, ///< the next packet passes by half, then it is closed
    stall     ///< it stays open, and nothing passes any more
};

enum class Direction { from_server, to_server };

/// When what happens. Of `after_bytes` and `at_statement` one is set.
struct FaultPlan
{
    Fault fault = Fault::cut;
    Direction direction = Direction::from_server;
    /// When so many bytes have passed in that direction, on all connections together.
    std::optional<std::uint64_t> after_bytes;
    /// At the packet of the statement of this number, from 1 on, which does not pass (truncate: by
    /// half). Only without TLS, and with Direction::to_server.
    std::optional<std::uint64_t> at_statement;
};

/// A port on 127.0.0.1 that leads to another one there, until something goes wrong. All connections
/// share the fault, and so do new ones, until heal(). All members may be called from any thread.
class FaultProxy
{
public:
    explicit FaultProxy(std::uint16_t server_port);
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;
    ~FaultProxy();

    std::uint16_t port() const { return m_port; }

    /// Counts bytes and statements anew, and waits for the plan's moment.
    void arm(const FaultPlan& plan);
    /// Lets it happen now, to every open connection.
    void strike(Fault fault);
    /// Lets it happen now, to every open connection; new ones pass.
    void strike_once(Fault fault);
    /// Bytes in either direction pass no faster than this; 0: as fast as they come.
    void slow_down(std::uint64_t bytes_per_second) { m_rate = bytes_per_second; }
    /// Nothing goes wrong from now on; what is stalled goes on, what was closed stays closed.
    void heal();

    bool has_struck() const { return m_struck; }
    std::uint64_t bytes(Direction direction) const { return m_bytes[index(direction)]; }
    std::uint64_t statements() const { return m_statements; }

private:
    class Link;
    class Packets;

    static std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }
    void serve();
    void accept_one();
    /// How many of the bytes may pass; it strikes behind them.
    std::size_t inspect(Direction direction, Packets& packets, const char* data, std::size_t size);

    std::uint16_t m_server_port;
    std::uint16_t m_port = 0;
    int m_listener = -1;
    std::atomic<bool> m_stop{false};
    std::atomic<std::uint64_t> m_rate{0};
    std::atomic<bool> m_struck{false};
    std::array<std::atomic<std::uint64_t>, 2> m_bytes{};
    std::atomic<std::uint64_t> m_statements{0};

    std::mutex m_mutex; ///< of what follows
    std::optional<FaultPlan> m_plan;
    std::optional<Fault> m_fault; ///< happening now
    std::list<std::shared_ptr<Link>> m_links;
    std::thread m_thread;
};

} // namespace slicetool::test
