#include "sync/stricter_keys.hpp"

#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

sql::Index prefix_index(const std::string& name, const std::string& column, std::uint64_t length)
{
    auto index = unique_index(name, {column});
    index.parts[0].prefix_length = length;
    return index;
}

/// `id`, `a`, `s`, with the primary key and more.
sql::Table with(std::vector<sql::Index> indexes)
{
    indexes.insert(indexes.begin(), unique_index("PRIMARY", {"id"}));
    return table({not_null(integer("id")), integer("a"), not_null(varchar("s", 10))}, indexes);
}

std::vector<std::string> names(const std::vector<const sql::Index*>& keys)
{
    std::vector<std::string> result;
    for (const auto* key : keys)
        result.push_back(key->name);
    return result;
}

TEST(StricterKeys, AreThoseThatUpstreamLacks)
{
    const auto loose = with({});
    const auto strict = with({unique_index("u", {"a"})});
    EXPECT_THAT(names(stricter_keys(loose, strict, {})), ElementsAre("u"));
    EXPECT_THAT(names(stricter_keys(strict, loose, {})), IsEmpty());
    EXPECT_THAT(names(stricter_keys(strict, strict, {})), IsEmpty());
}

TEST(StricterKeys, OfMoreColumnsFollowFromThoseOfFewer)
{
    const auto fewer = with({unique_index("u", {"A"})});
    const auto more = with({unique_index("u", {"s", "a"})});
    EXPECT_THAT(names(stricter_keys(fewer, more, {})), IsEmpty());
    EXPECT_THAT(names(stricter_keys(more, fewer, {})), ElementsAre("u"));
}

TEST(StricterKeys, OfABeginningAreStricterThanOfTheWhole)
{
    const auto whole = with({unique_index("u", {"s"})});
    const auto three = with({prefix_index("u", "s", 3)});
    const auto five = with({prefix_index("u", "s", 5)});
    EXPECT_THAT(names(stricter_keys(whole, three, {})), ElementsAre("u"));
    EXPECT_THAT(names(stricter_keys(three, whole, {})), IsEmpty());
    EXPECT_THAT(names(stricter_keys(five, three, {})), ElementsAre("u"));
    EXPECT_THAT(names(stricter_keys(three, five, {})), IsEmpty());
}

TEST(StricterKeys, DependOnTheCollation)
{
    auto folding = with({unique_index("u", {"s"})});
    auto exact = folding;
    exact.columns[2].collation = "utf8mb4_bin";
    EXPECT_THAT(names(stricter_keys(exact, folding, {})), ElementsAre("u"));
    EXPECT_THAT(names(stricter_keys(folding, exact, {})), IsEmpty());
    folding.columns[2].collation = "utf8mb4_0900_ai_ci"; // tells trailing spaces apart
    EXPECT_THAT(names(stricter_keys(folding, exact, {})), ElementsAre("u"));
}

TEST(StricterKeys, OfWhatUpstreamCannotBeAskedAboutAreLeftOut)
{
    auto strict = with({unique_index("u", {"a"}), unique_index("f", {"x"})});
    strict.columns.push_back(integer("x"));
    auto functional = unique_index("e", {""});
    functional.parts[0].expression = "`a` * 2";
    strict.indexes.push_back(functional);
    EXPECT_THAT(names(stricter_keys(with({}), strict, {"A"})), IsEmpty());
}

TEST(Collision, IsLookedForByDownstreamsRules)
{
    const auto up = with({});
    auto down = with({unique_index("u", {"a", "s"})});
    down.indexes[1].parts[1].prefix_length = 3;
    down.columns[2].collation = "utf8mb4_bin";
    TableChoices choices;
    choices.where = "a > 0 OR a < -9";
    EXPECT_EQ(build_collision(plan(up, down, choices), up, down, down.indexes[1]),
              "/* slicetool table=items collisions */ SELECT `a`, LEFT(`s`, 3) COLLATE "
              "utf8mb4_bin, COUNT(*), MIN(`id`), MAX(`id`) FROM `shop`.`items` WHERE `a` IS NOT "
              "NULL AND (a > 0 OR a < -9) GROUP BY `a`, LEFT(`s`, 3) COLLATE utf8mb4_bin HAVING "
              "COUNT(*) > 1 LIMIT 1");
}

TEST(Collision, NamesNoRowsWhereSeveralColumnsIdentifyThem)
{
    const auto up = composite();
    auto down = composite();
    down.indexes.push_back(unique_index("u", {"n"}));
    EXPECT_THAT(build_collision(plan(up, down), up, down, down.indexes[1]), Not(HasSubstr("MIN")));
}

} // namespace
} // namespace slicetool::sync
