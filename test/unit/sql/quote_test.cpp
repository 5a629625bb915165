#include "sql/quote.hpp"

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

TEST(Quote, CommentsCannotBeLeft)
{
    EXPECT_EQ(comment_text("a*/ DROP\n"), "a.. DROP.");
    EXPECT_EQ(comment_text(std::string(300, 'x')).size(), 100U);
}

} // namespace
} // namespace slicetool::sql
