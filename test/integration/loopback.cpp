#include "integration/loopback.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace slicetool::test {
namespace {

constexpr int k_poll_milliseconds = 20;

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Which of two sockets has something to read, or has been closed; waits for it a few milliseconds.
std::array<bool, 2> wait_until_readable(int first, int second)
{
    std::array<pollfd, 2> watched{{{first, POLLIN, 0}, {second, POLLIN, 0}}};
    if (::poll(watched.data(), watched.size(), k_poll_milliseconds) <= 0)
        return {};
    constexpr unsigned k_events = POLLIN | POLLHUP | POLLERR;
    return {(watched[0].revents & k_events) != 0, (watched[1].revents & k_events) != 0};
}

bool receive(int from, const std::function<bool(const std::string&)>& pass_on)
{
    std::array<char, 65536> buffer{};
    const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
    return got > 0 && pass_on({buffer.data(), static_cast<std::size_t>(got)});
}

} // namespace

Listener listen_on_loopback()
{
    constexpr int k_waiting = 64;
    Listener listener;
    listener.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t length = sizeof address;
    if (::bind(listener.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener.socket, k_waiting) != 0 ||
        ::getsockname(listener.socket, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        throw std::runtime_error("the proxy cannot listen");
    listener.port = ntohs(address.sin_port);
    return listener;
}

int connect_to_loopback(std::uint16_t port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

bool send_all(int to, const std::string& bytes)
{
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t sent = ::send(to, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += static_cast<std::size_t>(sent);
    }
    return true;
}

void relay(const Acceptor& acceptor, int client, int server,
           const std::function<bool(const std::string&)>& sent_by_client,
           const std::function<bool(const std::string&)>& sent_by_server)
{
    bool open = true;
    while (open && !acceptor.stopping()) {
        const auto [from_client, from_server] = wait_until_readable(client, server);
        if (from_server)
            open = receive(server, sent_by_server);
        if (open && from_client)
            open = receive(client, sent_by_client);
    }
    ::close(client);
    if (server >= 0)
        ::close(server);
}

Acceptor::Acceptor(std::function<void(int client)> serve)
    : m_serve(std::move(serve)), m_listener(listen_on_loopback()),
      m_thread([this] { accept_all(); })
{
}

Acceptor::~Acceptor()
{
    m_stop = true;
    m_thread.join();
    for (auto& connection : m_connections)
        connection.join();
    ::close(m_listener.socket);
}

void Acceptor::accept_all()
{
    while (!m_stop) {
        pollfd watched{m_listener.socket, POLLIN, 0};
        if (::poll(&watched, 1, k_poll_milliseconds) <= 0)
            continue;
        const int client = ::accept4(m_listener.socket, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0)
            m_connections.emplace_back(m_serve, client);
    }
}

} // namespace slicetool::test
