#include "hash/column_form.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>

namespace slicetool::hash {
namespace {

using namespace std::string_literals;
using sql::Column;
using sql::TypeKind;

Column column(TypeKind kind, const std::string& data_type = "")
{
    Column result;
    result.name = "c";
    result.kind = kind;
    result.data_type = data_type;
    result.column_type = data_type;
    return result;
}

TEST(NaturalForm, TakesTheServersTextWhereThatIsExact)
{
    for (const auto kind : {TypeKind::integer, TypeKind::decimal, TypeKind::date, TypeKind::time,
                            TypeKind::datetime, TypeKind::timestamp, TypeKind::year})
        EXPECT_EQ(natural_form(column(kind)), Form::plain) << static_cast<int>(kind);
}

TEST(NaturalForm, ReadsFloatsAsTheDoublesTheyAre)
{
    EXPECT_EQ(natural_form(column(TypeKind::float32)), Form::exact_float);
    EXPECT_EQ(natural_form(column(TypeKind::float64)), Form::exact_real);
    Column rounded = column(TypeKind::float64, "double");
    rounded.scale = 2;
    EXPECT_EQ(natural_form(rounded), Form::fixed_real);
}

TEST(ValueSql, NeverCastsADoubleWhichMySqlWouldCutTo22Characters)
{
    EXPECT_THAT(value_sql(Form::exact_real, "`d`"), testing::Not(testing::HasSubstr("AS DOUBLE")));
    EXPECT_THAT(value_sql(Form::neutral_real, "`d`"),
                testing::Not(testing::HasSubstr("AS DOUBLE")));
}

TEST(ValueSql, DeclaresRealsAsLongAsTheyPrint)
{
    EXPECT_EQ(value_sql(Form::exact_real, "`d`"),
              "CAST(CONCAT(`d`) AS CHAR(48) CHARACTER SET latin1)");
    EXPECT_EQ(value_sql(Form::fixed_real, "`d`"),
              "CAST(CONCAT(`d`) AS CHAR(400) CHARACTER SET latin1)");
    EXPECT_EQ(value_sql(Form::exact_float, "`f`"),
              "CAST(CONCAT(CAST(`f` AS DOUBLE)) AS CHAR(48) CHARACTER SET latin1)");
    EXPECT_THAT(value_sql(Form::neutral_real, "`d`"),
                testing::EndsWith(" END AS CHAR(48) CHARACTER SET latin1)"));
    EXPECT_THAT(value_sql(Form::neutral_float, "`f`"),
                testing::EndsWith(" END AS CHAR(48) CHARACTER SET latin1)"));
}

TEST(NaturalForm, TakesNumbersForWhatIsStoredAsANumber)
{
    for (const auto kind : {TypeKind::bit, TypeKind::enumeration, TypeKind::set})
        EXPECT_EQ(natural_form(column(kind)), Form::number);
    Column filled = column(TypeKind::integer, "int");
    filled.zerofill = true;
    EXPECT_EQ(natural_form(filled), Form::number);
}

TEST(NaturalForm, DigestsWhatMayBeLong)
{
    EXPECT_EQ(natural_form(column(TypeKind::character, "varchar")), Form::bytes);
    EXPECT_EQ(natural_form(column(TypeKind::binary, "varbinary")), Form::bytes);
    EXPECT_EQ(natural_form(column(TypeKind::text, "tinytext")), Form::bytes);
    EXPECT_EQ(natural_form(column(TypeKind::blob, "tinyblob")), Form::bytes);
    for (const char* type : {"text", "mediumtext", "longtext"})
        EXPECT_EQ(natural_form(column(TypeKind::text, type)), Form::long_bytes) << type;
    for (const char* type : {"blob", "mediumblob", "longblob"})
        EXPECT_EQ(natural_form(column(TypeKind::blob, type)), Form::long_bytes) << type;
    EXPECT_EQ(natural_form(column(TypeKind::geometry)), Form::long_bytes);
    EXPECT_EQ(natural_form(column(TypeKind::vector)), Form::long_bytes);
    EXPECT_EQ(natural_form(column(TypeKind::json)), Form::json);
}

TEST(NaturalForm, KnowsTheTypesOfMariaDb)
{
    for (const auto kind : {TypeKind::uuid, TypeKind::inet4, TypeKind::inet6})
        EXPECT_EQ(natural_form(column(kind)), Form::ascii);
}

TEST(NaturalForm, RefusesATypeItHasNeverHeardOf)
{
    try {
        natural_form(column(TypeKind::unknown, "hologram"));
        FAIL() << "nothing was thrown";
    } catch (const base::Refusal& refusal) {
        EXPECT_STREQ(refusal.what(),
                     "Column c has type hologram, which this version does not know: "
                     "leave it out with columns: {exclude: [c]}.");
    }
}

TEST(AppendLiteral, WritesEachFormItsWay)
{
    const auto literal = [](Form form, std::string_view value) {
        std::string out = "x";
        append_literal(out, form, value);
        return out.substr(1);
    };
    EXPECT_EQ(literal(Form::plain, "2020-01-01"), "'2020-01-01'");
    EXPECT_EQ(literal(Form::exact_real, "-1e-300"), "'-1e-300'");
    EXPECT_EQ(literal(Form::number, "18446744073709551615"), "18446744073709551615");
    EXPECT_EQ(literal(Form::text, "it's"), "_utf8mb4'it\\'s'");
    EXPECT_EQ(literal(Form::ascii, "::1"), "_utf8mb4'::1'");
    EXPECT_EQ(literal(Form::long_text, "{\"a\": \"\\n\"}"), "_utf8mb4'{\"a\": \"\\\\n\"}'");
    EXPECT_EQ(literal(Form::bytes, "\0\xff\n\r\x1a\\'"s), "'\\0\xff\\n\\r\\Z\\\\\\''");
    EXPECT_EQ(literal(Form::long_bytes, ""), "''");
}

TEST(AppendLiteral, TakesNoSqlForANumber)
{
    std::string out;
    EXPECT_THROW(append_literal(out, Form::number, "1), (2"), base::Error);
    EXPECT_EQ(out, "");
}

TEST(LoadConversion, IsThereWhereALiteralHasMoreThanQuotes)
{
    EXPECT_EQ(load_conversion_sql(Form::number, "@v1"), "CAST(@v1 AS UNSIGNED)");
    for (const auto form : {Form::text, Form::ascii, Form::long_text, Form::json})
        EXPECT_EQ(load_conversion_sql(form, "@v1"), "CONVERT(@v1 USING utf8mb4)");
    for (const auto form : {Form::plain, Form::exact_real, Form::bytes, Form::long_bytes})
        EXPECT_EQ(load_conversion_sql(form, "@v1"), "");
}

TEST(LongestValue, BoundsWhatTheTypesCanPrint)
{
    const auto at_least = [](TypeKind kind, std::string_view longest) {
        const Column c = column(kind);
        EXPECT_GE(longest_value(c, natural_form(c)), longest.size()) << longest;
    };
    at_least(TypeKind::integer, "-9223372036854775808");
    at_least(TypeKind::bit, "18446744073709551615");
    at_least(TypeKind::set, "18446744073709551615");
    at_least(TypeKind::decimal, "-0." + std::string(65, '9'));
    at_least(TypeKind::datetime, "9999-12-31 23:59:59.999999");
    at_least(TypeKind::time, "-838:59:59.000000");
    at_least(TypeKind::float64, "-2.2250738585072014e-308");
    at_least(TypeKind::uuid, "123e4567-e89b-12d3-a456-426614174000");
    at_least(TypeKind::inet6, "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255");
}

TEST(LongestValue, TakesStringsByTheirDeclaredBytes)
{
    Column text = column(TypeKind::character, "varchar");
    text.length = 100;
    text.octet_length = 400;
    EXPECT_EQ(longest_value(text, Form::bytes), 400U);
    EXPECT_EQ(longest_value(column(TypeKind::text, "longtext"), Form::long_bytes), 64U);
}

} // namespace
} // namespace slicetool::hash
