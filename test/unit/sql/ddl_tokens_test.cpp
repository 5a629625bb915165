#include "sql/ddl_tokens.hpp"

#include <gmock/gmock.h>

namespace slicetool::sql {
namespace {

std::vector<std::string> texts(std::string_view sql)
{
    std::vector<std::string> result;
    for (const auto& token : tokenize(sql))
        result.push_back(token.text);
    return result;
}

TEST(DdlTokens, QuotesKeepWhatLooksLikeSyntax)
{
    EXPECT_THAT(texts("`a``,(b` 'it''s \\' ,' \"x\""),
                testing::ElementsAre("`a``,(b`", "'it''s \\' ,'", "\"x\""));
    EXPECT_EQ(tokenize("`a``b`").front().value, "a`b");
    EXPECT_EQ(tokenize("'a\\'b''c\\\\\\n\\0'").front().value, std::string("a'b'c\\\n\0", 8));
}

TEST(DdlTokens, CommentsVanishAndExecutableOnesUnwrap)
{
    EXPECT_THAT(texts("a /* x ' */ b /*!80023 INVISIBLE */, /*M!100301 COMPRESSED*/ -- end\nc # d"),
                testing::ElementsAre("a", "b", "INVISIBLE", ",", "COMPRESSED", "c"));
}

TEST(DdlTokens, ACommentDoesNotEndWithTheSlashThatBeginsIt)
{
    EXPECT_THAT(texts("a /*/ b */ c"), testing::ElementsAre("a", "c"));
}

TEST(DdlTokens, NumbersAndPrefixedLiteralsAreOneToken)
{
    EXPECT_THAT(texts("1.5e-3 0xFF b'1' X'41' a.b"),
                testing::ElementsAre("1.5e-3", "0xFF", "b'1'", "X'41'", "a", ".", "b"));
}

TEST(DdlTokens, UnterminatedTextEndsThere)
{
    EXPECT_EQ(tokenize("'abc").size(), 1U);
    EXPECT_EQ(tokenize("`abc").size(), 1U);
    EXPECT_TRUE(tokenize("/* abc").empty());
    EXPECT_EQ(tokenize("'abc\\").size(), 1U);
}

TEST(DdlTokens, HexLiteralsRoundTrip)
{
    const std::string bytes("\0\xff"
                            "A",
                            3);
    EXPECT_EQ(hex_literal(bytes), "0x00FF41");
    EXPECT_EQ(hex_bytes("0x00FF41"), bytes);
    EXPECT_EQ(hex_bytes("X'00ff41'"), bytes);
    EXPECT_EQ(hex_bytes("12"), "");
}

TEST(DdlTokens, Utf8IsRecognised)
{
    EXPECT_TRUE(is_utf8("a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"));
    EXPECT_FALSE(is_utf8("\xe9"));
    EXPECT_FALSE(is_utf8("\xc0\x80"));
    EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
    EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));
    EXPECT_FALSE(is_utf8("\xc3"));
}

} // namespace
} // namespace slicetool::sql
