#include "integration/hostile_proxy.hpp"

#include <stdexcept>

namespace slicetool::test {
namespace {

constexpr std::size_t k_header_bytes = 4;

/// The bytes of the packet that begins in `pending`, header included.
std::size_t packet_bytes(const std::string& pending)
{
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(pending[at]); };
    return k_header_bytes + byte(0) + (byte(1) << 8U) + (std::size_t{byte(2)} << 16U);
}

} // namespace

bool HostileWire::bytes(const std::string& raw) const
{
    return send_all(m_client, raw);
}

bool HostileWire::packet(const std::string& payload)
{
    std::string raw;
    for (const unsigned shift : {0U, 8U, 16U})
        raw += static_cast<char>(payload.size() >> shift);
    raw += static_cast<char>(m_sequence++);
    return bytes(raw + payload);
}

HostileProxy::HostileProxy(std::uint16_t server_port, std::string trigger, Answer answer)
    : m_server_port(server_port), m_trigger(std::move(trigger)), m_answer(std::move(answer)),
      m_acceptor([this](int client) { serve(client); })
{
}

std::string HostileProxy::sent_afterwards() const
{
    std::unique_lock lock(m_mutex);
    m_hung_up.wait(lock, [this] { return m_open == 0; });
    return m_sent;
}

void HostileProxy::record(const std::string& sent)
{
    if (m_answered == 0)
        return;
    const std::scoped_lock lock(m_mutex);
    m_sent += sent;
}

void HostileProxy::serve(int client)
{
    {
        const std::scoped_lock lock(m_mutex);
        ++m_open;
    }
    int server = -1;
    if (m_trigger.empty()) {
        HostileWire wire(client, 0);
        ++m_answered;
        m_answer(wire);
    } else {
        server = connect_to_loopback(m_server_port);
        if (server < 0)
            throw std::runtime_error("the proxy cannot reach its server");
    }
    std::string pending;
    relay(
        m_acceptor, client, server,
        [&](const std::string& sent) {
            record(sent);
            pending += sent;
            return pass_on(client, server, pending);
        },
        [&](const std::string& sent) { return send_all(client, sent); });
    const std::scoped_lock lock(m_mutex);
    --m_open;
    m_hung_up.notify_all();
}

/// Whole packets go to the server, except those that are answered here. False when the server is
/// gone.
bool HostileProxy::pass_on(int client, int server, std::string& pending)
{
    constexpr char k_com_query = 3;
    while (server >= 0 && pending.size() > k_header_bytes &&
           pending.size() >= packet_bytes(pending)) {
        const std::string packet = pending.substr(0, packet_bytes(pending));
        pending.erase(0, packet.size());
        const bool triggers = packet.size() > k_header_bytes &&
                              packet[k_header_bytes] == k_com_query &&
                              packet.find(m_trigger) != std::string::npos;
        if (triggers) {
            HostileWire wire(client, 1);
            ++m_answered;
            m_answer(wire);
        } else if (!send_all(server, packet)) {
            return false;
        }
    }
    return true;
}

} // namespace slicetool::test
