#include "base/error.hpp"
#include "sync/integer_key.hpp"
#include "sync/range.hpp"

#include <gmock/gmock.h>
#include <random>

namespace slicetool::sync {
namespace {

Bound before(const std::string& id)
{
    return {{id}, false};
}

Bound after(const std::string& id)
{
    return {{id}, true};
}

/// The first id that a bound lets in on its right side.
Integer edge(const Bound& bound)
{
    return to_integer(bound.key[0]) + (bound.after ? 1 : 0);
}

/// The parts begin and end as the whole does, and each begins where the one before it ends.
void expect_seamless(const Range& whole, const std::vector<Range>& parts)
{
    ASSERT_FALSE(parts.empty());
    EXPECT_EQ(parts.front().lower, whole.lower);
    EXPECT_EQ(parts.back().upper, whole.upper);
    for (std::size_t at = 1; at < parts.size(); ++at)
        EXPECT_EQ(parts[at - 1].upper, parts[at].lower);
}

TEST(IntegerKey, ReadsWhatServersPrint)
{
    for (const char* text :
         {"0", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551615"})
        EXPECT_EQ(to_text(to_integer(text)), text);
    EXPECT_EQ(to_text(to_integer("-9223372036854775808") - 1), "-9223372036854775809");
    EXPECT_EQ(to_text(to_integer("18446744073709551615") + 1), "18446744073709551616");
    EXPECT_EQ(to_text(to_integer("00042")), "42");
}

TEST(IntegerKey, RefusesEverythingElse)
{
    for (const char* text : {"", "-", "+1", "1.0", "1e3", " 1", "1 ", "--1", "0x1", "abc",
                             "1234567890123456789012345678901"})
        EXPECT_THROW(to_integer(text), base::Error) << text;
}

TEST(SplitEvenly, CutsIntoPartsOfEqualWidth)
{
    const Range whole{before("0"), before("100"), {}};
    const auto parts = split_evenly(whole, 4);
    ASSERT_EQ(parts.size(), 4U);
    expect_seamless(whole, parts);
    EXPECT_EQ(parts[1].lower, before("25"));
    EXPECT_EQ(parts[2].lower, before("50"));
    EXPECT_EQ(parts[3].lower, before("75"));
}

TEST(SplitEvenly, CannotCutASingleIdNorWhatHasNoEnd)
{
    EXPECT_TRUE(split_evenly({before("7"), before("8"), {}}, 16).empty());
    EXPECT_TRUE(split_evenly({before("7"), after("7"), {}}, 16).empty());
    EXPECT_TRUE(split_evenly({after("6"), after("7"), {}}, 16).empty());
    EXPECT_TRUE(split_evenly({before("8"), before("8"), {}}, 16).empty());
    EXPECT_TRUE(split_evenly({std::nullopt, before("8"), {}}, 16).empty());
    EXPECT_TRUE(split_evenly({before("8"), std::nullopt, {}}, 16).empty());
}

TEST(SplitEvenly, MakesNoMorePartsThanIds)
{
    const Range whole{after("9"), after("12"), {}};
    const auto parts = split_evenly(whole, 16);
    EXPECT_EQ(parts.size(), 3U);
    expect_seamless(whole, parts);
}

TEST(SplitEvenly, CrossesZero)
{
    const Range whole{before("-10"), before("10"), {}};
    const auto parts = split_evenly(whole, 4);
    expect_seamless(whole, parts);
    EXPECT_EQ(parts[1].lower, before("-5"));
    EXPECT_EQ(parts[2].lower, before("0"));
}

TEST(SplitEvenly, SpansEveryBigint)
{
    const Range whole{before("-9223372036854775808"), after("18446744073709551615"), {}};
    const auto parts = split_evenly(whole, 3);
    ASSERT_EQ(parts.size(), 3U);
    expect_seamless(whole, parts);
    EXPECT_EQ(parts[1].lower, before("0"));
    EXPECT_EQ(parts[2].lower, before("9223372036854775808"));
}

TEST(SplitEvenly, LeavesNoGapAndOverlapsNowhere)
{
    std::mt19937_64 random(1);
    for (int round = 0; round < 20'000; ++round) {
        const int shift = static_cast<int>(random() % 63);
        const Integer low =
            static_cast<std::int64_t>(random() >> shift) * (random() % 2 == 0 ? 1 : -1);
        const Integer width = static_cast<Integer>(random() >> (random() % 64));
        const Range whole{Bound{{to_text(low)}, random() % 2 == 0},
                          Bound{{to_text(low + width)}, random() % 2 == 0},
                          {}};
        const std::size_t wanted = 1 + random() % 20;
        const auto parts = split_evenly(whole, wanted);
        const Integer ids = edge(*whole.upper) - edge(*whole.lower);
        ASSERT_EQ(parts.empty(), ids <= 1);
        if (parts.empty())
            continue;
        ASSERT_LE(parts.size(), wanted);
        expect_seamless(whole, parts);
        for (const auto& part : parts) {
            const Integer mine = edge(*part.upper) - edge(*part.lower);
            ASSERT_GE(mine, 1);
            ASSERT_LE(mine, ids / static_cast<Integer>(parts.size()) + 1);
        }
    }
}

std::vector<KeyTuple> keys(int count)
{
    std::vector<KeyTuple> result;
    for (int at = 0; at < count; ++at)
        result.push_back({"k" + std::to_string(1000 + at)});
    return result;
}

TEST(SplitAtKeys, ReturnsARangeWithoutSplitsAlone)
{
    const Range whole{before("a"), after("z"), {}};
    const auto parts = split_at_keys(whole, 16);
    ASSERT_EQ(parts.size(), 1U);
    expect_seamless(whole, parts);
}

TEST(SplitAtKeys, CutsAtEveryKeyWhereThatIsAsked)
{
    const Range whole{before("a"), std::nullopt, keys(3)};
    const auto parts = split_at_keys(whole, 4);
    ASSERT_EQ(parts.size(), 4U);
    expect_seamless(whole, parts);
    for (std::size_t at = 0; at < 3; ++at)
        EXPECT_EQ(parts[at].upper, (Bound{whole.splits[at], false}));
}

TEST(SplitAtKeys, LosesNoKeyAndKeepsTheirOrder)
{
    for (int count = 0; count < 70; ++count) {
        for (std::size_t wanted = 1; wanted < 20; ++wanted) {
            const Range whole{before("a"), after("z"), keys(count)};
            const auto parts = split_at_keys(whole, wanted);
            ASSERT_EQ(parts.size(), std::min(wanted, static_cast<std::size_t>(count) + 1));
            expect_seamless(whole, parts);
            std::vector<KeyTuple> seen;
            for (std::size_t at = 0; at < parts.size(); ++at) {
                if (at != 0)
                    seen.push_back(parts[at].lower->key);
                seen.insert(seen.end(), parts[at].splits.begin(), parts[at].splits.end());
            }
            ASSERT_EQ(seen, whole.splits);
        }
    }
}

TEST(SplitAtKeys, SpreadsTheKeysThatAreLeftEvenly)
{
    for (int count = 0; count < 70; ++count) {
        for (std::size_t wanted = 1; wanted < 20; ++wanted) {
            const auto parts = split_at_keys({before("a"), after("z"), keys(count)}, wanted);
            std::size_t fewest = 1000;
            std::size_t most = 0;
            for (const auto& part : parts) {
                fewest = std::min(fewest, part.splits.size());
                most = std::max(most, part.splits.size());
            }
            ASSERT_LE(most, fewest + 1) << count << " keys, " << wanted << " parts";
        }
    }
}

} // namespace
} // namespace slicetool::sync
