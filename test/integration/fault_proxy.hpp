#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace slicetool::test {

/// A port on 127.0.0.1 that leads to another one there, until a given number of bytes came from the
/// server; then every connection breaks, and new ones are refused or closed at once.
class CutProxy
{
public:
    explicit CutProxy(std::uint16_t server_port);
    CutProxy(const CutProxy&) = delete;
    CutProxy& operator=(const CutProxy&) = delete;
    ~CutProxy();

    std::uint16_t port() const { return m_port; }
    /// Counts from now on, and lets connections through until so many bytes came from the server.
    void cut_after(std::uint64_t bytes)
    {
        m_bytes = 0;
        m_limit = bytes;
    }
    std::uint64_t bytes() const { return m_bytes; }
    bool has_cut() const { return m_bytes >= m_limit; }

private:
    void serve();

    std::uint16_t m_server_port;
    std::uint16_t m_port = 0;
    int m_listener = -1;
    std::atomic<std::uint64_t> m_bytes{0};
    std::atomic<std::uint64_t> m_limit{UINT64_MAX};
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace slicetool::test
