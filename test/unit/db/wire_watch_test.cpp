#include "db/wire_watch.hpp"

#include <gmock/gmock.h>
#include <string>

namespace slicetool::db {
namespace {

using namespace std::string_literals;

Offer offer(const std::string& greeting)
{
    return read_offer(reinterpret_cast<const unsigned char*>(greeting.data()), greeting.size());
}

/// With the capabilities' lower 16 bits.
std::string greeting(const std::string& capabilities)
{
    return "\x4a\0\0\0\x0a"s + "10.11.19-MariaDB\0"s + "\1\0\0\0"s + "12345678\0"s + capabilities +
           "\x2d\2\0"s;
}

TEST(ReadOffer, KnowsTheFlagOfTls)
{
    EXPECT_EQ(offer(greeting("\xff\xff"s)), Offer::tls);
    EXPECT_EQ(offer(greeting("\0\x08"s)), Offer::tls);
    EXPECT_EQ(offer(greeting("\xff\xf7"s)), Offer::clear_text);
    EXPECT_EQ(offer(greeting("\0\0"s)), Offer::clear_text);
}

TEST(ReadOffer, WaitsForTheWholeOfIt)
{
    const std::string whole = greeting("\xff\xff"s);
    const std::size_t enough = whole.size() - 3;
    for (std::size_t size = 0; size < enough; ++size)
        EXPECT_EQ(offer(whole.substr(0, size)), Offer::unknown) << size;
    EXPECT_EQ(offer(whole.substr(0, enough)), Offer::tls);
}

TEST(ReadOffer, TakesNothingElseForAGreeting)
{
    EXPECT_EQ(offer("\x10\0\0\0\xff\x10\x04Too many connections\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"s),
              Offer::unknown);
    EXPECT_EQ(offer("\x4a\0\0\0\x0a"s + std::string(2000, 'x')), Offer::unknown);
    EXPECT_EQ(offer(""), Offer::unknown);
}

} // namespace
} // namespace slicetool::db
