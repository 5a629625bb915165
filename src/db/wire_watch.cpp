#include "db/wire_watch.hpp"

#include "db/local_data.hpp"

#include <algorithm>
#include <cstring>
#include <mysql.h>
#include <string>
#include <sys/socket.h>

extern "C" {

/// The client library exports it for its plugins (Debian's symbols file lists it) and declares it
/// nowhere. `mode` is 0 for a read and 1 for a write; `size` is what read(2) or write(2) returned.
int ma_pvio_register_callback(my_bool add,
                              void (*callback)(int mode, MYSQL* connection,
                                               const unsigned char* bytes, std::size_t size));
}

namespace slicetool::db {

namespace {

/// Longer than any greeting; a server that sends more before its capabilities is none.
constexpr std::size_t k_longest_greeting = 1024;

/// The methods that do not send the password as it is.
constexpr const char* k_hashing_methods =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,mysql_old_password";

} // namespace

struct OpeningWatch::State
{
    Encryption encryption = Encryption::optional;
    std::string greeting; ///< as far as it has come
    bool judged = false;
    bool hung_up = false;
    MYSQL* connection = nullptr; ///< told to answer no requests for files
};

namespace {

thread_local OpeningWatch::State* t_opening = nullptr;

constexpr int k_write = 1;

void refuse_clear_text(MYSQL* connection, OpeningWatch::State& opening)
{
    opening.judged = true;
    if (opening.encryption == Encryption::demanded) {
        opening.hung_up = true;
        hang_up(connection);
    } else if (connection->unix_socket == nullptr) {
        mysql_optionsv(connection, MARIADB_OPT_RESTRICTED_AUTH, k_hashing_methods);
    }
}

void judge(MYSQL* connection, OpeningWatch::State& opening)
{
    const auto* bytes = reinterpret_cast<const unsigned char*>(opening.greeting.data());
    const Offer offer = read_offer(bytes, opening.greeting.size());
    opening.judged = offer != Offer::unknown;
    if (offer == Offer::clear_text || (opening.judged && opening.encryption == Encryption::none))
        refuse_clear_text(connection, opening);
}

void on_wire(int mode, MYSQL* connection, const unsigned char* bytes, std::size_t size)
{
    OpeningWatch::State* opening = t_opening;
    if (opening == nullptr || connection == nullptr)
        return;
    if (opening->connection == nullptr) {
        guard_local_files(connection);
        opening->connection = connection;
    }
    if (opening->judged || static_cast<ssize_t>(size) <= 0)
        return;
    if (mode == k_write) { // in answer to no greeting that could be understood
        refuse_clear_text(connection, *opening);
        return;
    }
    const std::size_t room =
        k_longest_greeting - std::min(k_longest_greeting, opening->greeting.size());
    opening->greeting.append(reinterpret_cast<const char*>(bytes), std::min(size, room));
    judge(connection, *opening);
}

} // namespace

void start_wire_watch()
{
    ma_pvio_register_callback(1, on_wire);
}

OpeningWatch::OpeningWatch(Encryption encryption) : m_state(std::make_unique<State>())
{
    m_state->encryption = encryption;
    t_opening = m_state.get();
}

OpeningWatch::~OpeningWatch()
{
    t_opening = nullptr;
}

bool OpeningWatch::offered_no_encryption() const
{
    return m_state->hung_up;
}

st_mysql* OpeningWatch::connection() const
{
    return m_state->connection;
}

void hang_up(st_mysql* connection)
{
    ::shutdown(mysql_get_socket(connection), SHUT_RDWR);
}

/// Header (4), version 10 (1), server's version and NUL, connection number (4), scramble (8),
/// filler (1), capabilities (2): the MySQL manual, Protocol::HandshakeV10.
Offer read_offer(const unsigned char* packet, std::size_t size)
{
    constexpr unsigned char k_protocol = 10;
    constexpr std::size_t k_version_at = 5;
    constexpr std::size_t k_capabilities_behind = 14;
    if (size <= k_version_at || packet[k_version_at - 1] != k_protocol)
        return Offer::unknown;
    const void* nul = std::memchr(packet + k_version_at, '\0', size - k_version_at);
    if (nul == nullptr)
        return Offer::unknown;
    const auto at = static_cast<std::size_t>(static_cast<const unsigned char*>(nul) - packet) +
                    k_capabilities_behind;
    if (at + 1 >= size)
        return Offer::unknown;
    const unsigned capabilities = packet[at] | (static_cast<unsigned>(packet[at + 1]) << 8U);
    return (capabilities & CLIENT_SSL) != 0 ? Offer::tls : Offer::clear_text;
}

} // namespace slicetool::db
