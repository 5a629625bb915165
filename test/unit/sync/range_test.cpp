#include "sync/range.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <random>

namespace slicetool::sync {
namespace {

using namespace std::string_literals;

const KeyColumn k_id{"id", KeyLiteral::number, "", "`id`", true};
const KeyColumn k_day{"day", KeyLiteral::quoted, "", "`day`", true};
const KeyColumn k_name{"na`me", KeyLiteral::text, "_utf8mb4", "`na``me`", true};
const KeyColumn k_raw{"raw", KeyLiteral::text, "_binary", "`raw`", false};

Bound before(const KeyTuple& key)
{
    return {key, false};
}

Bound after(const KeyTuple& key)
{
    return {key, true};
}

std::string condition(const std::vector<KeyColumn>& key, const std::optional<Bound>& lower,
                      const std::optional<Bound>& upper)
{
    return build_range_condition(key, {lower, upper, {}});
}

TEST(RangeCondition, OfEverythingIsEmpty)
{
    EXPECT_EQ(condition({k_id}, {}, {}), "");
    EXPECT_EQ(condition({k_id, k_name}, {}, {}), "");
}

TEST(RangeCondition, KnowsOpenEndsAndBothKindsOfBound)
{
    EXPECT_EQ(condition({k_id}, before({"1"}), {}), "`id` >= 1");
    EXPECT_EQ(condition({k_id}, after({"1"}), {}), "`id` > 1");
    EXPECT_EQ(condition({k_id}, {}, before({"9"})), "`id` < 9");
    EXPECT_EQ(condition({k_id}, {}, after({"9"})), "`id` <= 9");
    EXPECT_EQ(condition({k_id}, before({"-1"}), after({"18446744073709551615"})),
              "`id` >= -1 AND `id` <= 18446744073709551615");
}

TEST(RangeCondition, TakesNoSqlForANumber)
{
    EXPECT_THROW(condition({k_id}, before({"1 OR 1=1"}), {}), base::Error);
    EXPECT_THROW(build_keys_condition({k_id}, {{"1"}, {"2) OR (1"}}), base::Error);
}

TEST(RangeCondition, ExpandsTwoColumns)
{
    EXPECT_EQ(condition({k_id, k_day}, before({"1", "2020-01-01"}), {}),
              "(`id` > 1 OR (`id` = 1 AND `day` >= '2020-01-01'))");
    EXPECT_EQ(condition({k_id, k_day}, after({"1", "2020-01-01"}), {}),
              "(`id` > 1 OR (`id` = 1 AND `day` > '2020-01-01'))");
    EXPECT_EQ(condition({k_id, k_day}, {}, before({"2", "2021-01-01"})),
              "(`id` < 2 OR (`id` = 2 AND `day` < '2021-01-01'))");
    EXPECT_EQ(condition({k_id, k_day}, before({"1", "2020-01-01"}), after({"2", "2021-01-01"})),
              "(`id` > 1 OR (`id` = 1 AND `day` >= '2020-01-01')) AND "
              "(`id` < 2 OR (`id` = 2 AND `day` <= '2021-01-01'))");
}

TEST(RangeCondition, ExpandsThreeColumns)
{
    const std::vector<KeyColumn> key{{"a", KeyLiteral::number, "", "`a`", true},
                                     {"b", KeyLiteral::number, "", "`b`", true},
                                     {"c", KeyLiteral::number, "", "`c`", true}};
    EXPECT_EQ(condition(key, before({"1", "2", "3"}), {}),
              "(`a` > 1 OR (`a` = 1 AND (`b` > 2 OR (`b` = 2 AND `c` >= 3))))");
    EXPECT_EQ(condition(key, {}, after({"1", "2", "3"})),
              "(`a` < 1 OR (`a` = 1 AND (`b` < 2 OR (`b` = 2 AND `c` <= 3))))");
}

TEST(RangeCondition, FactorsOutWhatBothBoundsShare)
{
    const std::vector<KeyColumn> key{{"a", KeyLiteral::number, "", "`a`", true},
                                     {"b", KeyLiteral::number, "", "`b`", true},
                                     {"c", KeyLiteral::number, "", "`c`", true}};
    EXPECT_EQ(
        condition(key, before({"1", "2", "3"}), before({"1", "4", "5"})),
        "`a` = 1 AND (`b` > 2 OR (`b` = 2 AND `c` >= 3)) AND (`b` < 4 OR (`b` = 4 AND `c` < 5))");
    EXPECT_EQ(condition(key, before({"1", "2", "3"}), after({"1", "2", "5"})),
              "`a` = 1 AND `b` = 2 AND `c` >= 3 AND `c` <= 5");
    EXPECT_EQ(condition(key, before({"1", "2", "3"}), after({"1", "2", "3"})),
              "`a` = 1 AND `b` = 2 AND `c` >= 3 AND `c` <= 3");
}

TEST(RangeCondition, WritesEveryKindOfLiteral)
{
    EXPECT_EQ(condition({k_name}, before({"O'Brien"}), {}), "`na``me` >= _utf8mb4'O\\'Brien'");
    EXPECT_EQ(condition({k_name}, before({"a\\'; DROP TABLE t; -- "}), {}),
              "`na``me` >= _utf8mb4'a\\\\\\'; DROP TABLE t; -- '");
    EXPECT_EQ(condition({k_raw}, {}, before({"\0\xff\n\x1a"s})), "`raw` < _binary'\\0\xff\\n\\Z'");
    EXPECT_EQ(condition({k_day}, {}, before({"0000-00-00"})), "`day` < '0000-00-00'");
}

TEST(KeysCondition, ListsTheKeysOfOneColumn)
{
    EXPECT_EQ(build_keys_condition({k_id}, {{"1"}, {"-2"}}), "`id` IN (1, -2)");
    EXPECT_EQ(build_keys_condition({k_name}, {{""}, {"'"}}),
              "`na``me` IN (_utf8mb4'', _utf8mb4'\\'')");
}

TEST(KeysCondition, SpellsCompositeKeysOut)
{
    EXPECT_EQ(build_keys_condition({k_id, k_day}, {{"1", "2020-01-01"}}),
              "((`id` = 1 AND `day` = '2020-01-01'))");
    EXPECT_EQ(build_keys_condition({k_id, k_day}, {{"1", "a"}, {"2", "b"}}),
              "((`id` = 1 AND `day` = 'a') OR (`id` = 2 AND `day` = 'b'))");
}

TEST(Describe, TellsRangesInWords)
{
    EXPECT_EQ(describe({k_id}, Range{}), "the whole table");
    EXPECT_EQ(describe({k_id}, Range{before({"1"}), before({"9"}), {}}),
              "from (id=1) to before (id=9)");
    EXPECT_EQ(describe({k_id}, Range{after({"1"}), after({"9"}), {}}),
              "from after (id=1) to (id=9)");
    EXPECT_EQ(describe({k_id}, Range{{}, before({"9"}), {}}),
              "from the beginning to before (id=9)");
    EXPECT_EQ(describe({k_id}, Range{before({"1"}), {}, {}}), "from (id=1) to the end");
}

TEST(Describe, ShowsBytesThatAreNoTextInHexadecimal)
{
    EXPECT_EQ(describe({k_id, k_name, k_raw}, KeyTuple{"1", "\xc3\xa4", "\xff\0"s}),
              "id=1, na`me='\xc3\xa4', raw=0xff00");
}

/// Evaluates conditions over single-letter columns with numbers, as build_range_condition writes
/// them.
class Evaluator
{
public:
    Evaluator(const std::string& text, const std::vector<int>& row) : m_row(row)
    {
        std::remove_copy(text.begin(), text.end(), std::back_inserter(m_text), ' ');
    }

    bool run()
    {
        const bool value = m_text.empty() || any();
        EXPECT_EQ(m_at, m_text.size()) << m_text;
        return value;
    }

private:
    bool skip(const std::string& word)
    {
        if (m_text.compare(m_at, word.size(), word) != 0)
            return false;
        m_at += word.size();
        return true;
    }

    bool any()
    {
        bool value = all();
        while (skip("OR"))
            value = all() || value;
        return value;
    }

    bool all()
    {
        bool value = one();
        while (skip("AND"))
            value = one() && value;
        return value;
    }

    bool one()
    {
        if (skip("(")) {
            const bool value = any();
            EXPECT_TRUE(skip(")")) << m_text;
            return value;
        }
        const int left = m_row.at(static_cast<std::size_t>(m_text.at(m_at + 1) - 'a'));
        m_at += 3;
        std::string op;
        while (m_text.at(m_at) == '<' || m_text[m_at] == '>' || m_text[m_at] == '=')
            op += m_text[m_at++];
        const int right = m_text.at(m_at++) - '0';
        return op == "<"    ? left < right
               : op == "<=" ? left <= right
               : op == ">"  ? left > right
               : op == ">=" ? left >= right
                            : left == right;
    }

    std::string m_text;
    std::vector<int> m_row;
    std::size_t m_at = 0;
};

TEST(RangeCondition, HoldsExactlyForTheTuplesInside)
{
    std::mt19937 random(42);
    const auto digit = [&] { return static_cast<int>(random() % 4); };
    for (int round = 0; round < 3000; ++round) {
        const std::size_t columns = 1 + random() % 3;
        std::vector<KeyColumn> key;
        for (std::size_t at = 0; at < columns; ++at)
            key.push_back(
                {std::string(1, static_cast<char>('a' + at)), KeyLiteral::number, "", "", true});
        Range range;
        std::vector<int> low(columns);
        std::vector<int> high(columns);
        std::generate(low.begin(), low.end(), digit);
        std::generate(high.begin(), high.end(), digit);
        const auto bound = [&](const std::vector<int>& values) {
            Bound result{{}, random() % 2 == 0};
            for (const int value : values)
                result.key.push_back(std::to_string(value));
            return result;
        };
        if (random() % 4 != 0)
            range.lower = bound(low);
        if (random() % 4 != 0)
            range.upper = bound(high);
        const std::string text = build_range_condition(key, range);
        for (int probe = 0; probe < 30; ++probe) {
            std::vector<int> row(columns);
            std::generate(row.begin(), row.end(), digit);
            const bool above = !range.lower || (range.lower->after ? row > low : row >= low);
            const bool below = !range.upper || (range.upper->after ? row <= high : row < high);
            ASSERT_EQ(Evaluator(text, row).run(), above && below)
                << text << testing::PrintToString(row);
        }
    }
}

} // namespace
} // namespace slicetool::sync
