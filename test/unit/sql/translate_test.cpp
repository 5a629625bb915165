#include "sql/translate.hpp"

#include "parsed_table.hpp"
#include "sql/ddl.hpp"

#include <gmock/gmock.h>

namespace slicetool::sql {
namespace {

Target to_mysql()
{
    return {Family::mysql,
            90701,
            {"utf8mb4_general_ci", "utf8mb4_bin", "utf8mb4_0900_ai_ci"},
            {"innodb"}};
}

Target to_mariadb()
{
    return {Family::mariadb,
            101119,
            {"utf8mb4_general_ci", "utf8mb4_bin", "utf8mb4_uca1400_nopad_ai_ci"},
            {"innodb"}};
}

std::string create(const std::string& entries, const std::string& options = "")
{
    return "CREATE TABLE `t` (" + entries +
           ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci" + options;
}

Translation from_mariadb(const std::string& entries, const std::string& options = "")
{
    return translate(mariadb(create(entries, options)), to_mysql());
}

Translation from_mysql(const std::string& entries, const std::string& options = "")
{
    return translate(mysql(create(entries, options)), to_mariadb());
}

std::string column_text(const Translation& translation)
{
    return build_column(translation.table, translation.table.columns[0]);
}

TEST(Translate, SameFamilyStaysAsItIs)
{
    const Table table = mariadb(create("`a` int(11) NOT NULL DEFAULT 1, KEY `k` (`a`) IGNORED"));
    const auto translation = translate(table, to_mariadb());
    EXPECT_THAT(translation.sentences, testing::IsEmpty());
    EXPECT_THAT(translation.refusals, testing::IsEmpty());
    EXPECT_EQ(build_create_table(translation.table, ForeignKeys::keep),
              build_create_table(table, ForeignKeys::keep));
}

TEST(Translate, MySqlJsonBecomesCheckedText)
{
    const auto translation = from_mysql("`j` json DEFAULT (json_array())");
    EXPECT_EQ(column_text(translation),
              "`j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT (json_array()) "
              "CHECK (json_valid(`j`))");
    EXPECT_THAT(translation.sentences,
                testing::ElementsAre("column `j`: JSON becomes LONGTEXT with a JSON_VALID check."));
}

TEST(Translate, MariaDbJsonStaysText)
{
    const auto translation = from_mariadb("`j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin "
                                          "DEFAULT '{}' CHECK (json_valid(`j`))");
    EXPECT_EQ(column_text(translation),
              "`j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT ('{}')");
    EXPECT_THAT(build_create_table(translation.table, ForeignKeys::leave_out),
                testing::HasSubstr("\n  CHECK (json_valid(`j`))\n"));
    EXPECT_THAT(translation.sentences, testing::ElementsAre(testing::HasSubstr("stays LONGTEXT")));
}

TEST(Translate, WidthsAndDefaultsForMySql)
{
    EXPECT_EQ(column_text(from_mariadb("`a` int(10) unsigned DEFAULT 3")),
              "`a` int unsigned DEFAULT 3");
    EXPECT_EQ(column_text(from_mariadb("`a` tinyint(1) DEFAULT 0")), "`a` tinyint(1) DEFAULT 0");
    EXPECT_EQ(column_text(from_mariadb("`a` year(4) DEFAULT 2001")), "`a` year DEFAULT 2001");
    EXPECT_EQ(column_text(from_mariadb("`a` datetime DEFAULT current_timestamp()")),
              "`a` datetime DEFAULT current_timestamp()");
    EXPECT_EQ(column_text(from_mariadb("`a` varbinary(36) DEFAULT uuid()")),
              "`a` varbinary(36) DEFAULT (uuid())");
    EXPECT_EQ(column_text(from_mariadb("`a` blob DEFAULT NULL")), "`a` blob");
    EXPECT_EQ(column_text(from_mariadb("`a` geometrycollection DEFAULT NULL")),
              "`a` geomcollection");
}

TEST(Translate, ExpressionsLoseIntroducersForMariaDb)
{
    const auto translation =
        from_mysql("`g` int GENERATED ALWAYS AS (length(_latin1'x\\'')) STORED NOT NULL");
    EXPECT_EQ(column_text(translation), "`g` int GENERATED ALWAYS AS (length('x\\'')) STORED");
    EXPECT_THAT(translation.sentences,
                testing::ElementsAre(testing::HasSubstr("NOT NULL is left out")));
}

TEST(Translate, CallsOnlyMySqlKnowsAreRewritten)
{
    const auto generated = [](const std::string& expression) {
        return from_mysql("`g` int GENERATED ALWAYS AS (" + expression + ") VIRTUAL")
            .table.columns[0]
            .generation_expression;
    };
    EXPECT_EQ(generated("regexp_like(lower(`s`),_utf8mb4'^a,')"), "(lower(`s`) regexp '^a,')");
    EXPECT_EQ(generated("regexp_like(`s`,'a','i')"), "regexp_like(`s`,'a','i')");
    EXPECT_EQ(generated("json_value(`j`, _utf8mb4'$.a' returning char(512))"),
              "json_value(`j`, '$.a')");
}

TEST(Translate, CollationsAreNamedAndKeysRemarked)
{
    const auto translation = from_mysql("`a` varchar(9) CHARACTER SET utf8mb4 COLLATE "
                                        "utf8mb4_0900_ai_ci NOT NULL, PRIMARY KEY (`a`)");
    EXPECT_THAT(translation.sentences,
                testing::ElementsAre(
                    "column `a`: collation utf8mb4_0900_ai_ci becomes utf8mb4_uca1400_nopad_ai_ci. "
                    "It is part of the unique key `PRIMARY`: strings of the two sides cannot be "
                    "ordered alike by it, and it may find other values equal."));
}

TEST(Translate, Refusals)
{
    const auto refusal = [](const Translation& translation) {
        return translation.refusals.empty() ? "" : translation.refusals[0];
    };
    EXPECT_THAT(refusal(from_mariadb("`a` uuid")),
                testing::HasSubstr("type uuid exists on MariaDB only"));
    EXPECT_THAT(refusal(from_mariadb("`a` int(11) DEFAULT nextval(`db`.`s`)")),
                testing::HasSubstr("sequence"));
    EXPECT_THAT(refusal(from_mariadb("`a` int(11)", " WITH SYSTEM VERSIONING")),
                testing::HasSubstr("system-versioned"));
    EXPECT_THAT(refusal(from_mariadb("`a` date, PERIOD FOR `p` (`a`, `a`)")),
                testing::HasSubstr("MySQL does not know PERIOD FOR `p` (`a`, `a`)"));
    EXPECT_THAT(refusal(from_mysql("`v` vector(4)")), testing::HasSubstr("no VECTOR"));
    EXPECT_THAT(refusal(from_mysql("`a` int, KEY `k` ((`a` + 1))")),
                testing::HasSubstr("indexes on expressions"));
    EXPECT_THAT(refusal(from_mysql("`a` strange(4)")),
                testing::HasSubstr("not known to slicetool"));
    Table aria = mariadb(create("`a` int(11)"));
    aria.engine = "Aria";
    EXPECT_THAT(refusal(translate(aria, to_mysql())), testing::HasSubstr("engine Aria"));
    aria.engine = "FEDERATED";
    EXPECT_THAT(refusal(translate(aria, to_mysql())),
                testing::HasSubstr("engine FEDERATED shows rows of other tables"));
}

TEST(Translate, OptionsAreLeftOutWithASentence)
{
    const auto translation = from_mysql("`a` int", " STATS_PERSISTENT=1 COMPRESSION='zlib'");
    EXPECT_THAT(translation.sentences,
                testing::ElementsAre(
                    "table option COMPRESSION='zlib' is left out; MariaDB has none like it."));
    ASSERT_EQ(translation.table.options.size(), 1U);
}

TEST(Translate, QuestionMarksAreWarnedOf)
{
    EXPECT_THAT(from_mariadb("`e` enum('a','?')").warnings, testing::SizeIs(1));
    EXPECT_THAT(from_mariadb("`e` enum('a','b')").warnings, testing::IsEmpty());
}

} // namespace
} // namespace slicetool::sql
