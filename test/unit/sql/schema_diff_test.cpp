#include "sql/schema_diff.hpp"

#include "parsed_table.hpp"

#include <gmock/gmock.h>

namespace slicetool::sql {
namespace {

std::string create(const std::string& entries, const std::string& options = "")
{
    return "CREATE TABLE `t` (" + entries +
           ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci" + options;
}

std::vector<Drift> diff(const std::string& wanted, const std::string& found,
                        ForeignKeys foreign_keys = ForeignKeys::leave_out)
{
    return diff_schema(mariadb(create(wanted)), mariadb(create(found)), foreign_keys);
}

std::vector<std::string> sentences(const std::vector<Drift>& drifts)
{
    std::vector<std::string> result;
    for (const auto& drift : drifts)
        result.push_back(drift.sentence);
    return result;
}

std::vector<std::string> alter(const std::string& wanted, const std::string& found,
                               Drops drops = Drops::allow)
{
    return build_alter_table("t", diff(wanted, found), drops);
}

TEST(SchemaDiff, EqualDefinitionsDoNotDrift)
{
    const char* const entries =
        "`a` int(11) NOT NULL, `b` varchar(9) DEFAULT 'x', PRIMARY KEY (`a`), KEY `k` (`b`)";
    EXPECT_THAT(diff(entries, entries), testing::IsEmpty());
    EXPECT_THAT(diff("`a` int(11) DEFAULT NULL", "`a` int DEFAULT NULL"), testing::IsEmpty());
}

TEST(SchemaDiff, ForeignKeysCountOnlyWhenKept)
{
    const char* const with = "`a` int(11) NOT NULL, CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES "
                             "`o` (`x`) ON DELETE CASCADE";
    const char* const without = "`a` int(11) NOT NULL";
    EXPECT_THAT(diff(with, without), testing::IsEmpty());
    EXPECT_THAT(sentences(diff(with, without, ForeignKeys::keep)),
                testing::ElementsAre(
                    "a foreign key is missing downstream: CONSTRAINT `f` FOREIGN KEY (`a`) "
                    "REFERENCES `o` (`x`) ON DELETE CASCADE."));
    EXPECT_THAT(build_alter_table("t", diff(without, with, ForeignKeys::keep), Drops::refuse),
                testing::ElementsAre("ALTER TABLE `t`\n  DROP FOREIGN KEY `f`"));
}

TEST(SchemaDiff, TypeChangesAreDataDrift)
{
    const auto drifts = diff("`a` int(11) NOT NULL", "`a` bigint(20) DEFAULT NULL");
    EXPECT_THAT(sentences(drifts),
                testing::ElementsAre(
                    "column `a` differs in type, nullability: upstream `a` int(11) NOT NULL, "
                    "downstream `a` bigint(20) DEFAULT NULL."));
    EXPECT_EQ(drifts[0].effect, DriftEffect::data);
    EXPECT_FALSE(drifts[0].drops);
}

TEST(SchemaDiff, CommentsAndIndexesAreHarmless)
{
    const auto drifts =
        diff("`a` int(11) NOT NULL COMMENT 'x', KEY `k` (`a`)", "`a` int(11) NOT NULL");
    EXPECT_THAT(sentences(drifts),
                testing::ElementsAre(
                    "column `a` differs in comment: upstream `a` int(11) NOT NULL COMMENT 'x', "
                    "downstream `a` int(11) NOT NULL.",
                    "index `k` is missing downstream; upstream has KEY `k` (`a`)."));
    for (const auto& drift : drifts)
        EXPECT_EQ(drift.effect, DriftEffect::harmless);
}

TEST(SchemaDiff, StricterUniqueKeysAreDataDrift)
{
    const auto drifts = diff("`a` int(11) NOT NULL", "`a` int(11) NOT NULL, UNIQUE KEY `u` (`a`)");
    ASSERT_EQ(drifts.size(), 1U);
    EXPECT_EQ(drifts[0].effect, DriftEffect::data);
}

TEST(SchemaDiff, OneAlterForAll)
{
    EXPECT_THAT(
        alter("`a` int(11) NOT NULL, `b` int(11) NOT NULL, `c` text NOT NULL, PRIMARY KEY (`a`), "
              "KEY `k` (`b`)",
              "`a` int(11) NOT NULL, `x` int(11) NOT NULL, `c` blob NOT NULL, PRIMARY KEY (`a`), "
              "KEY `k` "
              "(`a`), KEY `o` (`x`)"),
        testing::ElementsAre(
            "ALTER TABLE `t`\n  DROP INDEX `k`,\n  DROP INDEX `o`,\n  DROP COLUMN `x`,\n  "
            "ADD COLUMN `b` int(11) NOT NULL AFTER `a`,\n  MODIFY COLUMN `c` text CHARACTER "
            "SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,\n  ADD KEY `k` (`b`)"));
}

TEST(SchemaDiff, DropsNeedLeave)
{
    const char* const wanted = "`a` int(11) NOT NULL";
    const char* const found = "`a` int(11) NOT NULL, `x` int(11) NOT NULL";
    EXPECT_THAT(alter(wanted, found, Drops::refuse), testing::IsEmpty());
    EXPECT_THAT(alter(wanted, found), testing::ElementsAre("ALTER TABLE `t`\n  DROP COLUMN `x`"));
}

TEST(SchemaDiff, AsFewColumnsMoveAsPossible)
{
    const char* const wanted =
        "`a` int NOT NULL, `b` int NOT NULL, `c` int NOT NULL, `d` int NOT NULL";
    EXPECT_THAT(
        alter(wanted, "`d` int NOT NULL, `a` int NOT NULL, `b` int NOT NULL, `c` int NOT NULL"),
        testing::ElementsAre("ALTER TABLE `t`\n  MODIFY COLUMN `d` int NOT NULL AFTER `c`"));
    EXPECT_THAT(
        alter(wanted, "`b` int NOT NULL, `c` int NOT NULL, `d` int NOT NULL, `a` int NOT NULL"),
        testing::ElementsAre("ALTER TABLE `t`\n  MODIFY COLUMN `a` int NOT NULL FIRST"));
}

TEST(SchemaDiff, GeneratedColumnsAreMadeAnewWithTheirIndexes)
{
    const char* const rest = ", KEY `k` (`g`)";
    const std::string wanted =
        std::string("`a` int, `g` int GENERATED ALWAYS AS (`a` + 1) VIRTUAL") + rest;
    EXPECT_THAT(alter(wanted,
                      std::string("`a` int, `g` int GENERATED ALWAYS AS (`a` + 1) STORED") + rest,
                      Drops::refuse),
                testing::ElementsAre(
                    "ALTER TABLE `t`\n  DROP INDEX `k`,\n  DROP COLUMN `g`,\n  ADD COLUMN `g` int "
                    "GENERATED ALWAYS AS (`a` + 1) VIRTUAL AFTER `a`,\n  ADD KEY `k` (`g`)"));
}

TEST(SchemaDiff, ChecksMatchByMeaning)
{
    EXPECT_THAT(diff("`a` int, CONSTRAINT `x` CHECK (`a` > 0)",
                     "`a` int, CONSTRAINT `y` CHECK ((`a` > 0))"),
                testing::IsEmpty());
    EXPECT_THAT(
        alter("`a` int, CONSTRAINT `x` CHECK (`a` > 1)", "`a` int, CONSTRAINT `x` CHECK (`a` > 0)"),
        testing::ElementsAre(
            "ALTER TABLE `t`\n  DROP CONSTRAINT `x`,\n  ADD CONSTRAINT `x` CHECK (`a` > 1)"));
    EXPECT_THAT(alter("`a` int CHECK (`a` > 1)", "`a` int"),
                testing::ElementsAre("ALTER TABLE `t`\n  MODIFY COLUMN `a` int CHECK (`a` > 1)"));
}

TEST(SchemaDiff, OptionsAndPartitions)
{
    const auto drifts =
        diff_schema(mariadb(create("`a` int", " COMMENT='x' PARTITION BY HASH (`a`)")),
                    mariadb(create("`a` int", " ROW_FORMAT=COMPRESSED STATS_PERSISTENT=1")),
                    ForeignKeys::leave_out);
    EXPECT_THAT(build_alter_table("t", drifts, Drops::refuse),
                testing::ElementsAre("ALTER TABLE `t`\n  ROW_FORMAT=DEFAULT,\n  COMMENT='x',\n  "
                                     "STATS_PERSISTENT=DEFAULT",
                                     "ALTER TABLE `t`\n  PARTITION BY HASH (`a`)"));
}

} // namespace
} // namespace slicetool::sql
