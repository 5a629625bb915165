#include "sync/planner.hpp"

#include "unit/sync/tables.hpp"

#include <array>
#include <cstddef>
#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;

/// Where a session would be. The planner may not look at it: it asks only about gaps.
class NoSession
{
public:
    db::Session& get() { return reinterpret_cast<db::Session&>(m_room); }

private:
    alignas(db::Session) std::array<std::byte, sizeof(db::Session)> m_room{};
};

class Plan
{
public:
    Plan(const TableChoices& choices, const TableBounds& bounds)
        : m_pair(plan(items(), choices)), m_planner(make_planner(m_pair, bounds))
    {
    }

    std::vector<Range> next(std::size_t count)
    {
        return m_planner->next(m_none.get(), m_none.get(), count);
    }

    std::vector<Range> all()
    {
        std::vector<Range> ranges;
        while (!m_planner->finished()) {
            for (auto& range : next(k_ranges_per_statement))
                ranges.push_back(std::move(range));
        }
        return ranges;
    }

    Planner& planner() { return *m_planner; }

private:
    TablePair m_pair;
    std::unique_ptr<Planner> m_planner;
    NoSession m_none;
};

TableBounds bounds(const std::string& up_first, const std::string& down_first,
                   const std::string& down_last, std::uint64_t rows)
{
    return {KeyTuple{up_first}, KeyTuple{down_first}, KeyTuple{down_last}, rows};
}

void expect_seamless_from_the_beginning(const std::vector<Range>& ranges, const std::string& last)
{
    ASSERT_FALSE(ranges.empty());
    EXPECT_EQ(ranges.front().lower, std::nullopt);
    for (std::size_t at = 1; at < ranges.size(); ++at)
        EXPECT_EQ(ranges[at].lower, ranges[at - 1].upper);
    EXPECT_EQ(ranges.back().upper, (Bound{{last}, true}));
}

Integer width(const Range& range)
{
    return to_integer(range.upper->key[0]) - to_integer(range.lower->key[0]);
}

TEST(IntegerPlanner, CoversEverythingUpToDownstreamsLastKey)
{
    Plan plan({}, bounds("1", "5", "10000", 10'000));
    const auto ranges = plan.all();
    EXPECT_EQ(ranges.size(), 40U);
    expect_seamless_from_the_beginning(ranges, "10000");
    EXPECT_EQ(ranges.front().upper, (Bound{{"251"}, false}));
}

TEST(TargetRows, IsAThousandthOfTheTableWithinLimits)
{
    EXPECT_EQ(target_rows(0), 250U);
    EXPECT_EQ(target_rows(500'000), 500U);
    EXPECT_EQ(target_rows(2'000'000'000), 1000U);
}

TEST(IntegerPlanner, StartsAtTheSmallerFirstKey)
{
    Plan up({}, bounds("-50", "5", "10", 60));
    EXPECT_EQ(up.next(1).at(0).upper, (Bound{{"10"}, true}));
    Plan down({}, bounds("500", "-700", "10000", 10'000));
    EXPECT_EQ(down.next(1).at(0).upper, (Bound{{"-450"}, false}));
}

TEST(IntegerPlanner, NeedsNoUpstreamRow)
{
    Plan plan({}, {std::nullopt, KeyTuple{"1"}, KeyTuple{"1500"}, 0});
    const auto ranges = plan.all();
    EXPECT_EQ(ranges.size(), 6U);
    expect_seamless_from_the_beginning(ranges, "1500");
}

TEST(IntegerPlanner, CoversEverythingWhenUpstreamsLastKeyIsKnown)
{
    for (const auto* last : {"3000", "10"}) {
        TableBounds both = bounds("1", "5", "1500", 3'000);
        both.upstream_last = KeyTuple{last};
        Plan plan({}, both);
        const auto ranges = plan.all();
        EXPECT_FALSE(ranges.front().lower);
        EXPECT_FALSE(ranges.back().upper);
        EXPECT_EQ(ranges.size(), last == std::string("10") ? 6U : 12U);
        for (std::size_t at = 1; at < ranges.size(); ++at)
            EXPECT_EQ(ranges[at].lower, ranges[at - 1].upper);
    }
}

TEST(IntegerPlanner, NeedsNoDownstreamRowThen)
{
    TableBounds both;
    both.upstream_first = KeyTuple{"1"};
    both.estimated_rows = 1000;
    both.upstream_last = KeyTuple{"1000"};
    Plan plan({}, both);
    const auto ranges = plan.all();
    EXPECT_EQ(ranges.size(), 4U);
    EXPECT_EQ(ranges.front().upper, (Bound{{"251"}, false}));
    EXPECT_FALSE(ranges.back().upper);
}

TEST(IntegerPlanner, MakesOneRangeOfOneRow)
{
    Plan plan({}, bounds("7", "7", "7", 1));
    const auto ranges = plan.all();
    EXPECT_EQ(ranges.size(), 1U);
    expect_seamless_from_the_beginning(ranges, "7");
    EXPECT_TRUE(plan.next(5).empty());
}

TEST(IntegerPlanner, TakesWiderStepsThroughSparseIds)
{
    Plan plan({}, bounds("1", "1", "1000000", 100'000));
    const auto ranges = plan.next(3);
    EXPECT_EQ(width(ranges[1]), 2'500);
}

TEST(IntegerPlanner, DoesNotTrustStatisticsTooFar)
{
    Plan plan({}, bounds("1", "1", "9223372036854775807", 10));
    EXPECT_EQ(width(plan.next(2)[1]), 4'000);
}

TEST(IntegerPlanner, MakesSmallerRangesWhereRowsTakeLong)
{
    Plan plan({}, bounds("1", "1", "100000000", 100'000'000));
    EXPECT_EQ(width(plan.next(4)[1]), 1000);
    EXPECT_EQ(plan.planner().aim(250), 250U);
    plan.planner().learn(4, 4000);
    EXPECT_EQ(width(plan.next(4)[1]), 250);
    EXPECT_EQ(plan.planner().aim(1'000'000), 1000U); // never more than is good for the zoom
}

TEST(IntegerPlanner, FollowsTheDensityOfRows)
{
    Plan plan({}, bounds("1", "1", "100000000", 100'000'000));
    EXPECT_EQ(width(plan.next(4)[1]), 1000);
    plan.planner().learn(4, 4 * 3000);
    EXPECT_EQ(width(plan.next(4)[1]), 333);
    plan.planner().learn(4, 4 * 1'000'000);
    EXPECT_EQ(width(plan.next(4)[1]), 41) << "an eighth at most";
    plan.planner().learn(4, 4);
    EXPECT_EQ(width(plan.next(4)[1]), 328) << "eightfold at most";
    plan.planner().learn(4, 4 * 1100);
    EXPECT_EQ(width(plan.next(4)[1]), 328) << "near enough";
}

TEST(IntegerPlanner, NeverStandsStill)
{
    Plan plan({}, bounds("1", "1", "1000000", 1'000'000));
    for (int round = 0; round < 20; ++round)
        plan.planner().learn(1, 1'000'000'000);
    const auto ranges = plan.next(3);
    EXPECT_EQ(width(ranges[1]), 1);
    EXPECT_EQ(width(ranges[2]), 1);
}

TEST(IntegerPlanner, HandlesTheWholeSpanOfBigint)
{
    Plan plan({},
              bounds("-9223372036854775808", "-9223372036854775808", "18446744073709551615", 0));
    const auto ranges = plan.next(64);
    EXPECT_EQ(ranges.size(), 64U);
    EXPECT_EQ(ranges[0].upper, (Bound{{"-9223372036854775558"}, false}));
    EXPECT_FALSE(plan.planner().finished());
    Plan top({},
             bounds("18446744073709551000", "18446744073709551000", "18446744073709551615", 600));
    expect_seamless_from_the_beginning(top.all(), "18446744073709551615");
}

TEST(IntegerPlanner, KeepsToTheBlocksOfAClassicZoom)
{
    TableChoices choices;
    choices.zoom = {100, 1};
    Plan plan(choices, bounds("1", "1", "350", 1'000'000));
    const auto ranges = plan.all();
    expect_seamless_from_the_beginning(ranges, "350");
    ASSERT_EQ(ranges.size(), 4U);
    EXPECT_EQ(ranges[0].upper, (Bound{{"100"}, false}));
    EXPECT_EQ(ranges[1].upper, (Bound{{"200"}, false}));
    EXPECT_EQ(ranges[2].upper, (Bound{{"300"}, false}));
}

TEST(IntegerPlanner, BlocksStandAtMultiplesBelowZeroToo)
{
    TableChoices choices;
    choices.zoom = {100};
    Plan plan(choices, bounds("-250", "-250", "50", 300));
    const auto ranges = plan.all();
    expect_seamless_from_the_beginning(ranges, "50");
    ASSERT_EQ(ranges.size(), 4U);
    EXPECT_EQ(ranges[0].upper, (Bound{{"-200"}, false}));
    EXPECT_EQ(ranges[1].upper, (Bound{{"-100"}, false}));
    EXPECT_EQ(ranges[2].upper, (Bound{{"0"}, false}));
}

TEST(IntegerPlanner, BlocksDoNotAdapt)
{
    TableChoices choices;
    choices.zoom = {100};
    Plan plan(choices, bounds("0", "0", "100000", 1));
    plan.next(2);
    plan.planner().learn(2, 1);
    EXPECT_EQ(width(plan.next(2)[1]), 100);
}

} // namespace
} // namespace slicetool::sync
