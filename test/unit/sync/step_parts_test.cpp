#include "base/error.hpp"
#include "sync/candidates.hpp"
#include "sync/latest_change.hpp"
#include "sync/lite_column.hpp"
#include "sync/query_table.hpp"
#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CompareByKey, SortsRowsIntoWhatUpstreamLacksHasAndHasOtherwise)
{
    const auto difference = compare_by_key({{{"1"}, "a"}, {{"2"}, "b"}, {{"4"}, "d"}},
                                           {{{"1"}, "a"}, {{"2"}, "x"}, {{"3"}, "c"}});
    EXPECT_THAT(difference.missing, ElementsAre(KeyTuple{"4"}));
    EXPECT_THAT(difference.changed, ElementsAre(KeyTuple{"2"}));
    EXPECT_THAT(difference.extra, ElementsAre(KeyTuple{"3"}));
    EXPECT_EQ(difference.by_key, (DigestsByKey{{{"2"}, "b"}, {{"4"}, "d"}}));
    EXPECT_EQ(difference.rows_to_copy(), 2U);
    EXPECT_EQ(difference.extra_rows(), 1U);
}

TEST(CandidatesStatement, HasThePortionTheConditionAndTheSidesOwn)
{
    TableChoices choices;
    choices.where = "a OR b";
    const TableSide side = plan(items(), choices).upstream;
    const std::string text = build_candidates(
        side, {side.table, "c IS NULL OR c >= 5", {Bound{{"7"}, true}, Bound{{"9"}, true}, {}}},
        20);
    EXPECT_THAT(text, testing::StartsWith("/* slicetool table=items candidates */ SELECT UNHEX("));
    EXPECT_THAT(text, EndsWith(", `id` FROM `shop`.`items` WHERE (`id` > 7 AND `id` <= 9) AND "
                               "(c IS NULL OR c >= 5) AND (a OR b) ORDER BY `id` LIMIT 20"));
}

sql::Table with_times(const std::vector<std::string>& updated)
{
    sql::Table table = items();
    for (const auto& name : updated) {
        table.columns.push_back(column(name, sql::TypeKind::timestamp, "timestamp"));
        table.columns.back().on_update_sql = "current_timestamp()";
    }
    table.columns.push_back(column("born", sql::TypeKind::datetime, "datetime"));
    return table;
}

TEST(LiteColumnChoice, IsTheOnlyOneWithOnUpdate)
{
    const auto found = choose_lite_column(with_times({"changed"}), "");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "changed");
    EXPECT_TRUE(found->is_instant);
    EXPECT_FALSE(choose_lite_column(with_times({}), ""));
}

TEST(LiteColumnChoice, RefusesToGuessAndTakesTheNamedOne)
{
    EXPECT_THROW(choose_lite_column(with_times({"a", "b"}), ""), base::Refusal);
    EXPECT_EQ(choose_lite_column(with_times({"a", "b"}), "B")->name, "b");
    EXPECT_FALSE(choose_lite_column(with_times({"a"}), "born")->is_instant);
    EXPECT_THROW(choose_lite_column(with_times({"a"}), "id"), base::Refusal);
    EXPECT_THROW(choose_lite_column(with_times({"a"}), "none"), base::Refusal);
}

TEST(LiteColumnChoice, RefusesAMaskedColumn)
{
    const std::vector<Mask> masks{{"Changed", "constant", "shop.yaml:7"}};
    EXPECT_THROW(choose_lite_column(with_times({"changed"}), "", masks), base::Refusal);
    EXPECT_THROW(choose_lite_column(with_times({"changed"}), "changed", masks), base::Refusal);
    EXPECT_TRUE(choose_lite_column(with_times({"changed"}), "born", masks));
}

TEST(LatestChange, IsNoLaterThanAnyChangeAfterTheSnapshot)
{
    EXPECT_EQ(build_latest_change({"at", true}, "2026-01-31 03:15:00.000000"),
              "CAST(MAX(CASE WHEN `at` <= (CAST('2026-01-31 03:15:00.000000' AS DATETIME(6)) - "
              "INTERVAL 0 HOUR) THEN `at` END) AS DATETIME(6))");
    EXPECT_THAT(build_latest_change({"at", false}, "2026-01-31 03:15:00.000000"),
                testing::HasSubstr("INTERVAL 12 HOUR"));
    EXPECT_EQ(hours_dated_back({"at", true}), 0);
    EXPECT_EQ(hours_dated_back({"at", false}), 26);
}

TEST(ColumnsOfAQuery, AreTakenByNameElseInOrder)
{
    const UpstreamQuery query{"(…) AS slicetool_query", {"V", "Id"}};
    EXPECT_THAT(columns_for(query, {"id"}), ElementsAre("Id"));
    EXPECT_THAT(columns_for(query, {"id", "v"}), ElementsAre("Id", "V"));
    EXPECT_THAT(columns_for(query, {"a", "b"}), ElementsAre("V", "Id"));
    EXPECT_THAT(columns_for(query, {"a", "b", "c"}), IsEmpty());
}

TEST(ValuesOfAQuery, AreReadAsWhatTheColumnHolds)
{
    EXPECT_EQ(value_for(integer("n"), sql::Family::mysql, "q.`n`"), "q.`n`");
    EXPECT_EQ(value_for(varchar("v", 9, "latin1"), sql::Family::mysql, "q.`v`"),
              "CONVERT(q.`v` USING utf8mb4)");
    sql::Column size = column("size", sql::TypeKind::enumeration, "enum");
    size.elements = {"s", "it's"};
    const std::string text = "CONVERT(CONVERT(q.`x` USING utf8mb4) USING binary)";
    const std::string elements = "_binary's', _binary'it\\'s'";
    EXPECT_EQ(value_for(size, sql::Family::mariadb, "q.`x`"),
              "CASE WHEN q.`x` IS NULL THEN NULL WHEN ELT(FIELD(" + text + ", " + elements + "), " +
                  elements + ") <=> " + text + " THEN FIELD(" + text + ", " + elements +
                  ") ELSE -1 END");
    size.kind = sql::TypeKind::set;
    EXPECT_THAT(value_for(size, sql::Family::mariadb, "q.`x`"),
                HasSubstr("MAKE_SET((IF(FIND_IN_SET"));
}

} // namespace
} // namespace slicetool::sync
