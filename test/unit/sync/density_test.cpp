#include "sync/density.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using report::DensityBucket;
using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<KeyColumn> k_id{{"id", KeyLiteral::number, "", "`id`", true}};

/// The range that begins at `ordinal` thousand.
Range range(std::uint64_t ordinal)
{
    Range range;
    range.ordinal = ordinal;
    if (ordinal > 0)
        range.lower = Bound{{std::to_string(ordinal * 1000)}, false};
    return range;
}

Range tail()
{
    return {Bound{{"999999"}, true}, std::nullopt, {}, k_tail_ordinal};
}

RangeDifference changed(std::uint64_t ordinal, const std::vector<KeyTuple>& keys)
{
    RangeDifference difference;
    difference.range = range(ordinal);
    difference.changed = keys;
    return difference;
}

/// A table of so many ranges with `rows` rows each.
class DensityTest : public testing::Test
{
protected:
    void fill(std::uint64_t ranges, std::uint64_t rows)
    {
        for (std::uint64_t ordinal = 0; ordinal < ranges; ++ordinal) {
            m_density.planned(range(ordinal));
            m_density.settled(range(ordinal), rows);
        }
    }

    DensityBucket sum() const
    {
        DensityBucket sum;
        for (const auto& bucket : m_density.buckets()) {
            sum.rows += bucket.rows;
            sum.missing += bucket.missing;
            sum.extra += bucket.extra;
            sum.changed += bucket.changed;
        }
        return sum;
    }

    Density m_density{k_id};
};

TEST_F(DensityTest, OfEqualTablesIsEmpty)
{
    fill(3, 10);
    EXPECT_THAT(m_density.buckets(), IsEmpty());
}

TEST_F(DensityTest, CountsByTheRangeThatARowCameFrom)
{
    fill(3, 10);
    m_density.found(changed(1, {{"1003"}, {"1005"}}));
    RangeDifference whole;
    whole.range = range(2);
    whole.whole = true;
    whole.upstream.rows = 0;
    whole.downstream_rows = 4;
    m_density.found(whole);
    EXPECT_THAT(m_density.buckets(),
                ElementsAre(DensityBucket{"", 10, 0, 0, 0}, DensityBucket{"id=1000", 10, 0, 0, 2},
                            DensityBucket{"id=2000", 10, 0, 4, 0}));
}

TEST_F(DensityTest, TheTailIsTheLast)
{
    m_density.planned(tail());
    fill(2, 10);
    m_density.tail(3);
    m_density.tail(5);
    EXPECT_THAT(m_density.buckets(),
                ElementsAre(DensityBucket{"", 10, 0, 0, 0}, DensityBucket{"id=1000", 10, 0, 0, 0},
                            DensityBucket{"id=999999", 5, 5, 0, 0}));
}

TEST_F(DensityTest, OfABillionRowsHasBucketsOfAboutEquallyManyRows)
{
    constexpr std::uint64_t k_ranges = 1'000'000;
    fill(k_ranges, 1000);
    m_density.found(changed(0, {{"1"}}));
    m_density.found(changed(500'000, {{"500000001"}}));
    m_density.found(changed(k_ranges - 1, {{"x"}, {"y"}}));
    const auto buckets = m_density.buckets();
    ASSERT_EQ(buckets.size(), k_density_buckets);
    for (std::size_t at = 0; at < buckets.size(); ++at) {
        EXPECT_NEAR(static_cast<double>(buckets[at].rows), 1e9 / 64, 1e9 / 64 * 0.15) << at;
        const std::uint64_t expected = at == 63 ? 2 : (at == 0 || at == 31 || at == 32 ? 1 : 0);
        EXPECT_LE(buckets[at].changed, expected) << at;
    }
    EXPECT_EQ(buckets.front().changed, 1U);
    EXPECT_EQ(buckets[31].changed + buckets[32].changed, 1U);
    EXPECT_EQ(buckets.back().changed, 2U);
    EXPECT_EQ(sum(), (DensityBucket{"", k_ranges * 1000, 0, 0, 4}));
}

TEST_F(DensityTest, SaysWhereABucketBeginsAfterSlotsWereJoined)
{
    fill(5000, 10);
    m_density.found(changed(4999, {{"4999001"}}));
    const auto buckets = m_density.buckets();
    std::uint64_t before = 0;
    for (const auto& bucket : buckets) {
        const std::string place = before == 0 ? "" : "id=" + std::to_string(before / 10 * 1000);
        EXPECT_EQ(bucket.from, place);
        before += bucket.rows;
    }
}

TEST_F(DensityTest, ARangeThatWasPlannedTooWideMayShareItsBucketWithFewOthers)
{
    fill(100, 10);
    m_density.planned(range(100));
    m_density.settled(range(100), 1'000'000);
    m_density.found(changed(100, {{"100001"}}));
    const auto buckets = m_density.buckets();
    ASSERT_EQ(buckets.size(), 1U) << "the others hold a thousandth of the rows";
    EXPECT_EQ(buckets[0].rows, 1'001'000U);
}

TEST_F(DensityTest, ARecountLeavesTheRowsThatRemainWhereTheyWereFound)
{
    fill(3, 10);
    std::vector<RangeDifference> found{changed(0, {{"1"}, {"2"}}), changed(2, {{"2001"}})};
    for (const auto& difference : found)
        m_density.found(difference);
    RangeDifference remaining;
    remaining.changed = {{"2"}};
    remaining.extra = {{"2001"}}; // gone upstream in the meantime
    m_density.recount(found, remaining);
    EXPECT_THAT(m_density.buckets(),
                ElementsAre(DensityBucket{"", 10, 0, 0, 1}, DensityBucket{"id=1000", 10, 0, 0, 0},
                            DensityBucket{"id=2000", 10, 0, 1, 0}));
    m_density.recount(found, {});
    EXPECT_THAT(m_density.buckets(), IsEmpty());
}

} // namespace
} // namespace slicetool::sync
