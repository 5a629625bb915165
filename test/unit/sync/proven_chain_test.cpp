#include "sync/proven_chain.hpp"

#include "sync/proven_ranges.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

namespace slicetool::sync {
namespace {

using testing::ElementsAre;
using testing::Pair;

Bound at(const std::string& key, bool after = false)
{
    return {{key}, after};
}

class ProvenPrefix : public testing::Test
{
protected:
    std::vector<std::pair<std::string, std::uint64_t>> m_grown;
    ProvenChain m_chain{[this](const Bound& below, std::uint64_t rows) {
        m_grown.emplace_back(below.key[0] + (below.after ? "+" : ""), rows);
    }};
};

TEST_F(ProvenPrefix, GrowsByRangesInOrder)
{
    m_chain.add({std::nullopt, at("5"), {}}, 4);
    m_chain.add({at("5"), at("9", true), {}}, 3);
    m_chain.add({at("9", true), at("12"), {}}, 0);
    EXPECT_THAT(m_grown, ElementsAre(Pair("5", 4), Pair("9+", 7), Pair("12", 7)));
}

TEST_F(ProvenPrefix, EndsAtAGapUntilThatIsFilled)
{
    m_chain.add({at("5"), at("9"), {}}, 3);
    m_chain.add({at("9"), at("20"), {}}, 2);
    EXPECT_THAT(m_grown, ElementsAre());
    m_chain.add({std::nullopt, at("5"), {}}, 4);
    EXPECT_THAT(m_grown, ElementsAre(Pair("20", 9)));
}

TEST_F(ProvenPrefix, DoesNotTakeBeforeAKeyForAfterIt)
{
    m_chain.add({std::nullopt, at("5"), {}}, 4);
    m_chain.add({at("5", true), at("9"), {}}, 3);
    EXPECT_THAT(m_grown, ElementsAre(Pair("5", 4)));
}

TEST_F(ProvenPrefix, HasNoOpinionOfTheOrderOfKeys)
{
    m_chain.add({std::nullopt, at("b"), {}}, 1);
    m_chain.add({at("B"), at("c"), {}}, 1); // the server may take B for b; bytes do not
    EXPECT_THAT(m_grown, ElementsAre(Pair("b", 1)));
}

TEST_F(ProvenPrefix, IgnoresARangeWithoutEnd)
{
    m_chain.add({std::nullopt, std::nullopt, {}}, 4);
    EXPECT_THAT(m_grown, ElementsAre());
}

TEST_F(ProvenPrefix, IsTheWholeInWhateverOrderTheRangesCome)
{
    constexpr int k_ranges = 500;
    std::vector<Range> ranges(1, Range{std::nullopt, at("0"), {}});
    for (int i = 1; i < k_ranges; ++i)
        ranges.push_back({ranges.back().upper, at(std::to_string(i), i % 3 == 0), {}});
    std::shuffle(ranges.begin(), ranges.end(), std::mt19937(7));
    for (const auto& range : ranges)
        m_chain.add(range, 2);
    ASSERT_FALSE(m_grown.empty());
    EXPECT_EQ(m_grown.back().second, 2U * k_ranges);
    EXPECT_EQ(m_grown.back().first.substr(0, 3), std::to_string(k_ranges - 1));
}

TEST(EncodedBound, ComesBackWithAnyBytes)
{
    for (const Bound& bound :
         {at("17"), at("17", true), Bound{{"a:b", "", std::string("\0\xff<", 3)}, false},
          Bound{{"", ""}, true}, Bound{{"3:abc"}, false}})
        EXPECT_EQ(decode_bound(encode_bound(bound)), bound);
}

TEST(EncodedBound, ThatIsNoneIsRefused)
{
    for (const char* bytes :
         {"", "<", "x1:a", "<2:a", "<:a", "<1a", "<-1:a", "<1:ab", "<99999999999999999999:a"})
        EXPECT_EQ(decode_bound(bytes), std::nullopt) << bytes;
}

} // namespace
} // namespace slicetool::sync
