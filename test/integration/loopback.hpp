#pragma once

#include <cstdint>

/// Sockets on 127.0.0.1, for the proxies of tests. Whoever gets a descriptor closes it.
namespace slicetool::test {

struct Listener
{
    int socket = -1;
    std::uint16_t port = 0; ///< one that was free
};

/// Throws std::runtime_error when that is not possible.
Listener listen_on_loopback();

/// The socket, or -1 when nobody listens there.
int connect_to_loopback(std::uint16_t port);

} // namespace slicetool::test
