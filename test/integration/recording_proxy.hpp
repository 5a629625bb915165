#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace slicetool::test {

/// A port on 127.0.0.1 that leads to another one there and keeps what passes. Speaks no TLS:
/// clients must not ask for it, or nothing can be read in what is kept.
class RecordingProxy
{
public:
    explicit RecordingProxy(std::uint16_t server_port);
    RecordingProxy(const RecordingProxy&) = delete;
    RecordingProxy& operator=(const RecordingProxy&) = delete;
    /// Ends all connections.
    ~RecordingProxy();

    std::uint16_t port() const { return m_port; }
    /// All bytes that the server has sent so far, connection after connection as they came.
    std::string sent_by_server() const;

private:
    void accept_all();
    void serve(int client);

    const std::uint16_t m_server_port;
    std::uint16_t m_port = 0;
    int m_listener = -1;
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex;
    std::string m_sent;
    std::vector<std::thread> m_connections; ///< of the accepting thread, until it has ended
    std::thread m_thread;
};

} // namespace slicetool::test
