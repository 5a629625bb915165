#pragma once

#include "integration/loopback.hpp"

#include <cstdint>
#include <mutex>
#include <string>

namespace slicetool::test {

/// A port on 127.0.0.1 that leads to another one there and keeps what passes. Speaks no TLS:
/// clients must not ask for it, or nothing can be read in what is kept.
class RecordingProxy
{
public:
    explicit RecordingProxy(std::uint16_t server_port);

    std::uint16_t port() const { return m_acceptor.port(); }
    /// All bytes that the server has sent so far, connection after connection as they came.
    std::string sent_by_server() const;

private:
    void serve(int client);

    const std::uint16_t m_server_port;
    mutable std::mutex m_mutex;
    std::string m_sent;
    Acceptor m_acceptor; ///< the last one: its threads use the others
};

} // namespace slicetool::test
