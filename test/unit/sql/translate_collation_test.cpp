#include "sql/translate.hpp"

#include <gmock/gmock.h>

namespace slicetool::sql {
namespace {

Target target(Family family, std::set<std::string> collations)
{
    return {family, 101119, std::move(collations), {"innodb"}};
}

TEST(NearestCollation, ItselfOrItsOtherName)
{
    EXPECT_EQ(nearest_collation("latin1_bin", target(Family::mysql, {"latin1_bin"})), "latin1_bin");
    EXPECT_EQ(nearest_collation("utf8_general_ci", target(Family::mysql, {"utf8mb3_general_ci"})),
              "utf8mb3_general_ci");
    EXPECT_EQ(nearest_collation("utf8mb3_bin", target(Family::mysql, {"utf8_bin"})), "utf8_bin");
}

TEST(NearestCollation, FromMySqlToMariaDb)
{
    const Target maria =
        target(Family::mariadb,
               {"utf8mb4_uca1400_nopad_ai_ci", "utf8mb4_uca1400_nopad_as_cs", "utf8mb4_nopad_bin",
                "utf8mb4_uca1400_swedish_nopad_ai_ci", "utf8mb4_general_ci"});
    EXPECT_EQ(nearest_collation("utf8mb4_0900_ai_ci", maria), "utf8mb4_uca1400_nopad_ai_ci");
    EXPECT_EQ(nearest_collation("utf8mb4_0900_as_cs", maria), "utf8mb4_uca1400_nopad_as_cs");
    EXPECT_EQ(nearest_collation("utf8mb4_0900_bin", maria), "utf8mb4_nopad_bin");
    EXPECT_EQ(nearest_collation("utf8mb4_sv_0900_ai_ci", maria),
              "utf8mb4_uca1400_swedish_nopad_ai_ci");
    EXPECT_EQ(nearest_collation("utf8mb4_ja_0900_as_cs", maria), "utf8mb4_uca1400_nopad_as_cs");
    const Target old = target(Family::mariadb, {"utf8mb4_unicode_520_ci", "utf8mb4_general_ci"});
    EXPECT_EQ(nearest_collation("utf8mb4_0900_ai_ci", old), "utf8mb4_unicode_520_ci");
}

TEST(NearestCollation, FromMariaDbToMySql)
{
    const Target my =
        target(Family::mysql, {"utf8mb4_0900_ai_ci", "utf8mb4_0900_as_cs", "utf8mb4_unicode_520_ci",
                               "utf8mb4_sv_0900_ai_ci", "latin1_swedish_ci", "utf8mb4_bin"});
    EXPECT_EQ(nearest_collation("utf8mb4_uca1400_ai_ci", my), "utf8mb4_unicode_520_ci") << "pads";
    EXPECT_EQ(nearest_collation("utf8mb4_uca1400_nopad_ai_ci", my), "utf8mb4_0900_ai_ci");
    EXPECT_EQ(nearest_collation("utf8mb4_uca1400_as_cs", my), "utf8mb4_0900_as_cs");
    EXPECT_EQ(nearest_collation("utf8mb4_uca1400_swedish_ai_ci", my), "utf8mb4_sv_0900_ai_ci");
    EXPECT_EQ(nearest_collation("latin1_swedish_nopad_ci", my), "latin1_swedish_ci");
    EXPECT_EQ(nearest_collation("utf8mb4_nopad_bin", my), "utf8mb4_bin");
}

TEST(NearestCollation, AnotherCharacterSetIsNone)
{
    EXPECT_EQ(nearest_collation("gb18030_chinese_ci", target(Family::mariadb, {"gbk_chinese_ci"})),
              std::nullopt);
}

} // namespace
} // namespace slicetool::sql
