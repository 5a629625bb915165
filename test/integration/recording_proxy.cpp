#include "integration/recording_proxy.hpp"

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
    if (server < 0) {
        ::close(client);
        return;
    }
    relay(
        m_acceptor, client, server, [&](const std::string& sent) { return send_all(server, sent); },
        [&](const std::string& sent) {
            {
                const std::scoped_lock lock(m_mutex);
                m_sent += sent;
            }
            return send_all(client, sent);
        });
}

} // namespace slicetool::test
