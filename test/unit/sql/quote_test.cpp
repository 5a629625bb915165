#include "sql/quote.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>

namespace slicetool::sql {
namespace {

TEST(Quote, IdentifiersOfAnySpelling)
{
    EXPECT_EQ(quote_identifier("plain"), "`plain`");
    EXPECT_EQ(quote_identifier("a`b.c d%'\"\\"), "`a``b.c d%'\"\\`");
    EXPECT_EQ(quote_identifiers({"a", "b`"}), "`a`, `b```");
    EXPECT_EQ(quote_identifiers({}), "");
}

TEST(Quote, StringsByteByByte)
{
    EXPECT_EQ(quote_string(std::string("it's \\ \0 \x1a \n \r \xff", 16)),
              "'it\\'s \\\\ \\0 \\Z \\n \\r \xff'");
    EXPECT_EQ(quote_string(""), "''");
}

TEST(Quote, NumbersAreNumbersOnly)
{
    for (const std::string number : {"0", "-9223372036854775808", "18446744073709551615", "-0.50",
                                     "00012", "99999999999999999999999999999999999.000000000"}) {
        std::string text = "= ";
        append_number(text, number);
        EXPECT_EQ(text, "= " + number);
    }
    for (const std::string_view other : {"", "-", "1 OR 1=1", "1)", "1--", "+1", "1.", ".5", "0x10",
                                         "1e5", "NULL", "1 ", " 1", "1;2", "--1", "1.2.3", "١"}) {
        std::string text;
        EXPECT_THROW(append_number(text, other), base::Error) << other;
        EXPECT_EQ(text, "");
    }
}

TEST(Quote, CommentsCannotBeLeft)
{
    EXPECT_EQ(comment_text("a*/ DROP\n"), "a.. DROP.");
    EXPECT_EQ(comment_text(std::string(300, 'x')).size(), 100U);
}

} // namespace
} // namespace slicetool::sql
