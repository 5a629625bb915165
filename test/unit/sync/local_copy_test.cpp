#include "sync/local_copy.hpp"

#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;
using testing::HasSubstr;

/// `items` in foo0 and in foo1.
TablePair local(sql::Table up = items())
{
    sql::Table down = up;
    up.schema = "foo0";
    down.schema = "foo1";
    return plan(up, down);
}

Range ids(const std::string& from, const std::string& before)
{
    return {Bound{{from}, false}, Bound{{before}, false}, {}};
}

std::string obstacle(sql::Table up, sql::Table down, const TableChoices& choices = {})
{
    return obstacle_to_local_copy(plan(up, down, choices), up, down);
}

TEST(LocalCopy, IsOneStatementOfTheServers)
{
    const std::string head = "/* slicetool table=items copy rows */ INSERT INTO `foo1`.`items` "
                             "(`id`, `name`) SELECT `id`, `name` FROM `foo0`.`items` FORCE INDEX "
                             "(`PRIMARY`)";
    EXPECT_EQ(build_local_copy(local(), ids("1", "9")), head + " WHERE `id` >= 1 AND `id` < 9");
    EXPECT_EQ(build_local_copy(local(), Range{}), head);
    EXPECT_EQ(build_local_copy(local(), std::vector<KeyTuple>{{"1"}, {"7"}}),
              head + " WHERE `id` IN (1, 7)");
}

TEST(LocalCopy, ComparesEncodedRowsByKeyInsideEachRange)
{
    const std::string row = "CONCAT(CONCAT_WS(',', `id`, IFNULL(LENGTH(`name`), '~')), CAST(';' AS "
                            "BINARY), IFNULL(`name`, ''))";
    const auto rows = [&](const std::string& database, const std::string& where) {
        return "(SELECT `id` AS j0, `id` AS k0, " + row + " AS r FROM `" + database +
               "`.`items` FORCE INDEX (`PRIMARY`)" + where + ")";
    };
    const std::string first = " WHERE `id` >= 1 AND `id` < 9";
    const TablePair pair = local();
    EXPECT_EQ(build_local_changes(pair.upstream, pair.downstream, {ids("1", "9"), Range{}}),
              "/* slicetool table=items changed and missing rows */ SELECT 0, b.j0 IS NULL, a.k0 "
              "FROM " +
                  rows("foo0", first) + " AS a LEFT JOIN " + rows("foo1", first) +
                  " AS b ON b.j0 = a.j0 WHERE b.j0 IS NULL OR b.r <> a.r UNION ALL SELECT 1, b.j0 "
                  "IS NULL, a.k0 FROM " +
                  rows("foo0", "") + " AS a LEFT JOIN " + rows("foo1", "") +
                  " AS b ON b.j0 = a.j0 WHERE b.j0 IS NULL OR b.r <> a.r");
    EXPECT_EQ(build_local_strays(pair.downstream, pair.upstream, {ids("1", "9")}),
              "/* slicetool table=items extra rows */ SELECT 0, a.k0 FROM " + rows("foo1", first) +
                  " AS a LEFT JOIN " + rows("foo0", first) +
                  " AS b ON b.j0 = a.j0 WHERE b.j0 IS NULL");
}

TEST(LocalCopy, JoinsByEveryColumnOfTheKey)
{
    const TablePair pair = local(composite());
    EXPECT_THAT(build_local_strays(pair.downstream, pair.upstream, {Range{}}),
                HasSubstr("SELECT 0, a.k0, a.k1 FROM (SELECT `a` AS j0, `a` AS k0, `s` AS j1, `s` "
                          "AS k1, "));
    EXPECT_THAT(build_local_strays(pair.downstream, pair.upstream, {Range{}}),
                HasSubstr(" AS b ON b.j0 = a.j0 AND b.j1 = a.j1 WHERE b.j0 IS NULL"));
}

TEST(LocalCopy, IsForTablesWhoseRowsTheServerTakesAsTheyAre)
{
    EXPECT_EQ(obstacle(items(), items()), "");
    TableChoices choices;
    choices.where = "name > 'm'";
    EXPECT_THAT(obstacle(items(), items(), choices), HasSubstr("where"));
    choices = {};
    choices.excluded = {"name"};
    EXPECT_THAT(obstacle(items(), items(), choices), HasSubstr("left out"));
    sql::Table wider = items();
    wider.columns[1] = varchar("name", 30);
    EXPECT_THAT(obstacle(items(), wider), HasSubstr("column name has another type"));
    sql::Table other = items();
    other.columns[1] = varchar("name", 20, "utf8mb3");
    EXPECT_THAT(obstacle(other, items()), HasSubstr("column name has another type"));
    sql::Table keyless = items();
    keyless.indexes.clear();
    EXPECT_THAT(obstacle(keyless, keyless), HasSubstr("no key"));
    sql::Table unsafe = items();
    unsafe.engine = "MyISAM";
    EXPECT_THAT(obstacle(items(), unsafe), HasSubstr("MyISAM, cannot roll back"));
}

TEST(JoinedRanges, AreThoseThatTouch)
{
    const auto joined = joined_ranges({{std::nullopt, Bound{{"3"}, false}, {{"2"}}},
                                       ids("3", "7"),
                                       ids("7", "9"),
                                       ids("10", "12"),
                                       {Bound{{"12"}, true}, std::nullopt, {}}});
    ASSERT_EQ(joined.size(), 3U);
    EXPECT_FALSE(joined[0].lower);
    EXPECT_EQ(joined[0].upper, (Bound{{"9"}, false}));
    EXPECT_TRUE(joined[0].splits.empty());
    EXPECT_EQ(joined[1].upper, (Bound{{"12"}, false}));
    EXPECT_EQ(joined[2].lower, (Bound{{"12"}, true}));
}

} // namespace
} // namespace slicetool::sync
