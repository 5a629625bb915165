#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

/// Sockets on 127.0.0.1, for the proxies of tests. Whoever gets a descriptor closes it.
namespace slicetool::test {

struct Listener
{
    int socket = -1;
    std::uint16_t port = 0; ///< one that was free
};

/// Throws std::runtime_error when that is not possible.
Listener listen_on_loopback();

/// The socket, or -1 when nobody listens there.
int connect_to_loopback(std::uint16_t port);

/// False when the other side has hung up.
bool send_all(int to, const std::string& bytes);

class Acceptor;

/// Reads from a client and its server in turn, until one of them has hung up or what it sent is not
/// passed on (then the function for it says false), or the acceptor stops; closes both. A negative
/// server never sends.
void relay(const Acceptor& acceptor, int client, int server,
           const std::function<bool(const std::string&)>& sent_by_client,
           const std::function<bool(const std::string&)>& sent_by_server);

/// Accepts every connection to a free port, and serves each in a thread of its own.
class Acceptor
{
public:
    /// `serve` gets the socket, closes it, and returns soon when stopping().
    explicit Acceptor(std::function<void(int client)> serve);
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;
    /// Waits until every connection has been served.
    ~Acceptor();

    std::uint16_t port() const { return m_listener.port; }
    bool stopping() const { return m_stop; }

private:
    void accept_all();

    const std::function<void(int client)> m_serve;
    const Listener m_listener;
    std::atomic<bool> m_stop{false};
    std::vector<std::thread> m_connections; ///< of the accepting thread, until it has ended
    std::thread m_thread;
};

} // namespace slicetool::test
