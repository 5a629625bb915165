#include "integration/balancing_proxy.hpp"

#include <algorithm>
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
    if (server < 0) {
        ::close(client);
        return;
    }
    relay(
        m_acceptor, client, server,
        [&](const std::string& sent) { return !hangs_up(sent) && send_all(server, sent); },
        [&](const std::string& sent) { return send_all(client, sent); });
}

} // namespace slicetool::test
