#include "random/contents.hpp"

#include <gtest/gtest.h>

namespace slicetool::search {
namespace {

TEST(CompareContents, TellsMissingExtraAndChangedRowsByTheirKey)
{
    const Counts counts =
        compare({{"1", "a"}, {"2", "b"}, {"4", "d"}}, {{"2", "B"}, {"3", "c"}, {"4", "d"}});
    EXPECT_EQ(counts.missing, 1U);
    EXPECT_EQ(counts.extra, 1U);
    EXPECT_EQ(counts.changed, 1U);
    EXPECT_EQ(counts.all(), 3U);
}

TEST(CompareContents, CountsDuplicatesOfRowsWithoutAKey)
{
    const Counts counts =
        compare({{"", "a"}, {"", "a"}, {"", "b"}}, {{"", "a"}, {"", "b"}, {"", "b"}, {"", "b"}});
    EXPECT_EQ(counts.missing, 1U);
    EXPECT_EQ(counts.extra, 2U);
    EXPECT_EQ(counts.changed, 0U);
}

} // namespace
} // namespace slicetool::search
