#include "report/text.hpp"

#include "report/utf8.hpp"

#include <gmock/gmock.h>
#include <limits>
#include <string>

namespace slicetool::report {
namespace {

using testing::ElementsAre;

TEST(Utf8, KnowsWhatIsWellFormed)
{
    EXPECT_TRUE(is_utf8("plain, żółć, 注文, 😀"));
    EXPECT_TRUE(is_utf8(""));
    EXPECT_FALSE(is_utf8("\xff"));
    EXPECT_FALSE(is_utf8("\xc3"));             // cut
    EXPECT_FALSE(is_utf8("\xc0\xaf"));         // overlong
    EXPECT_FALSE(is_utf8("\xe0\x80\xaf"));     // overlong
    EXPECT_FALSE(is_utf8("\xed\xa0\x80"));     // surrogate
    EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80")); // beyond U+10FFFF
}

TEST(Printable, LeavesNothingThatMovesTheCursor)
{
    EXPECT_EQ(printable("a\x1b[2Jb\n\t\r"), "a\\x1b[2Jb\\n\\t\\r");
    EXPECT_EQ(printable(std::string("nul\0!", 5)), "nul\\x00!");
    EXPECT_EQ(printable("c1 \xc2\x9b, bidi \u202e, zero \u200b"),
              "c1 \\u{009B}, bidi \\u{202E}, zero \\u{200B}");
    EXPECT_EQ(printable("latin1 \xe9!"), "latin1 \\xe9!");
    EXPECT_EQ(printable("注文 é 😀 back\\slash"), "注文 é 😀 back\\slash");
}

TEST(Printable, KeepsLineEndsForSql)
{
    EXPECT_EQ(printable_lines("a\n\tb\x07"), "a\n\tb\\x07");
}

TEST(Escaped, NeverMakesTwoByteStringsAlike)
{
    EXPECT_EQ(escaped("a\nb"), "a\\nb");
    EXPECT_EQ(escaped("a\\nb"), "a\\\\nb");
    EXPECT_EQ(escaped("\xff"), "\\xff");
    EXPECT_EQ(escaped("\\xff"), "\\\\xff");
}

TEST(DisplayWidth, FollowsUnicodeNotTheLocale)
{
    EXPECT_EQ(display_width("orders"), 6U);
    EXPECT_EQ(display_width("żółć"), 4U);
    EXPECT_EQ(display_width("注文テーブル"), 12U);
    EXPECT_EQ(display_width("한글"), 4U);
    EXPECT_EQ(display_width("e\u0301"), 1U);
    EXPECT_EQ(display_width("😀"), 2U);
    EXPECT_EQ(display_width("𠀀"), 2U);
    EXPECT_EQ(display_width("ﾊﾝｶｸ"), 4U); // half-width katakana
}

TEST(Fitted, CutsTheMiddle)
{
    EXPECT_EQ(fitted("orders_2023_q1", 14, false), "orders_2023_q1");
    EXPECT_EQ(fitted("orders_2023_q1", 9, false), "orde…3_q1");
    EXPECT_EQ(fitted("orders_2023_q1", 9, true), "ord..._q1");
    EXPECT_EQ(fitted("orders", 1, false), "o");
    EXPECT_EQ(fitted("orders", 0, false), "");
}

TEST(Fitted, NeverPassesTheWidthWithWideCharacters)
{
    const std::string name = "注文テーブル😀e\u0301注文";
    for (std::size_t width = 0; width < 20; ++width) {
        EXPECT_LE(display_width(fitted(name, width, false)), width) << width;
        EXPECT_TRUE(is_utf8(fitted(name, width, false))) << width;
    }
    EXPECT_EQ(fitted("注文テーブル", 8, false), "注文…ル");
}

TEST(Padding, CountsColumnsNotBytes)
{
    EXPECT_EQ(pad_right("注", 4), "注  ");
    EXPECT_EQ(pad_left("é", 3), "  é");
    EXPECT_EQ(pad_right("orders", 3), "orders");
}

TEST(Wrapped, BreaksBetweenWords)
{
    EXPECT_THAT(wrapped("one two three", 7), ElementsAre("one two", "three"));
    EXPECT_THAT(wrapped("one\ntwo", 20), ElementsAre("one", "two"));
    EXPECT_THAT(wrapped("", 7), ElementsAre(""));
    EXPECT_THAT(wrapped("  spread \n\n out  ", 20), ElementsAre("spread", "out"));
}

TEST(Wrapped, CutsWordsThatAreTooLong)
{
    EXPECT_THAT(wrapped("a abcdefgh b", 3), ElementsAre("a", "abc", "def", "gh", "b"));
    EXPECT_THAT(wrapped("注文テ", 3), ElementsAre("注", "文", "テ"));
    EXPECT_THAT(wrapped("注文", 0), ElementsAre("注", "文"));
}

TEST(Shortened, CutsAtACharacterAndTellsTheSize)
{
    EXPECT_EQ(shortened("short"), "short");
    EXPECT_EQ(shortened("ééé", 3), "é… (6 B)");
    EXPECT_EQ(shortened(std::string(2'000'000, 'x'), 4), "xxxx… (1.9 MiB)");
    EXPECT_EQ(shortened("\xff\xfe\xfd", 2), "\xff\xfe… (3 B)");
}

TEST(CompactCount, IsExactBelowTenThousandAndNeverWiderThanFive)
{
    EXPECT_EQ(compact_count(0), "0");
    EXPECT_EQ(compact_count(9'999), "9,999");
    EXPECT_EQ(compact_count(12'345), "12.3k");
    EXPECT_EQ(compact_count(999'499), "999k");
    EXPECT_EQ(compact_count(999'500), "1.00M");
    EXPECT_EQ(compact_count(1'234'567), "1.23M");
    EXPECT_EQ(compact_count(std::numeric_limits<std::uint64_t>::max()), "18.4E");
}

TEST(CompactSizesAndTimes, StayNarrow)
{
    EXPECT_EQ(compact_bytes(0), "0");
    EXPECT_EQ(compact_bytes(999), "999B");
    EXPECT_EQ(compact_bytes(1'234), "1.2K");
    EXPECT_EQ(compact_bytes(35'651'584), "34M");
    EXPECT_EQ(compact_duration(12.4), "12s");
    EXPECT_EQ(compact_duration(245), "4m05s");
    EXPECT_EQ(compact_duration(11'220), "3h07m");
    EXPECT_EQ(compact_duration(1e30), "9999d");
    EXPECT_EQ(format_seconds(0.041), "0.04");
    EXPECT_EQ(format_seconds(12.34), "12.3");
    EXPECT_EQ(format_seconds(4'000), "4,000");
}

} // namespace
} // namespace slicetool::report
