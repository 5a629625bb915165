#include "integration/fault_proxy.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace slicetool::test {
namespace {

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int connect_to(std::uint16_t port)
{
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return server;
    ::close(server);
    return -1;
}

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

struct Pair
{
    int client;
    int server;
};

void close_pair(const Pair& pair)
{
    ::close(pair.client);
    ::close(pair.server);
}

} // namespace

CutProxy::CutProxy(std::uint16_t server_port) : m_server_port(server_port)
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t length = sizeof address;
    if (::bind(m_listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(m_listener, 16) != 0 ||
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        throw std::runtime_error("the proxy cannot listen");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { serve(); });
}

CutProxy::~CutProxy()
{
    m_stop = true;
    m_thread.join();
    ::close(m_listener);
}

void CutProxy::serve()
{
    std::vector<Pair> pairs;
    std::array<char, 4096> buffer{};
    while (!m_stop) {
        std::vector<pollfd> watched = {{m_listener, POLLIN, 0}};
        for (const auto& pair : pairs) {
            watched.push_back({pair.client, POLLIN, 0});
            watched.push_back({pair.server, POLLIN, 0});
        }
        ::poll(watched.data(), watched.size(), 20);
        std::vector<Pair> kept;
        for (std::size_t at = 0; at < pairs.size(); ++at) {
            bool open = true;
            for (const bool from_server : {false, true}) {
                if ((watched[1 + 2 * at + (from_server ? 1 : 0)].revents &
                     (POLLIN | POLLHUP | POLLERR)) == 0)
                    continue;
                const int from = from_server ? pairs[at].server : pairs[at].client;
                const int to = from_server ? pairs[at].client : pairs[at].server;
                const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
                if (from_server && got > 0)
                    m_bytes += static_cast<std::uint64_t>(got);
                open = open && got > 0 && !has_cut() &&
                       send_all(to, buffer.data(), static_cast<std::size_t>(got));
            }
            if (open && !has_cut())
                kept.push_back(pairs[at]);
            else
                close_pair(pairs[at]);
        }
        pairs = std::move(kept);
        if ((watched[0].revents & POLLIN) != 0) {
            const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            const int server = has_cut() ? -1 : connect_to(m_server_port);
            if (server >= 0)
                pairs.push_back({client, server});
            else
                ::close(client);
        }
    }
    for (const auto& pair : pairs)
        close_pair(pair);
}

} // namespace slicetool::test
