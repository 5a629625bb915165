#include "base/text.hpp"

#include <gmock/gmock.h>

namespace slicetool::base {
namespace {

using testing::Optional;

TEST(AsciiLower, LeavesOtherBytesAlone)
{
    EXPECT_EQ(ascii_lower("AZaz[@`{09"), "azaz[@`{09");
    EXPECT_EQ(ascii_lower("\xc3\x84\xff"), "\xc3\x84\xff");
    EXPECT_EQ(ascii_lower(""), "");
}

TEST(EqualIgnoringCase, ComparesLettersOfAnyCase)
{
    EXPECT_TRUE(equal_ignoring_case("PRIMARY", "primary"));
    EXPECT_TRUE(equal_ignoring_case("", ""));
    EXPECT_FALSE(equal_ignoring_case("abc", "abcd"));
    EXPECT_FALSE(equal_ignoring_case("abcd", "abc"));
    EXPECT_FALSE(equal_ignoring_case("a[", "a{"));
}

TEST(Join, PutsTheSeparatorBetween)
{
    EXPECT_EQ(join({}, ", "), "");
    EXPECT_EQ(join({"a"}, ", "), "a");
    EXPECT_EQ(join({"a", "", "{}"}, ", "), "a, , {}");
}

TEST(Nearest, FindsWhatWasMeant)
{
    const std::vector<std::string> names{"tables", "exclude", "where", "zoom"};
    EXPECT_THAT(nearest("tabels", names), Optional(std::string("tables")));
    EXPECT_THAT(nearest("table", names), Optional(std::string("tables")));
    EXPECT_THAT(nearest("WHERE", names), Optional(std::string("where")));
    EXPECT_THAT(nearest("zom", names), Optional(std::string("zoom")));
}

TEST(Nearest, PrefersTheFewestEdits)
{
    EXPECT_THAT(nearest("customer", {"costumes", "customers", "custom"}),
                Optional(std::string("customers")));
}

TEST(Nearest, SuggestsNothingFarFetched)
{
    EXPECT_EQ(nearest("xyz", {"tables", "exclude"}), std::nullopt);
    EXPECT_EQ(nearest("zoom", {"room2", "boost"}), std::nullopt);
    EXPECT_EQ(nearest("anything", {}), std::nullopt);
}

TEST(CountOf, SaysOneInAWord)
{
    EXPECT_EQ(count_of(0, "row", "rows"), "0 rows");
    EXPECT_EQ(count_of(1, "row", "rows"), "one row");
    EXPECT_EQ(count_of(2, "row", "rows"), "2 rows");
    EXPECT_EQ(count_of(1234, "entry", "entries"), "1,234 entries");
}

} // namespace
} // namespace slicetool::base
