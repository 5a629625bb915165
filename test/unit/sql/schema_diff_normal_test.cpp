#include "sql/schema_diff_normal.hpp"

#include "parsed_table.hpp"

#include <gmock/gmock.h>

namespace slicetool::sql {
namespace {

TEST(NormalExpression, SpellingsOfBothFamiliesAgree)
{
    const std::pair<const char*, const char*> k_same[] = {
        {"`i` + 1", "(`i` + 1)"},
        {"`a` + 1 * 2 - 3", "((`a` + (1 * 2)) - 3)"},
        {"`a` > 0 and `b` <> 'x\\'y' or `c` is null",
         "(((`a` > 0) and (`b` <> _utf8mb4'x''y')) or (`c` is null))"},
        {"`l` not like 'a%'", "(not((`l` like _utf8mb4'a%')))"},
        {"`a` between 1 and 5 and `a` not in (2,3)",
         "((`a` between 1 and 5) and (`a` not in (2,3)))"},
        {"case when `a` is null then 'n' else 'x' end",
         "(case when (`a` is null) then 'n' else 'x' end)"},
        {"current_timestamp()", "CURRENT_TIMESTAMP"},
        {"now()", "current_timestamp"},
        {"(current_timestamp() + interval 1 day)", "(now() + interval 1 day)"},
        {"X'41'", "0x41"},
        {"`a` MOD 3", "(`a` % 3)"},
        {"json_valid(`j`)", "JSON_VALID(`J`)"},
        {"-`a`", "-(`a`)"},
        {"octet_length(`s`)", "length(`s`)"},
        {"`a` xor 1", "((0 <> `a`) xor (0 <> 1))"},
        {"`s` regexp '^a'", "regexp_like(`s`,_utf8mb4'^a')"},
        {"json_value(`j`,'$.a')", "json_value(`j`, _utf8mb4'$.a' returning char(512))"},
        {"true", "1"}};
    for (const auto& [a, b] : k_same)
        EXPECT_EQ(normal_expression(a), normal_expression(b)) << a << " and " << b;
}

TEST(NormalExpression, MeaningsStayApart)
{
    const std::pair<const char*, const char*> k_other[] = {{"(`a` + 1) * 2", "`a` + 1 * 2"},
                                                           {"`a` - (`b` - `c`)", "`a` - `b` - `c`"},
                                                           {"f(`a`,`b`)", "f(`a` , `b`, `c`)"},
                                                           {"f(`a`,(`b`,`c`))", "f(`a`,`b`,`c`)"},
                                                           {"'a'", "'A'"},
                                                           {"`a` is null", "`a` is not null"},
                                                           {"`a` like 'x'", "`a` not like 'x'"},
                                                           {"'a'", "`a`"}};
    for (const auto& [a, b] : k_other)
        EXPECT_NE(normal_expression(a), normal_expression(b)) << a << " and " << b;
}

TEST(NormalExpression, BrokenTextEnds)
{
    for (const char* text :
         {"", "(", ")", "case", "a +", "f(", "not", "interval", ",,", "between and"})
        normal_expression(text);
}

TEST(NormalDefault, LiteralsByType)
{
    const Table maria = mariadb(
        "CREATE TABLE `t` (`a` int(11) DEFAULT 5, `b` varchar(9) DEFAULT 'x', `c` text DEFAULT "
        "NULL, `d` varbinary(9) DEFAULT 'abc', `e` varchar(9) DEFAULT 'NULL', `f` text DEFAULT "
        "'y', `g` int(11) NOT NULL) ENGINE=InnoDB COLLATE=utf8mb4_bin");
    const Table my =
        mysql("CREATE TABLE `t` (`a` int DEFAULT '5', `b` varchar(9) DEFAULT 'x', `c` text, `d` "
              "varbinary(9) DEFAULT 0x616263, `e` varchar(9) DEFAULT 'NULL', `f` text DEFAULT "
              "(_utf8mb4'y'), `g` int NOT NULL) ENGINE=InnoDB COLLATE=utf8mb4_bin");
    for (std::size_t at = 0; at < maria.columns.size(); ++at)
        EXPECT_EQ(normal_default(maria.columns[at]), normal_default(my.columns[at]))
            << maria.columns[at].name;
    EXPECT_NE(normal_default(maria.columns[4]), "NULL");
    EXPECT_EQ(normal_default(maria.columns[6]), "");
}

TEST(NormalType, WidthsDoNotCount)
{
    const auto type = [](const char* text) {
        return normal_type(
            mariadb(std::string("CREATE TABLE `t` (`a` ") + text + ") ENGINE=InnoDB").columns[0]);
    };
    EXPECT_EQ(type("int(11)"), type("int"));
    EXPECT_EQ(type("year(4)"), type("year"));
    EXPECT_EQ(type("geomcollection"), type("geometrycollection"));
    EXPECT_NE(type("int(5) unsigned zerofill"), type("int(6) unsigned zerofill"));
    EXPECT_NE(type("int(10) unsigned"), type("int(10)"));
    EXPECT_NE(type("enum('a','b')"), type("enum('b','a')"));
}

TEST(NormalCollation, Utf8HasTwoNames)
{
    EXPECT_EQ(normal_collation("utf8_general_ci"), "utf8mb3_general_ci");
    EXPECT_EQ(normal_collation("utf8mb4_bin"), "utf8mb4_bin");
}

} // namespace
} // namespace slicetool::sql
