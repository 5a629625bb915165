#include "sync/columns.hpp"

#include "base/error.hpp"
#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;
using hash::Form;
using sql::Column;
using sql::TypeKind;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names(const MatchedColumns& matched)
{
    std::vector<std::string> result;
    for (const auto& pair : matched.pairs)
        result.push_back(pair.upstream->name);
    return result;
}

/// Tables with one column each; they live as long as this.
struct Sides
{
    Sides(const Column& up, const Column& down)
        : upstream(table({up}, {})), downstream(table({down}, {}))
    {
    }

    Form form() const { return match_columns(upstream, downstream, {}).pairs.at(0).form; }

    std::string refusal() const
    {
        return refusal_of<base::Refusal>([&] { match_columns(upstream, downstream, {}); });
    }

    sql::Table upstream;
    sql::Table downstream;
};

Column unsigned_one(Column column)
{
    column.is_unsigned = true;
    column.column_type += " unsigned";
    return column;
}

Column decimal(std::uint32_t precision, std::uint32_t scale)
{
    Column result = column("c", TypeKind::decimal, "decimal");
    result.column_type = "decimal(" + std::to_string(precision) + "," + std::to_string(scale) + ")";
    result.precision = precision;
    result.scale = scale;
    return result;
}

Column time_of(TypeKind kind, const std::string& type, std::uint32_t digits)
{
    Column result = column("c", kind, type);
    result.precision = digits;
    return result;
}

Column zerofill(Column column)
{
    column.zerofill = true;
    return column;
}

TEST(MatchColumns, PairsByNameInUpstreamsOrder)
{
    const auto up = table({integer("a"), integer("B"), integer("c")}, {});
    const auto down = table({integer("c"), integer("A"), integer("b")}, {});
    const auto matched = match_columns(up, down, {});
    EXPECT_THAT(names(matched), ElementsAre("a", "B", "c"));
    EXPECT_EQ(matched.pairs[1].downstream->name, "b");
    EXPECT_TRUE(matched.carried.empty());
    EXPECT_TRUE(matched.notes.empty());
}

TEST(MatchColumns, LeavesExcludedColumnsOutAndKeepsDownstreams)
{
    const auto up = table({integer("a"), integer("b"), integer("gone")}, {});
    const auto down = table({integer("a"), integer("b"), integer("own")}, {});
    const auto matched = match_columns(up, down, {"B", "gone", "own"});
    EXPECT_THAT(names(matched), ElementsAre("a"));
    EXPECT_THAT(matched.carried, ElementsAre("b", "own"));
}

TEST(MatchColumns, LeavesGeneratedColumnsOut)
{
    Column generated = integer("g");
    generated.generated = sql::Generated::stored;
    const auto up = table({integer("a"), generated}, {});
    EXPECT_THAT(names(match_columns(up, up, {})), ElementsAre("a"));
    EXPECT_TRUE(match_columns(up, up, {}).carried.empty());
}

TEST(MatchColumns, RefusesWithEveryReasonAtOnce)
{
    Column generated = integer("g");
    generated.generated = sql::Generated::virtual_column;
    Column other = integer("h");
    other.generated = sql::Generated::stored;
    const auto up = table({integer("a"), integer("b"), integer("g"), other}, {});
    const auto down = table({integer("a", "int"), integer("x"), generated, integer("h")}, {});
    EXPECT_EQ(refusal_of<base::Refusal>([&] { match_columns(up, down, {"nowhere"}); }),
              "The definitions of items differ: the excluded column nowhere exists on neither "
              "side; column a is "
              "bigint upstream and int downstream: it cannot hold every value; column b is missing "
              "downstream; "
              "column g is generated downstream only; column x exists downstream only; column h is "
              "generated "
              "upstream only. Run pull_schema --alter, or leave columns out with columns: "
              "{exclude: […]}.");
}

TEST(ColumnPair, IntegersMayGrow)
{
    EXPECT_EQ(Sides(integer("c", "int"), integer("c", "bigint")).form(), Form::plain);
    EXPECT_EQ(Sides(unsigned_one(integer("c", "int")), integer("c", "bigint")).form(), Form::plain);
}

TEST(ColumnPair, IntegersMayNotShrink)
{
    const std::string why = "it cannot hold every value";
    EXPECT_THAT(Sides(integer("c", "bigint"), integer("c", "int")).refusal(), HasSubstr(why));
    EXPECT_THAT(Sides(integer("c", "tinyint"), unsigned_one(integer("c", "bigint"))).refusal(),
                HasSubstr(why));
    EXPECT_THAT(Sides(unsigned_one(integer("c", "bigint")), integer("c", "bigint")).refusal(),
                HasSubstr(why));
    EXPECT_THAT(Sides(unsigned_one(integer("c", "int")), integer("c", "int")).refusal(),
                HasSubstr(why));
}

TEST(ColumnPair, ZerofillOnOneSideIsComparedAsANumber)
{
    const Column plain = unsigned_one(integer("c", "int"));
    EXPECT_EQ(Sides(plain, zerofill(plain)).form(), Form::number);
    EXPECT_EQ(Sides(zerofill(plain), plain).form(), Form::number);
}

TEST(ColumnPair, DecimalsNeedTheSameDigitsAfterThePoint)
{
    EXPECT_EQ(Sides(decimal(10, 2), decimal(12, 2)).form(), Form::plain);
    EXPECT_THAT(
        Sides(decimal(10, 2), decimal(12, 3)).refusal(),
        HasSubstr(
            "column c is decimal(10,2) upstream and decimal(12,3) downstream: the digits after the "
            "point differ in number"));
    EXPECT_THAT(Sides(decimal(10, 2), decimal(9, 2)).refusal(),
                HasSubstr("it cannot hold every value"));
}

TEST(ColumnPair, PaddedDecimalsAreComparedWithTheLikeOnly)
{
    EXPECT_EQ(Sides(zerofill(decimal(10, 2)), zerofill(decimal(10, 2))).form(), Form::plain);
    EXPECT_THAT(Sides(zerofill(decimal(10, 2)), decimal(10, 2)).refusal(),
                HasSubstr("ZEROFILL pads"));
    EXPECT_THAT(Sides(zerofill(decimal(10, 2)), zerofill(decimal(12, 2))).refusal(),
                HasSubstr("ZEROFILL pads"));
}

TEST(ColumnPair, RealsAreComparedWithTheLikeOnly)
{
    const Column real = column("c", TypeKind::float64, "double");
    const Column single = column("c", TypeKind::float32, "float");
    Column rounded = real;
    rounded.scale = 2;
    EXPECT_EQ(Sides(real, real).form(), Form::exact_real);
    EXPECT_EQ(Sides(rounded, rounded).form(), Form::fixed_real);
    EXPECT_EQ(Sides(single, single).form(), Form::exact_float);
    const std::string why = "their values are rounded or padded differently";
    EXPECT_THAT(Sides(rounded, real).refusal(), HasSubstr(why));
    EXPECT_THAT(Sides(real, rounded).refusal(), HasSubstr(why));
    EXPECT_THAT(Sides(real, zerofill(real)).refusal(), HasSubstr(why));
    for (const auto& [up, down] : {std::pair(single, real), std::pair(real, single)})
        EXPECT_THAT(Sides(up, down).refusal(), HasSubstr("the types are too different to compare"));
}

TEST(ColumnPair, RealsHaveFormsOfTheirOwnBetweenTheFamilies)
{
    Sides doubles(column("c", TypeKind::float64, "double"),
                  column("c", TypeKind::float64, "double"));
    Sides floats(column("c", TypeKind::float32, "float"), column("c", TypeKind::float32, "float"));
    doubles.downstream.family = sql::Family::mysql;
    floats.upstream.family = sql::Family::mysql;
    EXPECT_EQ(doubles.form(), Form::neutral_real);
    EXPECT_EQ(floats.form(), Form::neutral_float);
}

TEST(ColumnPair, TimesNeedTheSameFraction)
{
    for (const auto& [kind, type] :
         {std::pair(TypeKind::time, "time"), std::pair(TypeKind::datetime, "datetime"),
          std::pair(TypeKind::timestamp, "timestamp")}) {
        EXPECT_EQ(Sides(time_of(kind, type, 3), time_of(kind, type, 3)).form(), Form::plain);
        EXPECT_THAT(Sides(time_of(kind, type, 0), time_of(kind, type, 6)).refusal(),
                    HasSubstr("the digits of the fraction of a second differ in number"));
    }
}

TEST(ColumnPair, DatesAreNoDatetimes)
{
    EXPECT_EQ(Sides(column("c", TypeKind::date, "date"), time_of(TypeKind::datetime, "datetime", 0))
                  .refusal(),
              "The definitions of items differ: column c is date upstream and datetime downstream: "
              "the types are too "
              "different to compare. Run pull_schema --alter, or leave columns out with columns: "
              "{exclude: […]}.");
}

TEST(ColumnPair, BitsMayGrow)
{
    Column narrow = column("c", TypeKind::bit, "bit");
    Column wide = narrow;
    narrow.length = 1;
    wide.length = 64;
    EXPECT_EQ(Sides(narrow, wide).form(), Form::number);
    EXPECT_THAT(Sides(wide, narrow).refusal(), HasSubstr("it cannot hold every value"));
}

TEST(ColumnPair, TextIsComparedByItsBytes)
{
    EXPECT_EQ(Sides(varchar("c", 10), varchar("c", 20)).form(), Form::bytes);
    EXPECT_EQ(Sides(varchar("c", 10, "utf8mb3"), varchar("c", 10)).form(), Form::bytes);
    EXPECT_EQ(Sides(varchar("c", 10, "latin1"), varchar("c", 10, "latin1")).form(), Form::bytes);
    EXPECT_EQ(Sides(varchar("c", 10), text("c", "text", 65535)).form(), Form::long_bytes);
    EXPECT_EQ(Sides(text("c", "tinytext", 255), text("c", "longtext", 4294967295)).form(),
              Form::long_bytes);
    EXPECT_EQ(Sides(bytes("c", "varbinary", 10), bytes("c", "tinyblob", 255)).form(), Form::bytes);
}

TEST(ColumnPair, TextOfOtherCharacterSetsIsComparedAsUtf8mb4)
{
    EXPECT_EQ(Sides(varchar("c", 10, "latin1"), varchar("c", 10)).form(), Form::text);
    EXPECT_EQ(Sides(varchar("c", 10), varchar("c", 10, "gbk")).form(), Form::text);
    EXPECT_EQ(Sides(varchar("c", 10, "latin1"), text("c", "text", 65535)).form(), Form::long_text);
}

TEST(ColumnPair, ConvertedColumnsAreToBeProvenFirst)
{
    const auto up = table({varchar("c", 10, "latin1"), varchar("d", 10)}, {});
    const auto down = table({varchar("c", 10), varchar("d", 10)}, {});
    const auto matched = match_columns(up, down, {});
    ASSERT_EQ(matched.converted.size(), 1U);
    EXPECT_EQ(matched.converted[0].upstream_charset, "latin1");
    EXPECT_EQ(matched.converted[0].downstream_charset, "utf8mb4");
    EXPECT_THAT(matched.notes, testing::ElementsAre(HasSubstr("Column c is latin1 upstream")));
}

TEST(ColumnPair, TextMayNotShrink)
{
    const std::string why = "it cannot hold every value";
    EXPECT_THAT(Sides(varchar("c", 10), varchar("c", 9)).refusal(), HasSubstr(why));
    EXPECT_THAT(Sides(varchar("c", 10, "utf8mb3"), varchar("c", 8)).refusal(), HasSubstr(why));
    EXPECT_THAT(Sides(text("c", "tinytext", 255), varchar("c", 100)).refusal(), HasSubstr(why));
    EXPECT_THAT(Sides(text("c", "text", 65535), text("c", "tinytext", 255)).refusal(),
                HasSubstr(why));
    EXPECT_THAT(Sides(varchar("c", 100), text("c", "tinytext", 255)).refusal(), HasSubstr(why));
    EXPECT_THAT(Sides(bytes("c", "varbinary", 11), bytes("c", "varbinary", 10)).refusal(),
                HasSubstr(why));
}

TEST(ColumnPair, PaddingColumnsNeedTheLike)
{
    const std::string pads = "a fixed-length column pads or strips what it stores";
    EXPECT_EQ(Sides(fixed_char("c", 5), fixed_char("c", 6)).form(), Form::bytes);
    EXPECT_EQ(Sides(fixed_char("c", 5), varchar("c", 5)).form(), Form::bytes);
    EXPECT_THAT(Sides(varchar("c", 5), fixed_char("c", 5)).refusal(), HasSubstr(pads));
    EXPECT_THAT(Sides(text("c", "tinytext", 255), fixed_char("c", 255)).refusal(), HasSubstr(pads));
    EXPECT_THAT(Sides(bytes("c", "varbinary", 5), bytes("c", "binary", 5)).refusal(),
                HasSubstr(pads));
    EXPECT_EQ(Sides(bytes("c", "binary", 5), bytes("c", "binary", 5)).form(), Form::bytes);
    EXPECT_THAT(Sides(bytes("c", "binary", 5), bytes("c", "binary", 6)).refusal(),
                HasSubstr("fixed-length values are padded to another length"));
}

TEST(ColumnPair, EnumsAndSetsWithTheSameBeginningAreNumbers)
{
    for (const auto kind : {TypeKind::enumeration, TypeKind::set}) {
        EXPECT_EQ(Sides(list("c", kind, {"a", ""}), list("c", kind, {"a", ""})).form(),
                  Form::number);
        EXPECT_EQ(Sides(list("c", kind, {"a"}), list("c", kind, {"a", "b"})).form(), Form::number);
    }
}

TEST(ColumnPair, EnumsInAnotherOrderAreComparedAsText)
{
    const Sides sides(list("c", TypeKind::enumeration, {"a", "b"}),
                      list("c", TypeKind::enumeration, {"b", "a"}));
    EXPECT_EQ(sides.form(), Form::text);
    EXPECT_THAT(
        match_columns(sides.upstream, sides.downstream, {}).notes,
        ElementsAre(
            "Column c is compared as text, since its elements are defined in another order."));
}

/// A "?" may be an emoji, and two of them two.
TEST(ColumnPair, ElementsThatPrintAsQuestionMarksAreComparedAsText)
{
    for (const auto kind : {TypeKind::enumeration, TypeKind::set}) {
        auto up = list("c", kind, {"a", "?"});
        EXPECT_EQ(Sides(up, up).form(), Form::number);
        auto down = up;
        down.charset = "utf8mb4";
        EXPECT_EQ(Sides(up, down).form(), Form::text);
        EXPECT_EQ(Sides(down, up).form(), Form::text);
        EXPECT_THAT(match_columns(table({down}, {}), table({down}, {}), {}).notes,
                    ElementsAre("Column c is compared as text, since servers print a character "
                                "beyond U+FFFF in its elements as \"?\"."));
        down.charset = "latin1";
        EXPECT_EQ(Sides(up, down).form(), Form::number);
        down.charset = "binary";
        EXPECT_THAT(Sides(down, down).refusal(), HasSubstr("its elements are bytes"));
    }
}

TEST(ColumnPair, SetsAreComparedAsTextWhereTheyPrintAlike)
{
    EXPECT_EQ(Sides(list("c", TypeKind::set, {"a", "c"}), list("c", TypeKind::set, {"a", "b", "c"}))
                  .form(),
              Form::text);
    EXPECT_THAT(
        Sides(list("c", TypeKind::set, {"a", "b"}), list("c", TypeKind::set, {"b", "a"})).refusal(),
        HasSubstr("the elements stand in another order"));
}

TEST(ColumnPair, LabelsThatCannotBeToldApartAreRefused)
{
    for (const auto kind : {TypeKind::enumeration, TypeKind::set}) {
        EXPECT_THAT(
            Sides(list("c", kind, {"a", ""}), list("c", kind, {"", "a"})).refusal(),
            HasSubstr("an element is the empty text, which cannot be told from the value 0"));
        EXPECT_THAT(Sides(list("c", kind, {"a", "b"}), list("c", kind, {"b", "c"})).refusal(),
                    HasSubstr("downstream has no element 'a'"));
    }
}

TEST(ColumnPair, ElementsOfAnotherCaseAreOtherElements)
{
    EXPECT_THAT(
        Sides(list("c", TypeKind::enumeration, {"A"}), list("c", TypeKind::enumeration, {"a"}))
            .refusal(),
        HasSubstr("downstream has no element 'A'"));
}

TEST(ColumnPair, ShapesGoIntoColumnsThatTakeThem)
{
    const Column any = column("c", TypeKind::geometry, "geometry");
    const Column point = column("c", TypeKind::geometry, "point");
    EXPECT_EQ(Sides(any, any).form(), Form::long_bytes);
    EXPECT_EQ(Sides(point, any).form(), Form::long_bytes);
    EXPECT_EQ(Sides(column("c", TypeKind::geometry, "geometrycollection"),
                    column("c", TypeKind::geometry, "geomcollection"))
                  .form(),
              Form::long_bytes);
    EXPECT_THAT(Sides(any, point).refusal(), HasSubstr("shapes of one kind only"));
}

TEST(ColumnPair, ShapesKeepTheirReferenceSystem)
{
    const Column any = column("c", TypeKind::geometry, "geometry");
    Column globe = any;
    globe.srid = 4326;
    Column plane = any;
    plane.srid = 3857;
    EXPECT_EQ(Sides(globe, globe).form(), Form::long_bytes);
    EXPECT_EQ(Sides(globe, any).form(), Form::long_bytes);
    EXPECT_THAT(Sides(any, globe).refusal(), HasSubstr("shapes with SRID 4326 only"));
    EXPECT_THAT(Sides(plane, globe).refusal(), HasSubstr("shapes with SRID 4326 only"));
}

TEST(ColumnPair, JsonGoesFromMySqlToTextOnly)
{
    const Column json = column("c", TypeKind::json, "json");
    const Column longtext = text("c", "longtext", 4294967295);
    Column latin1 = longtext;
    latin1.charset = "latin1";
    EXPECT_EQ(Sides(json, json).form(), Form::json);
    EXPECT_EQ(Sides(json, longtext).form(), Form::json);
    EXPECT_THAT(Sides(json, latin1).refusal(), HasSubstr("JSON needs utf8mb4 there"));
    EXPECT_THAT(Sides(longtext, json).refusal(),
                HasSubstr("MySQL rewrites JSON when it stores it"));
}

TEST(SameBytes, KnowsTheSpellingsOfUtf8)
{
    EXPECT_TRUE(same_bytes("utf8", "utf8mb4"));
    EXPECT_TRUE(same_bytes("utf8mb3", "utf8"));
    EXPECT_TRUE(same_bytes("latin1", "latin1"));
    EXPECT_FALSE(same_bytes("latin1", "utf8mb4"));
    EXPECT_FALSE(same_bytes("ucs2", "utf16"));
}

} // namespace
} // namespace slicetool::sync
