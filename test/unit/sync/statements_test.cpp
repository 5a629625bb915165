#include "sync/statements.hpp"

#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace std::string_literals;
using namespace test;

constexpr std::nullopt_t k_null = std::nullopt;

const std::string k_digested = "COUNT(*), 0, UNHEX(MD5(GROUP_CONCAT(CONCAT_WS(',', `id`, "
                               "IFNULL(LENGTH(`name`), '~')), CAST(';' AS BINARY), "
                               "IFNULL(`name`, '') SEPARATOR '')))";
const std::string k_row_digest = "UNHEX(MD5(CONCAT(CONCAT_WS(',', `id`, IFNULL(LENGTH(`name`), "
                                 "'~')), CAST(';' AS BINARY), IFNULL(`name`, ''))))";
const std::string k_from = " FROM `shop`.`items` FORCE INDEX (`PRIMARY`)";

Range ids(const std::string& from, const std::string& before)
{
    return {Bound{{from}, false}, Bound{{before}, false}, {}};
}

TableSide items_side(const std::string& where = "")
{
    TableChoices choices;
    choices.where = where;
    return plan(items(), choices).upstream;
}

TEST(Fingerprints, AskForSeveralRangesAtOnce)
{
    EXPECT_EQ(build_fingerprints(items_side(), {ids("1", "9"), {Bound{{"9"}, false}, {}, {}}}),
              "/* slicetool table=items fingerprints */ SELECT 0, " + k_digested + k_from +
                  " WHERE `id` >= 1 AND `id` < 9 UNION ALL SELECT 1, " + k_digested + k_from +
                  " WHERE `id` >= 9");
}

TEST(Fingerprints, OfTheWholeTableHaveNoCondition)
{
    EXPECT_EQ(build_fingerprints(items_side(), {Range{}}),
              "/* slicetool table=items fingerprints */ SELECT 0, " + k_digested + k_from);
}

TEST(Fingerprints, JoinTheUsersCondition)
{
    EXPECT_EQ(build_fingerprints(items_side("a = 1 OR b"), {ids("1", "9"), Range{}}),
              "/* slicetool table=items fingerprints */ SELECT 0, " + k_digested + k_from +
                  " WHERE (`id` >= 1 AND `id` < 9) AND (a = 1 OR b) UNION ALL SELECT 1, " +
                  k_digested + k_from + " WHERE a = 1 OR b");
}

TEST(Leaves, ListDigestsAndKeys)
{
    EXPECT_EQ(build_leaves(items_side(), {ids("1", "9"), ids("9", "10")}),
              "/* slicetool table=items leaves */ SELECT 0, " + k_row_digest + ", `id`" + k_from +
                  " WHERE `id` >= 1 AND `id` < 9 UNION ALL SELECT 1, " + k_row_digest + ", `id`" +
                  k_from + " WHERE `id` >= 9 AND `id` < 10");
}

TEST(Rows, AreReadInKeyOrder)
{
    EXPECT_EQ(build_rows_of_range(items_side("x"), ids("1", "9")),
              "/* slicetool table=items rows of a range */ SELECT `id`, `name`" + k_from +
                  " WHERE (`id` >= 1 AND `id` < 9) AND (x) ORDER BY `id`");
}

TEST(Rows, AreReadByKey)
{
    EXPECT_EQ(build_rows_of_keys(items_side(), {{"1"}, {"3"}}),
              "/* slicetool table=items rows by key */ SELECT `id`, `name`" + k_from +
                  " WHERE `id` IN (1, 3)");
}

TEST(Keys, AreReadWithAndWithoutLimit)
{
    const TableSide side = plan(composite()).upstream;
    EXPECT_EQ(build_keys_of_range(side, {}, std::nullopt),
              "/* slicetool table=items keys of a range */ SELECT `a`, `s`" + k_from +
                  " ORDER BY `a`, `s`");
    EXPECT_EQ(build_first_key_from(side, Bound{{"1", "x"}, true}),
              "/* slicetool table=items keys of a range */ SELECT `a`, `s`" + k_from +
                  " WHERE (`a` > 1 OR (`a` = 1 AND `s` > _utf8mb4'x')) ORDER BY `a`, `s` LIMIT 1");
}

TEST(Keys, ExtremesLookAtAllRows)
{
    const TableSide side = plan(composite()).upstream;
    EXPECT_EQ(build_first_key(side), "/* slicetool table=items first key */ SELECT `a`, `s`" +
                                         k_from + " ORDER BY `a`, `s` LIMIT 1");
    EXPECT_EQ(build_extreme_keys(side),
              "/* slicetool table=items extreme keys */ (SELECT 0, `a`, `s`" + k_from +
                  " ORDER BY `a`, `s` LIMIT 1) UNION ALL (SELECT 1, `a`, `s`" + k_from +
                  " ORDER BY `a` DESC, `s` DESC LIMIT 1)");
}

TEST(Keys, AreSampledByADigestOfTheirValues)
{
    EXPECT_EQ(
        build_sample(plan(composite()).upstream, {Bound{{"1", "x"}, false}, {}, {}}, 62, 1000),
        "/* slicetool table=items sample of keys */ SELECT `a`, `s`" + k_from +
            " WHERE ((`a` > 1 OR (`a` = 1 AND `s` >= _utf8mb4'x'))) AND "
            "(CRC32(CONCAT_WS(CAST(',' AS BINARY), `a`, `s`)) % 62 = 0) "
            "ORDER BY `a`, `s` LIMIT 1000");
}

TEST(Keys, AreCutAtEveryStride)
{
    const std::string cut =
        "(SELECT `id`" + k_from + " WHERE `id` >= 1 ORDER BY `id` LIMIT 1 OFFSET ";
    EXPECT_EQ(build_cuts(items_side(), {Bound{{"1"}, false}, {}, {}}, 30, 10),
              "/* slicetool table=items cuts of a range */ " + cut + "10) UNION ALL " + cut +
                  "20)");
}

TEST(Count, CountsARange)
{
    EXPECT_EQ(build_count(items_side(), ids("-5", "5")),
              "/* slicetool table=items count */ SELECT COUNT(*)" + k_from +
                  " WHERE `id` >= -5 AND `id` < 5");
}

TEST(Delete, TakesKeysOrTheFirstRowsOfARange)
{
    EXPECT_EQ(
        build_delete_keys(items_side(), {{"1"}, {"2"}}),
        "/* slicetool table=items delete rows */ DELETE FROM `shop`.`items` WHERE `id` IN (1, 2)");
    EXPECT_EQ(build_delete_range(items_side(), ids("1", "9"), 500),
              "/* slicetool table=items delete a range */ DELETE FROM `shop`.`items` WHERE `id` >= "
              "1 AND `id` < 9 "
              "ORDER BY `id` LIMIT 500");
}

TEST(Delete, LeavesRowsOutsideTheConditionAlone)
{
    TableChoices choices;
    choices.where = "x OR y";
    choices.keep_outside = true;
    EXPECT_EQ(build_delete_range(plan(items(), choices).downstream, ids("1", "9"), 5),
              "/* slicetool table=items delete a range */ DELETE FROM `shop`.`items` WHERE (`id` "
              ">= 1 AND `id` < 9) AND "
              "(x OR y) ORDER BY `id` LIMIT 5");
}

TEST(Insert, NamesItsColumns)
{
    EXPECT_EQ(build_insert_head(items_side(), {}), "/* slicetool table=items insert rows */ INSERT "
                                                   "INTO `shop`.`items` (`id`, `name`) VALUES ");
    EXPECT_EQ(build_insert_head(items_side(), {{"o`wn", hash::Form::plain, true, 20}}),
              "/* slicetool table=items insert rows */ INSERT INTO `shop`.`items` (`id`, `name`, "
              "`o``wn`) VALUES ");
}

TEST(Insert, WritesValuesByTheirForms)
{
    const std::vector<hash::EncodedColumn> columns{
        {"a", hash::Form::plain, true, 20},     {"b", hash::Form::bytes, true, 9},
        {"c", hash::Form::number, true, 20},    {"d", hash::Form::long_text, true, 64},
        {"e", hash::Form::exact_real, true, 9}, {"f", hash::Form::ascii, true, 45},
        {"g", hash::Form::text, true, 100},     {"h", hash::Form::long_bytes, true, 64}};
    std::string out = "(";
    append_values(out, columns, {"-1", "\0'\\"s, "7", "{}", "1e-5", "::1", "x,y", k_null});
    EXPECT_EQ(out, "('-1','\\0\\'\\\\',7,_utf8mb4'{}','1e-5',_utf8mb4'::1',_utf8mb4'x,y',NULL");
}

TEST(Load, NamesColumnsAndConvertsWhereNeeded)
{
    const auto loaded =
        table({not_null(integer("id")), list("kind", sql::TypeKind::enumeration, {"a"}),
               column("doc", sql::TypeKind::json, "json"), varchar("name", 5)},
              {unique_index("PRIMARY", {"id"})});
    EXPECT_EQ(build_load(plan(loaded).downstream, "/proc/self/fd/7"),
              "LOAD DATA LOCAL INFILE '/proc/self/fd/7' INTO TABLE `shop`.`items` CHARACTER SET "
              "binary FIELDS TERMINATED "
              "BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' (`id`, @v1, @v2, `name`) SET "
              "`kind` = CAST(@v1 AS "
              "UNSIGNED), `doc` = CONVERT(@v2 USING utf8mb4)");
    EXPECT_EQ(build_load(items_side(), "p"),
              "LOAD DATA LOCAL INFILE 'p' INTO TABLE `shop`.`items` CHARACTER SET binary FIELDS "
              "TERMINATED BY '\\t' "
              "ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' (`id`, `name`)");
}

TEST(Load, EscapesWhatEndsFieldsAndRows)
{
    std::string out;
    append_load_row(out, {"1", k_null, "", "\\N", "a\tb\nc\rd\\e\0f\x1ag"s, "'\",\xff"});
    EXPECT_EQ(out, "1\t\\N\t\t\\\\N\ta\\tb\\nc\\rd\\\\e\\0f\\Zg\t'\",\xff\n");
    append_load_row(out, {"2"});
    EXPECT_TRUE(out.ends_with("\n2\n"));
}

TEST(Holders, AreLookedUpByTheValuesThatWouldCollide)
{
    const UniqueKey unique{"u", {0, 1}};
    EXPECT_EQ(build_holders(items_side(), unique, {{"1", "a"}, {"2", k_null}, {"3", "it's"}}),
              "/* slicetool table=items holders of unique values */ SELECT `id`, `id`, `name` FROM "
              "`shop`.`items` WHERE "
              "(`id` = '1' AND `name` = 'a') OR (`id` = '3' AND `name` = 'it\\'s')");
}

TEST(Holders, NobodyHoldsNull)
{
    EXPECT_EQ(build_holders(items_side(), {"u", {1}}, {{"1", k_null}, {"2", k_null}}), "");
    EXPECT_EQ(build_holders(items_side(), {"u", {1}}, {}), "");
}

TEST(Carried, AreReadAndLockedByKey)
{
    EXPECT_EQ(build_carried(
                  items_side(),
                  {{"own", hash::Form::plain, true, 20}, {"b", hash::Form::long_bytes, true, 64}},
                  {{"1"}}),
              "/* slicetool table=items kept columns */ SELECT `id`, `own`, `b`, NULL "
              "FROM `shop`.`items` WHERE "
              "`id` IN (1) FOR UPDATE");
}

TEST(Carried, JsonIsMadeAgainFromItsText)
{
    EXPECT_EQ(
        build_carried(items_side(),
                      {{"own", hash::Form::plain, true, 20}, {"j", hash::Form::json, true, 64}},
                      {{"1"}}),
        "/* slicetool table=items kept columns */ SELECT `id`, `own`, CONVERT(`j` USING "
        "utf8mb4), IF(CAST(NULLIF(CONVERT(`j` USING utf8mb4), '') AS JSON) <=> `j` AND "
        "CONVERT(CAST(NULLIF(CONVERT(`j` USING utf8mb4), '') AS JSON) USING utf8mb4) <=> "
        "CONVERT(`j` USING utf8mb4), NULL, 1) FROM `shop`.`items` WHERE `id` IN (1) FOR "
        "UPDATE");
}

TEST(Carried, AnotherSpellingOfAKeyIsToldByTheServer)
{
    EXPECT_EQ(build_same_keys(items_side(), {{"1"}, {"2"}}),
              "/* slicetool table=items same keys */ SELECT CASE WHEN `id` IN (1) THEN 0 WHEN "
              "`id` IN (2) THEN 1 END, `id` FROM `shop`.`items` WHERE `id` IN (1, 2)");
}

TEST(Comments, CannotBeLeftByATablesName)
{
    auto hostile = items();
    hostile.name = "x*/ DROP`TABLE";
    EXPECT_EQ(build_count(plan(hostile).upstream, {}),
              "/* slicetool table=x.. DROP`TABLE count */ SELECT COUNT(*) FROM `shop`.`x*/ "
              "DROP``TABLE` FORCE INDEX (`PRIMARY`)");
}

} // namespace
} // namespace slicetool::sync
