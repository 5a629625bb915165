#include "base/units.hpp"

#include <gmock/gmock.h>
#include <limits>

namespace slicetool::base {
namespace {

using std::chrono::duration;
using testing::Optional;

constexpr std::uint64_t k_kib = 1024;

TEST(FormatBytes, CountsInPowersOf1024)
{
    EXPECT_EQ(format_bytes(0), "0 B");
    EXPECT_EQ(format_bytes(1), "1 B");
    EXPECT_EQ(format_bytes(999), "999 B");
    EXPECT_EQ(format_bytes(k_kib), "1.0 KiB");
    EXPECT_EQ(format_bytes(1229), "1.2 KiB");
    EXPECT_EQ(format_bytes(34 * k_kib * k_kib), "34 MiB");
    EXPECT_EQ(format_bytes(5 * k_kib * k_kib * k_kib), "5.0 GiB");
}

TEST(FormatBytes, NeverShowsMoreThanThreeDigitsAboveABytesUnit)
{
    EXPECT_EQ(format_bytes(999 * k_kib), "999 KiB");
    EXPECT_EQ(format_bytes(1000 * k_kib), "1.0 MiB");
    EXPECT_EQ(format_bytes(k_kib * k_kib - 1), "1.0 MiB");
    EXPECT_EQ(format_bytes(10188), "9.9 KiB");
    EXPECT_EQ(format_bytes(10189), "10 KiB");
}

TEST(FormatBytes, KnowsTheLargestNumber)
{
    EXPECT_EQ(format_bytes(std::numeric_limits<std::uint64_t>::max()), "16 EiB");
}

TEST(FormatCount, GroupsByThousands)
{
    EXPECT_EQ(format_count(0), "0");
    EXPECT_EQ(format_count(999), "999");
    EXPECT_EQ(format_count(1000), "1,000");
    EXPECT_EQ(format_count(1234567), "1,234,567");
    EXPECT_EQ(format_count(std::numeric_limits<std::uint64_t>::max()),
              "18,446,744,073,709,551,615");
}

TEST(FormatDuration, GetsCoarserAsItGrows)
{
    EXPECT_EQ(format_duration(duration<double>(0)), "0.00 s");
    EXPECT_EQ(format_duration(duration<double>(0.04)), "0.04 s");
    EXPECT_EQ(format_duration(duration<double>(9.99)), "9.99 s");
    EXPECT_EQ(format_duration(duration<double>(12.34)), "12.3 s");
    EXPECT_EQ(format_duration(duration<double>(245)), "4m 05s");
    EXPECT_EQ(format_duration(duration<double>(3 * 3600 + 7 * 60 + 59)), "3h 07m");
}

TEST(FormatDuration, NeverRoundsUpToSixtySecondsOrOneThousandDigits)
{
    EXPECT_EQ(format_duration(duration<double>(9.996)), "10.0 s");
    EXPECT_EQ(format_duration(duration<double>(99.96)), "1m 40s");
    EXPECT_EQ(format_duration(duration<double>(119.7)), "2m 00s");
    EXPECT_EQ(format_duration(duration<double>(3599.6)), "1h 00m");
}

TEST(FormatDuration, TreatsAClockThatWentBackAsZero)
{
    EXPECT_EQ(format_duration(duration<double>(-3)), "0.00 s");
}

TEST(ParseBytes, ReadsPlainNumbersAndUnits)
{
    EXPECT_THAT(parse_bytes("0"), Optional(0U));
    EXPECT_THAT(parse_bytes("1048576"), Optional(1048576U));
    EXPECT_THAT(parse_bytes("64K"), Optional(64 * k_kib));
    EXPECT_THAT(parse_bytes("64k"), Optional(64 * k_kib));
    EXPECT_THAT(parse_bytes("64KB"), Optional(64 * k_kib));
    EXPECT_THAT(parse_bytes("1.5M"), Optional(1536 * k_kib));
    EXPECT_THAT(parse_bytes("2G"), Optional(2 * k_kib * k_kib * k_kib));
    EXPECT_THAT(parse_bytes("1T"), Optional(k_kib * k_kib * k_kib * k_kib));
    EXPECT_THAT(parse_bytes("16MiB"), Optional(16 * k_kib * k_kib));
    EXPECT_THAT(parse_bytes("7B"), Optional(7U));
}

TEST(ParseBytes, RefusesEverythingElse)
{
    for (const char* text : {"", "K", "-1", "-1K", "1X", "1KK", "1 K", "1K ", " 1", "1,5M", "0x10",
                             "1KBB", "MiB", "ten", "1e30", "99999999999T", "inf", "nan", "NaN"})
        EXPECT_EQ(parse_bytes(text), std::nullopt) << '"' << text << '"';
}

} // namespace
} // namespace slicetool::base
