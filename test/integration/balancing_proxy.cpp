#include "integration/balancing_proxy.hpp"

#include <algorithm>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace slicetool::test {

BalancingProxy::BalancingProxy(std::vector<std::uint16_t> server_ports)
    : m_server_ports(std::move(server_ports)), m_acceptor([this](int client) { serve(client); })
{
}

bool BalancingProxy::hangs_up(const std::string& sent)
{
    return !m_words.empty() && sent.find(m_words) != std::string::npos && !m_hung_up.exchange(true);
}

void BalancingProxy::serve(int client)
{
    const std::size_t at = std::min(m_connections++, m_server_ports.size() - 1);
    const int server = connect_to_loopback(m_server_ports[at]);
    std::array<char, 65536> buffer{};
    bool open = server >= 0;
    while (open && !m_acceptor.stopping()) {
        const auto [from_client, from_server] = wait_until_readable(client, server);
        if (from_server) {
            const ssize_t got = ::recv(server, buffer.data(), buffer.size(), 0);
            open = got > 0 && send_all(client, buffer.data(), static_cast<std::size_t>(got));
        }
        if (open && from_client) {
            const ssize_t got = ::recv(client, buffer.data(), buffer.size(), 0);
            open = got > 0 && !hangs_up({buffer.data(), static_cast<std::size_t>(got)}) &&
                   send_all(server, buffer.data(), static_cast<std::size_t>(got));
        }
    }
    ::close(client);
    if (server >= 0)
        ::close(server);
}

} // namespace slicetool::test
