#include "integration/recording_proxy.hpp"

#include "integration/loopback.hpp"

#include <array>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace slicetool::test {
namespace {

constexpr int k_poll_milliseconds = 20;

bool send_all(int to, const char* data, std::size_t size)
{
    while (size > 0) {
        const ssize_t sent = ::send(to, data, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

bool readable(const pollfd& watched)
{
    return (watched.revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

} // namespace

RecordingProxy::RecordingProxy(std::uint16_t server_port) : m_server_port(server_port)
{
    const Listener listener = listen_on_loopback();
    m_listener = listener.socket;
    m_port = listener.port;
    m_thread = std::thread([this] { accept_all(); });
}

RecordingProxy::~RecordingProxy()
{
    m_stop = true;
    m_thread.join();
    for (auto& connection : m_connections)
        connection.join();
    ::close(m_listener);
}

std::string RecordingProxy::sent_by_server() const
{
    const std::scoped_lock lock(m_mutex);
    return m_sent;
}

void RecordingProxy::accept_all()
{
    while (!m_stop) {
        pollfd watched{m_listener, POLLIN, 0};
        if (::poll(&watched, 1, k_poll_milliseconds) <= 0)
            continue;
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0)
            m_connections.emplace_back([this, client] { serve(client); });
    }
}

void RecordingProxy::serve(int client)
{
    const int server = connect_to_loopback(m_server_port);
    std::array<char, 65536> buffer{};
    bool open = server >= 0;
    while (open && !m_stop) {
        std::array<pollfd, 2> watched{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        ::poll(watched.data(), watched.size(), k_poll_milliseconds);
        if (readable(watched[1])) {
            const ssize_t got = ::recv(server, buffer.data(), buffer.size(), 0);
            open = got > 0;
            if (open) {
                const std::scoped_lock lock(m_mutex);
                m_sent.append(buffer.data(), static_cast<std::size_t>(got));
            }
            open = open && send_all(client, buffer.data(), static_cast<std::size_t>(got));
        }
        if (open && readable(watched[0])) {
            const ssize_t got = ::recv(client, buffer.data(), buffer.size(), 0);
            open = got > 0 && send_all(server, buffer.data(), static_cast<std::size_t>(got));
        }
    }
    ::close(client);
    if (server >= 0)
        ::close(server);
}

} // namespace slicetool::test
