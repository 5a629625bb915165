#include "config/values.hpp"

#include <gtest/gtest.h>

namespace slicetool::config {

TEST(Values, IntegersAreDecimalDigitsOnly)
{
    EXPECT_EQ(parse_integer("18446744073709551615"), 18446744073709551615ULL);
    for (const auto* bad : {"", "-1", "+1", " 1", "1 ", "1.0", "0x10", "18446744073709551616"})
        EXPECT_EQ(parse_integer(bad), std::nullopt) << bad;
}

TEST(Values, PortsAreFrom1To65535)
{
    EXPECT_EQ(parse_port("1"), 1);
    EXPECT_EQ(parse_port("65535"), 65535);
    EXPECT_EQ(parse_port("0"), std::nullopt);
    EXPECT_EQ(parse_port("65536"), std::nullopt);
}

TEST(Values, TimeoutsTakeUnitsAndEndAtADay)
{
    using std::chrono::seconds;
    EXPECT_EQ(parse_timeout("30"), seconds(30));
    EXPECT_EQ(parse_timeout("30s"), seconds(30));
    EXPECT_EQ(parse_timeout("5m"), seconds(300));
    EXPECT_EQ(parse_timeout("24h"), seconds(86400));
    for (const auto* bad :
         {"", "s", "0", "0s", "25h", "86401", "5d", "5 m", "-5", "99999999999999999999h"})
        EXPECT_EQ(parse_timeout(bad), std::nullopt) << bad;
}

TEST(Values, TlsModesIgnoreCaseAndHyphens)
{
    EXPECT_EQ(parse_tls_mode("VERIFY_IDENTITY"), base::TlsMode::verify_identity);
    EXPECT_EQ(parse_tls_mode("verify-ca"), base::TlsMode::verify_ca);
    EXPECT_EQ(parse_tls_mode("disabled"), base::TlsMode::disabled);
    EXPECT_EQ(parse_tls_mode("preferred"), base::TlsMode::preferred);
    EXPECT_EQ(parse_tls_mode("required"), base::TlsMode::required);
    EXPECT_EQ(parse_tls_mode("verify"), std::nullopt);
}

TEST(Values, BooleansTakeTheWordsOfYaml)
{
    for (const auto* word : {"true", "yes", "on", "True", "ON"})
        EXPECT_EQ(parse_boolean(word), true) << word;
    for (const auto* word : {"false", "no", "off"})
        EXPECT_EQ(parse_boolean(word), false) << word;
    EXPECT_EQ(parse_boolean("1"), std::nullopt);
}

TEST(Values, DigestsAndOutsideAreWords)
{
    EXPECT_EQ(parse_digest("auto"), DigestChoice::automatic);
    EXPECT_EQ(parse_digest("md5"), DigestChoice::md5);
    EXPECT_EQ(parse_digest("SHA256"), DigestChoice::sha256);
    EXPECT_EQ(parse_digest("crc32"), std::nullopt);
    EXPECT_EQ(parse_outside("delete"), Outside::remove);
    EXPECT_EQ(parse_outside("keep"), Outside::keep);
    EXPECT_EQ(parse_outside("remove"), std::nullopt);
}

TEST(Values, MaxDeleteIsRowsOrAPercentage)
{
    EXPECT_EQ(parse_max_delete("5000"), (MaxDelete{5000, std::nullopt}));
    EXPECT_EQ(parse_max_delete("0"), (MaxDelete{0, std::nullopt}));
    EXPECT_EQ(parse_max_delete("10%"), (MaxDelete{std::nullopt, 10.0}));
    EXPECT_EQ(parse_max_delete("0.5%"), (MaxDelete{std::nullopt, 0.5}));
    for (const auto* bad : {"", "%", "101%", "-1%", "nan%", "inf%", "1e1%", "10 %", "ten"})
        EXPECT_EQ(parse_max_delete(bad), std::nullopt) << bad;
}

TEST(Values, ZoomIsAutoOrSizesThatGoDown)
{
    EXPECT_TRUE(parse_zoom("auto")->automatic());
    EXPECT_EQ(parse_zoom("1000,1")->sizes, (std::vector<std::uint64_t>{1000, 1}));
    EXPECT_EQ(parse_zoom("100")->sizes, (std::vector<std::uint64_t>{100}));
    for (const auto* bad :
         {"", "0", "1,1000", "10,10", "10,", ",1", "10,0", "a", "9,8,7,6,5,4,3,2,1"})
        EXPECT_EQ(parse_zoom(bad), std::nullopt) << bad;
}

TEST(Values, JobsAreFrom1To64)
{
    EXPECT_EQ(parse_jobs("1"), 1U);
    EXPECT_EQ(parse_jobs("64"), 64U);
    EXPECT_EQ(parse_jobs("0"), std::nullopt);
    EXPECT_EQ(parse_jobs("65"), std::nullopt);
}

TEST(Values, SizesAreBytesAndNotNone)
{
    EXPECT_EQ(parse_size("500"), 500U);
    EXPECT_EQ(parse_size("2K"), 2048U);
    EXPECT_EQ(parse_size("1G"), 1024U * 1024 * 1024);
    EXPECT_EQ(parse_size("0"), std::nullopt);
    EXPECT_EQ(parse_size("much"), std::nullopt);
}

TEST(Values, AFullUndoFileStopsTheRunOrDoesNot)
{
    EXPECT_EQ(parse_when_full("stop"), WhenFull::stop);
    EXPECT_EQ(parse_when_full("go-on"), WhenFull::go_on);
    EXPECT_EQ(parse_when_full("go_on"), WhenFull::go_on);
    EXPECT_EQ(parse_when_full("go"), std::nullopt);
}

TEST(Values, AChunkTimeHasAFractionOrAUnit)
{
    using namespace std::chrono_literals;
    EXPECT_EQ(parse_chunk_time("0.5"), 500ms);
    EXPECT_EQ(parse_chunk_time("1.25s"), 1250ms);
    EXPECT_EQ(parse_chunk_time("200ms"), 200ms);
    EXPECT_EQ(parse_chunk_time("1h"), 3'600'000ms);
    for (const char* wrong : {"", "s", "-1", "9ms", "61m", "1 s", "nan", "inf", "1e3", "0.5x"})
        EXPECT_EQ(parse_chunk_time(wrong), std::nullopt) << wrong;
}

TEST(Values, AMaxLoadNamesStatusVariables)
{
    const auto limits = parse_max_load("Threads_running=25,Threads_connected=400");
    ASSERT_TRUE(limits);
    ASSERT_EQ(limits->size(), 2U);
    EXPECT_EQ(limits->at(1).variable, "Threads_connected");
    EXPECT_EQ(limits->at(1).most, 400U);
    for (const char* wrong :
         {"", "Threads_running", "=25", "Threads_running=", "a b=1", "a=1,", "a'=1", "a=-1"})
        EXPECT_FALSE(parse_max_load(wrong)) << wrong;
}

TEST(Values, ARateOfRowsIsAtLeastOne)
{
    EXPECT_EQ(parse_rate_rows("2000"), 2000U);
    EXPECT_EQ(parse_rate_rows("0"), std::nullopt);
    EXPECT_EQ(parse_rate_rows("2000 rows"), std::nullopt);
}

} // namespace slicetool::config
