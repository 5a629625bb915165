#pragma once

#include "integration/loopback.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace slicetool::test {

/// One connection of a client, at the moment in which the hostile server answers it.
class HostileWire
{
public:
    HostileWire(int client, std::uint8_t sequence) : m_client(client), m_sequence(sequence) {}

    /// As it is; false when the client has hung up.
    bool bytes(const std::string& raw) const;
    /// With the header that belongs before it.
    bool packet(const std::string& payload);

    void skip_sequence_number() { ++m_sequence; }

private:
    int m_client;
    std::uint8_t m_sequence;
};

/// A port on 127.0.0.1 that leads to a real server there, except that it answers some statements
/// itself, as only a hostile server would. Speaks the protocol without TLS.
class HostileProxy
{
public:
    using Answer = std::function<void(HostileWire&)>;

    /// `answer` answers the statements that contain `trigger`; with an empty trigger it greets
    /// every client, and there is no server behind it.
    HostileProxy(std::uint16_t server_port, std::string trigger, Answer answer);

    std::uint16_t port() const { return m_acceptor.port(); }
    /// How many statements were answered.
    int answered() const { return m_answered; }
    /// All bytes that clients sent after the first such answer. Waits until they have hung up.
    std::string sent_afterwards() const;

private:
    void serve(int client);
    bool pass_on(int client, int server, std::string& pending);
    void record(const std::string& sent);

    const std::uint16_t m_server_port;
    const std::string m_trigger;
    const Answer m_answer;
    std::atomic<int> m_answered{0};
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_hung_up;
    int m_open = 0; ///< connections
    std::string m_sent;
    Acceptor m_acceptor; ///< the last one: its threads use the others
};

} // namespace slicetool::test
