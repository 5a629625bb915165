#pragma once

#include "integration/loopback.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace slicetool::test {

/// One port on 127.0.0.1 that leads to several servers there: each new connection to the next of a
/// list, and from its end on to the last of it.
class BalancingProxy
{
public:
    /// The ports that the first connections, one after another, lead to.
    explicit BalancingProxy(std::vector<std::uint16_t> server_ports);

    /// Hangs up on the first client that sends such words to the first server, before they get
    /// there; to be called before any client connects.
    void hang_up_at(const std::string& words) { m_words = words; }

    std::uint16_t port() const { return m_acceptor.port(); }
    std::size_t connections() const { return m_connections; }

private:
    void serve(int client);
    bool hangs_up(const std::string& sent);

    const std::vector<std::uint16_t> m_server_ports;
    std::string m_words;
    std::atomic<bool> m_hung_up{false};
    std::atomic<std::size_t> m_connections{0};
    Acceptor m_acceptor; ///< the last one: its threads use the others
};

} // namespace slicetool::test
