#include "report/density_strip.hpp"

#include "fixtures.hpp"
#include "report/summary.hpp"

#include <gmock/gmock.h>

namespace slicetool::report::test {
namespace {

using testing::HasSubstr;
using testing::Not;

DensityBucket bucket(std::uint64_t rows, std::uint64_t changed = 0)
{
    return {"", rows, 0, 0, changed};
}

TEST(DensityLevel, IsAbsoluteAndNeverHidesARow)
{
    EXPECT_EQ(density_level(bucket(1'000'000)), 0U);
    EXPECT_EQ(density_level(bucket(1'000'000'000'000'000'000, 1)), 1U);
    EXPECT_EQ(density_level(bucket(1'000'000, 100)), 1U);
    EXPECT_EQ(density_level(bucket(1'000'000, 101)), 2U);
    EXPECT_EQ(density_level(bucket(1'000'000, 1'000)), 2U);
    EXPECT_EQ(density_level(bucket(1'000'000, 10'000)), 3U);
    EXPECT_EQ(density_level(bucket(1'000'000, 100'000)), 4U);
    EXPECT_EQ(density_level(bucket(1'000'000, 500'000)), 5U);
    EXPECT_EQ(density_level(bucket(1'000'000, 999'999)), 6U);
    EXPECT_EQ(density_level(bucket(1'000'000, 1'000'000)), 7U);
    EXPECT_EQ(density_level({"", 0, 0, 5, 0}), 7U) << "rows that only downstream has";
}

TEST(DensityStrip, GivesEveryCellTheSameShareOfTheRows)
{
    const std::vector<DensityBucket> density{bucket(100), bucket(200, 200), bucket(100, 1)};
    EXPECT_EQ(density_strip(density, 8, Charset::utf8), "▁▁████▄▄");
    EXPECT_EQ(density_strip(density, 8, Charset::ascii), "..@@@@==");
}

TEST(DensityStrip, ShowsABucketThatIsNarrowerThanACell)
{
    std::vector<DensityBucket> density(64, bucket(1'000));
    density[0].changed = 1;
    density[40].changed = 1'000;
    density.push_back({"", 0, 0, 1, 0}); // at the very end
    EXPECT_EQ(density_strip(density, 10, Charset::ascii), "-.....@..@");
}

TEST(DensityStrip, IsDrawnOnlyWhereItTellsSomething)
{
    EXPECT_FALSE(worth_drawing({}));
    EXPECT_FALSE(worth_drawing({bucket(10, 1)})) << "a single bucket";
    EXPECT_FALSE(worth_drawing({bucket(10, 10), bucket(5, 5)})) << "a first copy";
    EXPECT_TRUE(worth_drawing({bucket(10, 10), bucket(5)}));
}

Record record_with_strip()
{
    Record record;
    record.run = run_info("slice");
    TableResult result = orders();
    result.density = {bucket(1'900'000, 10), bucket(100'000, 100'000)};
    record.finish_table(result);
    return record;
}

TEST(DensityStrip, StandsBelowItsTableAndFitsTheWidth)
{
    const Record record = record_with_strip();
    EXPECT_THAT(summary_text(record, 80, Colour::no),
                HasSubstr("MADE EQUAL\n    first key "
                          "▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂███ last key\n"));
    EXPECT_THAT(summary_text(record, 40, Colour::no, Charset::ascii),
                HasSubstr("\n    first key ::::::::::::::::@ last key\n"));
    EXPECT_THAT(summary_text(record, 30, Colour::no), Not(HasSubstr("first key")));
}

} // namespace
} // namespace slicetool::report::test
