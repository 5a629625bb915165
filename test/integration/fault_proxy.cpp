#include "integration/fault_proxy.hpp"

#include "integration/loopback.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace slicetool::test {
namespace {

/// How often a waiting thread looks whether something went wrong.
constexpr int k_look_milliseconds = 10;
constexpr std::size_t k_header_bytes = 4;
constexpr std::size_t k_buffer_bytes = 16 * 1024;

/// Each packet passes when it comes, as it would without a proxy.
void prepare(int socket)
{
    const int one = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    ::fcntl(socket, F_SETFL, O_NONBLOCK);
}

bool ready(int socket, short what)
{
    pollfd watched{socket, what, 0};
    return ::poll(&watched, 1, k_look_milliseconds) > 0;
}

} // namespace

/// Where the packets of one direction begin: three bytes of length, one of sequence, the payload.
class FaultProxy::Packets
{
public:
    /// Bytes at the front of `data` up to the end of the header or the payload they belong to.
    std::size_t step(const char* data, std::size_t size)
    {
        if (m_header_size == k_header_bytes && m_payload_left > 0)
            return take_payload(size);
        if (m_header_size == k_header_bytes)
            m_header_size = 0;
        const std::size_t taken = std::min(size, k_header_bytes - m_header_size);
        std::copy_n(data, taken, m_header.begin() + static_cast<std::ptrdiff_t>(m_header_size));
        m_header_size += taken;
        if (m_header_size == k_header_bytes)
            m_payload_left = byte(0) + (byte(1) << 8) + (byte(2) << 16);
        return taken;
    }

    /// A header was just completed.
    bool at_payload() const
    {
        return m_header_size == k_header_bytes && m_payload_left == length();
    }
    std::size_t length() const { return byte(0) + (byte(1) << 8) + (byte(2) << 16); }
    /// A client's packet with sequence 0 begins a command.
    bool begins_command() const { return byte(3) == 0; }

private:
    std::size_t byte(std::size_t at) const { return static_cast<unsigned char>(m_header[at]); }
    std::size_t take_payload(std::size_t size)
    {
        const std::size_t taken = std::min(size, m_payload_left);
        m_payload_left -= taken;
        return taken;
    }

    std::array<char, k_header_bytes> m_header{};
    std::size_t m_header_size = 0;
    std::size_t m_payload_left = 0;
};

/// One client's connection: a thread for each direction. The last of them closes both sockets.
class FaultProxy::Link
{
public:
    Link(FaultProxy& proxy, int client, int server)
        : m_proxy(proxy), m_client(client), m_server(server)
    {
        prepare(client);
        prepare(server);
        m_up = std::thread([this] { pump(Direction::to_server, m_client, m_server); });
        m_down = std::thread([this] { pump(Direction::from_server, m_server, m_client); });
    }
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    ~Link()
    {
        m_broken = true;
        m_up.join();
        m_down.join();
    }

    void strike(Fault fault)
    {
        if (fault == Fault::stall) {
            m_stalled = true;
            return;
        }
        m_reset = fault == Fault::reset;
        m_broken = true;
    }
    void go_on() { m_stalled = false; }
    bool ended() const { return m_threads == 0; }

private:
    void pump(Direction direction, int from, int to)
    {
        Packets packets;
        std::array<char, k_buffer_bytes> buffer{};
        while (!m_broken) {
            if (m_stalled || !ready(from, POLLIN)) {
                if (m_stalled)
                    std::this_thread::sleep_for(std::chrono::milliseconds(k_look_milliseconds));
                continue;
            }
            const ssize_t got = ::recv(from, buffer.data(), portion(), 0);
            if (got <= 0)
                break;
            const std::size_t pass =
                m_proxy.inspect(direction, packets, buffer.data(), static_cast<std::size_t>(got));
            // What stands before the fault passes, also when the fault is known already.
            if (!send(to, buffer.data(), pass))
                break;
            if (pass < static_cast<std::size_t>(got) &&
                !rest_after_stall(to, buffer.data() + pass, static_cast<std::size_t>(got) - pass))
                break;
        }
        m_broken = true;
        if (--m_threads == 0)
            close();
    }

    /// Slow: a fiftieth of a second's bytes at a time.
    std::size_t portion() const
    {
        const std::uint64_t rate = m_proxy.m_rate;
        if (rate == 0)
            return k_buffer_bytes;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return std::clamp<std::size_t>(rate / 50, 1, k_buffer_bytes);
    }

    /// What a stall holds back passes when it ends.
    bool rest_after_stall(int to, const char* data, std::size_t size)
    {
        while (m_stalled && !m_broken)
            std::this_thread::sleep_for(std::chrono::milliseconds(k_look_milliseconds));
        return !m_broken && send(to, data, size);
    }

    bool send(int to, const char* data, std::size_t size)
    {
        while (size > 0) {
            const ssize_t sent = ::send(to, data, size, MSG_NOSIGNAL);
            if (sent > 0) {
                data += sent;
                size -= static_cast<std::size_t>(sent);
            } else if (sent == 0 || (errno != EAGAIN && errno != EINTR)) {
                return false;
            } else if (!ready(to, POLLOUT) && m_broken) {
                return false;
            }
        }
        return true;
    }

    void close()
    {
        if (m_reset) {
            const linger at_once{1, 0};
            ::setsockopt(m_client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            ::setsockopt(m_server, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        } else {
            ::shutdown(m_client, SHUT_WR);
        }
        ::close(m_client);
        ::close(m_server);
    }

    FaultProxy& m_proxy;
    const int m_client;
    const int m_server;
    std::atomic<bool> m_broken{false};
    std::atomic<bool> m_reset{false};
    std::atomic<bool> m_stalled{false};
    std::atomic<int> m_threads{2};
    std::thread m_up;
    std::thread m_down;
};

FaultProxy::FaultProxy(std::uint16_t server_port) : m_server_port(server_port)
{
    const Listener listener = listen_on_loopback();
    m_listener = listener.socket;
    m_port = listener.port;
    m_thread = std::thread([this] { serve(); });
}

FaultProxy::~FaultProxy()
{
    m_stop = true;
    m_thread.join();
    m_links.clear();
    ::close(m_listener);
}

void FaultProxy::arm(const FaultPlan& plan)
{
    const std::scoped_lock lock(m_mutex);
    m_plan = plan;
    m_fault.reset();
    m_struck = false;
    m_statements = 0;
    for (auto& bytes : m_bytes)
        bytes = 0;
}

void FaultProxy::strike(Fault fault)
{
    strike_once(fault);
    const std::scoped_lock lock(m_mutex);
    m_fault = fault;
}

void FaultProxy::strike_once(Fault fault)
{
    const std::scoped_lock lock(m_mutex);
    m_struck = true;
    for (const auto& link : m_links)
        link->strike(fault);
}

void FaultProxy::heal()
{
    const std::scoped_lock lock(m_mutex);
    m_plan.reset();
    m_fault.reset();
    for (const auto& link : m_links)
        link->go_on();
}

std::size_t FaultProxy::inspect(Direction direction, Packets& packets, const char* data,
                                std::size_t size)
{
    const std::scoped_lock lock(m_mutex);
    std::size_t pass = 0;
    const auto strikes = [&](std::size_t extra) {
        m_struck = true;
        m_fault = m_plan->fault;
        for (const auto& link : m_links)
            link->strike(m_plan->fault);
        m_plan.reset();
        return std::min(size, pass + extra);
    };
    while (pass < size) {
        const std::size_t header = pass;
        std::size_t part = packets.step(data + pass, size - pass);
        const bool planned = m_plan && m_plan->direction == direction;
        const bool truncates = planned && m_plan->fault == Fault::truncate;
        auto& bytes = m_bytes[index(direction)];
        if (planned && m_plan->after_bytes && !truncates && bytes + part > *m_plan->after_bytes) {
            part = static_cast<std::size_t>(*m_plan->after_bytes -
                                            std::min<std::uint64_t>(bytes, *m_plan->after_bytes));
            bytes += part;
            return strikes(part);
        }
        bytes += part;
        pass += part;
        if (!packets.at_payload())
            continue;
        if (direction == Direction::to_server && packets.begins_command())
            ++m_statements;
        if (!planned)
            continue;
        const bool here = m_plan->at_statement ? m_statements >= *m_plan->at_statement
                                               : truncates && bytes > *m_plan->after_bytes;
        if (!here)
            continue;
        if (truncates)
            return strikes(packets.length() / 2);
        pass = header; // the statement does not pass
        return strikes(0);
    }
    return size;
}

void FaultProxy::accept_one()
{
    const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0)
        return;
    const std::scoped_lock lock(m_mutex);
    const bool refused = m_fault && *m_fault != Fault::stall;
    const int server = refused ? -1 : connect_to_loopback(m_server_port);
    if (server < 0) {
        ::close(client);
        return;
    }
    m_links.push_back(std::make_shared<Link>(*this, client, server));
    if (m_fault)
        m_links.back()->strike(*m_fault);
}

void FaultProxy::serve()
{
    while (!m_stop) {
        if (ready(m_listener, POLLIN))
            accept_one();
        std::list<std::shared_ptr<Link>> ended;
        const std::scoped_lock lock(m_mutex);
        for (auto at = m_links.begin(); at != m_links.end();) {
            const auto link = at++;
            if ((*link)->ended())
                ended.splice(ended.end(), m_links, link);
        }
    }
}

} // namespace slicetool::test
