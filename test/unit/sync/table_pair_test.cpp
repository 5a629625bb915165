#include "sync/table_pair.hpp"

#include "base/error.hpp"
#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(TablePair, GivesEachSideItsOwnNames)
{
    auto down = items();
    down.schema = "copy";
    down.columns[1].name = "NAME";
    const auto pair = plan(items(), down);
    EXPECT_EQ(pair.upstream.table, "`shop`.`items`");
    EXPECT_EQ(pair.downstream.table, "`copy`.`items`");
    EXPECT_EQ(pair.downstream.from, "`copy`.`items` FORCE INDEX (`PRIMARY`)");
    EXPECT_EQ(pair.upstream.encoding.columns()[1].name, "name");
    EXPECT_EQ(pair.downstream.encoding.columns()[1].name, "NAME");
    EXPECT_EQ(pair.key_name, "PRIMARY");
    EXPECT_TRUE(pair.integer_key);
    EXPECT_THAT(pair.key_positions, ElementsAre(0U));
}

TEST(TablePair, ReadsDownstreamInUpstreamsColumnOrder)
{
    auto down = items();
    std::swap(down.columns[0], down.columns[1]);
    EXPECT_EQ(plan(items(), down).downstream.encoding.select_list(),
              plan(items()).upstream.encoding.select_list());
}

TEST(TablePair, DoesNotForceAnIndexThatServersIgnore)
{
    auto ignored = items();
    ignored.indexes[0].ignored = true;
    EXPECT_EQ(plan(ignored).upstream.from, "`shop`.`items`");
}

TEST(TablePair, SortsInsideTheDigestWhereScansMayDiffer)
{
    EXPECT_THAT(plan(items()).upstream.fingerprint.select_list(), Not(HasSubstr("ORDER BY")));
    auto partitioned = composite();
    partitioned.partitioned = true;
    const auto pair = plan(partitioned, composite());
    EXPECT_THAT(pair.upstream.fingerprint.select_list(), HasSubstr(" ORDER BY `a`, `s` SEPARATOR"));
    EXPECT_THAT(pair.downstream.fingerprint.select_list(),
                HasSubstr(" ORDER BY `a`, `s` SEPARATOR"));
}

TEST(TablePair, AppliesTheConditionDownstreamOnlyWhenOutsideRowsStay)
{
    TableChoices choices;
    choices.where = "x";
    EXPECT_EQ(plan(items(), choices).upstream.where, "x");
    EXPECT_EQ(plan(items(), choices).downstream.where, "");
    choices.keep_outside = true;
    EXPECT_EQ(plan(items(), choices).downstream.where, "x");
}

TEST(TablePair, CarriesExcludedColumns)
{
    TableChoices choices;
    choices.excluded = {"name"};
    const auto pair = plan(items(), choices);
    ASSERT_EQ(pair.carried.size(), 1U);
    EXPECT_EQ(pair.carried[0].name, "name");
    EXPECT_EQ(pair.upstream.encoding.columns().size(), 1U);
}

TEST(TablePair, KnowsWhatInsertedRowsCanCollideWith)
{
    auto down = items();
    down.indexes.push_back(unique_index("by_name", {"name", "id"}));
    const auto pair = plan(items(), down);
    ASSERT_EQ(pair.unique_keys.size(), 1U);
    EXPECT_EQ(pair.unique_keys[0].name, "by_name");
    EXPECT_THAT(pair.unique_keys[0].columns, ElementsAre(1U, 0U));
    EXPECT_THAT(pair.probed_keys, IsEmpty());
    EXPECT_THAT(plan(items()).unique_keys, IsEmpty());
}

TEST(TablePair, KnowsOfUniqueKeysThatItCannotLookUp)
{
    auto prefix = items();
    prefix.indexes.push_back(unique_index("begin", {"name"}));
    prefix.indexes.back().parts[0].prefix_length = 3;
    auto expression = items();
    expression.indexes.push_back(unique_index("lower", {""}));
    expression.indexes.back().parts[0].expression = "lower(`name`)";
    for (const auto& down : {prefix, expression}) {
        const auto pair = plan(items(), down);
        EXPECT_THAT(pair.unique_keys, IsEmpty());
        EXPECT_THAT(pair.probed_keys, testing::ElementsAre(down.indexes.back().name));
    }
}

TEST(TablePair, RefusesRowsThatNoPacketCarries)
{
    SideLimits tight = k_limits;
    tight.group_concat_bytes = 100;
    const auto both = items();
    EXPECT_EQ(refusal_of<base::Refusal>(
                  [&] { plan_table_pair(both, both, {}, hash::DigestKind::md5, k_limits, tight); }),
              "Table items: a row's text may take 110 B, more than max_allowed_packet (100 B) lets "
              "through. Raise "
              "max_allowed_packet on that server.");
}

} // namespace
} // namespace slicetool::sync
