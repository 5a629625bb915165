#pragma once

#include <cstddef>
#include <memory>

struct st_mysql; // the client library's connection

/// What the connector gives no access to: its connections' first packets, and their handlers of
/// local files. The client library below it tells of all that it reads and writes.
namespace slicetool::db {

/// Has the client library tell. Once, after the driver was made and before the first connection.
void start_wire_watch();

/// What a connection may be: without TLS, either, or with TLS only.
enum class Encryption { none, optional, demanded };

/// Around the opening of one connection on this thread. Where encryption is demanded, a server that
/// offers none is hung up on as soon as it said so, before the user's name or anything derived from
/// the password is sent to it; the client library by itself goes on in clear text. A connection
/// over TCP that stays unencrypted never gets the password as it is, whatever the server asks for.
class OpeningWatch
{
public:
    explicit OpeningWatch(Encryption encryption);
    OpeningWatch(const OpeningWatch&) = delete;
    OpeningWatch& operator=(const OpeningWatch&) = delete;
    ~OpeningWatch();

    /// The server was hung up on for that reason.
    bool offered_no_encryption() const;

    /// The client library's connection, which answers no request for a file other than LocalData's.
    /// Null when the library told of none. Lives as long as the connector's.
    st_mysql* connection() const;

    struct State;

private:
    std::unique_ptr<State> m_state;
};

/// Cuts a connection: whoever reads from it gets an error.
void hang_up(st_mysql* connection);

/// What a server's greeting, as far as it has come, says of TLS.
enum class Offer { unknown, tls, clear_text };

/// `packet` begins with its header of four bytes. Pure.
Offer read_offer(const unsigned char* packet, std::size_t size);

} // namespace slicetool::db
