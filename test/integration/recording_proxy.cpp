#include "integration/recording_proxy.hpp"

#include <array>
#include <sys/socket.h>
#include <unistd.h>

namespace slicetool::test {

RecordingProxy::RecordingProxy(std::uint16_t server_port)
    : m_server_port(server_port), m_acceptor([this](int client) { serve(client); })
{
}

std::string RecordingProxy::sent_by_server() const
{
    const std::scoped_lock lock(m_mutex);
    return m_sent;
}

void RecordingProxy::serve(int client)
{
    const int server = connect_to_loopback(m_server_port);
    std::array<char, 65536> buffer{};
    bool open = server >= 0;
    while (open && !m_acceptor.stopping()) {
        const auto [from_client, from_server] = wait_until_readable(client, server);
        if (from_server) {
            const ssize_t got = ::recv(server, buffer.data(), buffer.size(), 0);
            open = got > 0;
            if (open) {
                const std::scoped_lock lock(m_mutex);
                m_sent.append(buffer.data(), static_cast<std::size_t>(got));
            }
            open = open && send_all(client, buffer.data(), static_cast<std::size_t>(got));
        }
        if (open && from_client) {
            const ssize_t got = ::recv(client, buffer.data(), buffer.size(), 0);
            open = got > 0 && send_all(server, buffer.data(), static_cast<std::size_t>(got));
        }
    }
    ::close(client);
    if (server >= 0)
        ::close(server);
}

} // namespace slicetool::test
