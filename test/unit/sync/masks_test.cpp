#include "sync/masks.hpp"

#include "base/error.hpp"
#include "sync/mask_probe.hpp"
#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;
using sql::Family;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

MaskedValue planned(const std::string& text, const sql::Column& column)
{
    return plan_mask({column.name, text, ""}, column, Family::mariadb, column, Family::mariadb);
}

std::string refusal_of(const std::string& text, const sql::Column& column)
{
    try {
        planned(text, column);
    } catch (const base::Refusal& why) {
        return why.what();
    }
    return "";
}

TEST(Masks, AreCastToTheColumnWithRoomForWhatDoesNotFit)
{
    EXPECT_EQ(planned("CONCAT('u', id)", varchar("email", 20)).source_sql,
              "CAST(CONVERT((CONCAT('u', id)) USING utf8mb4) AS CHAR(21) CHARACTER SET utf8mb4)");
    EXPECT_EQ(planned("CONCAT('u', id)", varchar("email", 20)).longest, 84U);
    EXPECT_EQ(planned("'a'", fixed_char("code", 3)).source_sql,
              "RTRIM(CAST(CONVERT(('a') USING utf8mb4) AS CHAR(4) CHARACTER SET utf8mb4))");
    EXPECT_EQ(planned("1 + 1", integer("n")).source_sql, "CAST((1 + 1) AS SIGNED)");
}

TEST(Masks, OfTheirNamesNeedTheKeyAndKeepNulls)
{
    EXPECT_TRUE(needs_key({"a", "email", ""}));
    EXPECT_TRUE(needs_key({"a", "digits", ""}));
    EXPECT_FALSE(needs_key({"a", "constant", ""}));
    EXPECT_FALSE(needs_key({"a", "`email`", ""}));
    EXPECT_FALSE(needs_key({"a", std::nullopt, ""}));
    EXPECT_FALSE(planned("hash", not_null(varchar("a", 64))).may_be_null);
    EXPECT_TRUE(planned("hash", varchar("a", 64)).may_be_null);
    EXPECT_TRUE(planned("null", not_null(varchar("a", 64))).may_be_null);
    EXPECT_TRUE(planned("a", not_null(varchar("a", 64))).may_be_null);
    EXPECT_TRUE(planned("email", varchar("a", 64)).keeps_distinct);
    EXPECT_FALSE(planned("name", varchar("a", 64)).keeps_distinct);
}

TEST(Masks, ThatDifferEachTimeAreRefused)
{
    const auto column = varchar("a", 64);
    for (const char* fickle : {"RAND()", "concat(a, Uuid ())", "NOW()", "IF(a, current_date, 1)",
                               "UNIX_TIMESTAMP()", "@x := 1", "/*! SYSDATE( ) */ + 1"})
        EXPECT_THAT(refusal_of(fickle, column), HasSubstr("another value each time")) << fickle;
    for (const char* steady :
         {"'RAND()'", "`now`", "now", "UNIX_TIMESTAMP(a)", "t.rand", "a /* now() */"})
        EXPECT_EQ(refusal_of(steady, column), "") << steady;
}

TEST(Masks, WithoutRoomAreRefusedInASentenceThatNamesThem)
{
    EXPECT_EQ(refusal_of("email", varchar("a", 27)),
              "the mask of column a, \"email\" needs a column of 28 characters at least, and this "
              "one is varchar(27)");
    EXPECT_EQ(refusal_of("email", varchar("a", 28)), "");
    EXPECT_THAT(refusal_of("hash", varchar("a", 15)), HasSubstr("16 characters"));
    EXPECT_THAT(refusal_of("name", integer("a")), HasSubstr("is for columns of text"));
}

TEST(Masks, StandInEveryPlaceThatReadsUpstream)
{
    TableChoices choices;
    choices.masks = {{"NAME", "'secret'", "shop.yaml:3"}};
    const TablePair pair = plan(items(), choices);
    const std::string column = "`name`";
    EXPECT_THAT(pair.upstream.fingerprint.select_list(), Not(HasSubstr(column)));
    EXPECT_THAT(pair.upstream.encoding.row_digest_sql(), Not(HasSubstr(column)));
    EXPECT_THAT(pair.upstream.encoding.varying_bytes_sql(), Not(HasSubstr(column)));
    for (const auto& value : pair.upstream.encoding.select_list())
        EXPECT_THAT(value, Not(HasSubstr(column)));
    EXPECT_THAT(pair.downstream.fingerprint.select_list(), HasSubstr(column));
    ASSERT_EQ(pair.masked.size(), 1U);
    EXPECT_THAT(build_mask_probe(pair.upstream, pair.masked[0]), HasSubstr("('secret')"));
}

TEST(Masks, OfKeysAreRefused)
{
    TableChoices choices;
    choices.masks = {{"id", "id + 1", ""}};
    try {
        plan(items(), choices);
        FAIL();
    } catch (const base::Refusal& why) {
        EXPECT_THAT(why.what(),
                    HasSubstr("the mask of column id, \"id + 1\" is for a part of the key"));
    }
}

TEST(Masks, AreNamedWhereAnErrorMayBeTheirs)
{
    const std::vector<Mask> masks{{"email", "x", "f:1"}, {"name", std::nullopt, ""}};
    EXPECT_THAT(mask_advice(masks, "Data too long for column 'email' at row 1"),
                HasSubstr(" Look at the mask of column email, \"x\" (f:1): "));
    EXPECT_THAT(mask_advice(masks, "Column `d`.`t`.`NAME`"), HasSubstr("column name, NULL"));
    EXPECT_EQ(mask_advice(masks, "Lost connection"), "");
    EXPECT_THAT(mask_advice(masks), HasSubstr(", and the mask of column name, NULL"));
    EXPECT_EQ(mask_advice({}), "");
}

} // namespace
} // namespace slicetool::sync
