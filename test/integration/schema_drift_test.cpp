#include "schema_fixture.hpp"

#include "base/error.hpp"

namespace slicetool::test {
namespace {

class SchemaDrift : public SchemaTest
{
protected:
    /// The downstream table drifts by `statement`; that is found, repaired by --alter, and equal
    /// then.
    void expect_found_and_repaired(const std::string& statement, const char* table = k_table)
    {
        SCOPED_TRACE(statement);
        m_up->run({table});
        ASSERT_EQ(pull().exit_status(), 0) << m_told->text();
        m_down->run({statement});
        EXPECT_EQ(pull().exit_status(), 1) << m_told->text();
        EXPECT_EQ(m_told->results["t"].action, report::SchemaAction::drift) << m_told->text();
        EXPECT_FALSE(m_told->results["t"].drift.empty());
        sync::PullSchemaOptions alter;
        alter.alter = alter.drop_columns = true;
        EXPECT_EQ(pull(alter).exit_status(), 0) << m_told->text();
        EXPECT_EQ(m_told->results["t"].action, report::SchemaAction::altered) << m_told->text();
        EXPECT_EQ(pull().equal, 1U) << m_told->text();
        m_up->run({"DROP TABLE t"});
        m_down->run({"DROP TABLE t"});
    }

    static constexpr const char* k_table =
        "CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT, a INT UNSIGNED NOT NULL DEFAULT 5, b "
        "VARCHAR(20) CHARACTER "
        "SET utf8mb4 COLLATE utf8mb4_general_ci, c DECIMAL(10,2), d TIMESTAMP NULL DEFAULT "
        "CURRENT_TIMESTAMP ON "
        "UPDATE CURRENT_TIMESTAMP, e ENUM('x','y'), f INT AS (a + 1) VIRTUAL, g INT AS (a + 2) "
        "STORED, h INT COMMENT "
        "'h', i INT, PRIMARY KEY (id), UNIQUE KEY u (b), KEY k (a, b(3)), KEY kf (f), CHECK (a < "
        "1000)) "
        "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='t'";
};

INSTANTIATE_TEST_SUITE_P(Pairings, SchemaDrift, testing::ValuesIn(pairings()), pairing_name);

TEST_P(SchemaDrift, ColumnsAreRepaired)
{
    for (const char* statement :
         {"ALTER TABLE t DROP COLUMN i", "ALTER TABLE t DROP COLUMN h, ADD COLUMN z INT FIRST",
          "ALTER TABLE t MODIFY a BIGINT UNSIGNED NOT NULL DEFAULT 5",
          "ALTER TABLE t MODIFY a INT UNSIGNED NULL DEFAULT 5",
          "ALTER TABLE t ALTER a SET DEFAULT 6", "ALTER TABLE t ALTER a DROP DEFAULT",
          "ALTER TABLE t MODIFY c DECIMAL(9,3)",
          "ALTER TABLE t MODIFY b VARCHAR(20) CHARACTER SET latin1",
          "ALTER TABLE t MODIFY b VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
          "ALTER TABLE t MODIFY d TIMESTAMP NULL DEFAULT NULL",
          "ALTER TABLE t MODIFY e ENUM('y','x')", "ALTER TABLE t MODIFY e ENUM('x')",
          "ALTER TABLE t MODIFY h INT COMMENT 'other'",
          "ALTER TABLE t MODIFY h INT INVISIBLE COMMENT 'h'",
          "ALTER TABLE t MODIFY id INT NOT NULL", "ALTER TABLE t MODIFY i INT FIRST",
          "ALTER TABLE t MODIFY id INT NOT NULL AUTO_INCREMENT AFTER i",
          "ALTER TABLE t CHANGE h H INT COMMENT 'h'",
          "ALTER TABLE t CHANGE h renamed INT COMMENT 'h'"})
        expect_found_and_repaired(statement);
}

TEST_P(SchemaDrift, GeneratedColumnsAreRepaired)
{
    for (const char* statement :
         {"ALTER TABLE t DROP COLUMN f, ADD COLUMN f INT AS (a + 9) VIRTUAL AFTER e",
          "ALTER TABLE t DROP COLUMN f, ADD COLUMN f INT AFTER e",
          "ALTER TABLE t DROP COLUMN g, ADD COLUMN g INT AFTER f",
          "ALTER TABLE t DROP COLUMN g, ADD COLUMN g INT AS (a + 2) VIRTUAL AFTER f"})
        expect_found_and_repaired(statement);
}

TEST_P(SchemaDrift, IndexesChecksAndOptionsAreRepaired)
{
    for (const char* statement :
         {"ALTER TABLE t DROP INDEX u", "ALTER TABLE t DROP INDEX k, ADD KEY k (a)",
          "ALTER TABLE t DROP INDEX k, ADD UNIQUE KEY k (a, b(3))",
          "ALTER TABLE t ADD KEY extra (c)", "ALTER TABLE t ADD UNIQUE KEY extra (c)",
          "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)",
          "ALTER TABLE t DROP INDEX k, ADD KEY k (a, b(3)) COMMENT 'c'",
          "ALTER TABLE t ADD CHECK (a <> 3)", "ALTER TABLE t COMMENT='other'",
          "ALTER TABLE t ROW_FORMAT=COMPRESSED", "ALTER TABLE t DEFAULT CHARSET=latin1",
          "ALTER TABLE t STATS_PERSISTENT=1"})
        expect_found_and_repaired(statement);
}

TEST_P(SchemaDrift, EnginesAndPartitionsAreRepaired)
{
    for (const char* statement :
         {"ALTER TABLE t ENGINE=MyISAM", "ALTER TABLE t PARTITION BY KEY (id) PARTITIONS 2",
          "ALTER TABLE t PARTITION BY RANGE (id) (PARTITION `p 0` VALUES LESS THAN (10))"})
        expect_found_and_repaired(statement, "CREATE TABLE t (id INT PRIMARY KEY, a INT)");
    expect_found_and_repaired(
        "ALTER TABLE t REMOVE PARTITIONING",
        "CREATE TABLE t (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2");
}

TEST_P(SchemaDrift, DroppingNeedsLeave)
{
    m_up->run({"CREATE TABLE t (a INT PRIMARY KEY, b INT)"});
    m_down->run({"CREATE TABLE t (a INT PRIMARY KEY, x INT)", "INSERT INTO t VALUES (1, 2)"});
    sync::PullSchemaOptions options;
    options.alter = true;
    EXPECT_EQ(pull(options).exit_status(), 1);
    const auto& result = m_told->results["t"];
    EXPECT_EQ(result.action, report::SchemaAction::drift);
    EXPECT_THAT(result.statements, testing::Each(testing::Not(testing::HasSubstr("DROP COLUMN"))));
    EXPECT_THAT(result.drift, testing::Contains(testing::HasSubstr("needs --drop")));
    options.drop_columns = true;
    EXPECT_EQ(pull(options).exit_status(), 0) << m_told->text();
}

TEST_P(SchemaDrift, DryRunOnlyTells)
{
    m_up->run(
        {"CREATE TABLE missing (a INT PRIMARY KEY)", "CREATE TABLE t (a INT PRIMARY KEY, b INT)"});
    m_down->run({"CREATE TABLE t (a INT PRIMARY KEY)"});
    sync::PullSchemaOptions options;
    options.dry_run = options.alter = true;
    for (int run = 0; run < 2; ++run) {
        EXPECT_EQ(pull(options).exit_status(), 1);
        EXPECT_EQ(m_told->results["missing"].action, report::SchemaAction::would_create);
        EXPECT_EQ(m_told->results["t"].action, report::SchemaAction::would_alter);
        EXPECT_THAT(m_told->results["t"].statements,
                    testing::ElementsAre(testing::HasSubstr("ADD COLUMN `b`")));
    }
}

TEST_P(SchemaDrift, RecreatesOnlyWhatIsNamed)
{
    m_up->run({"CREATE TABLE t (a INT PRIMARY KEY)", "CREATE TABLE u (a INT PRIMARY KEY)"});
    m_down->run({"CREATE TABLE t (a INT, b INT)", "CREATE TABLE u (a INT, b INT)"});
    sync::PullSchemaOptions options;
    options.recreate = {"t"};
    EXPECT_EQ(pull(options).exit_status(), 1);
    EXPECT_EQ(m_told->results["t"].action, report::SchemaAction::recreated);
    EXPECT_EQ(m_told->results["u"].action, report::SchemaAction::drift);
}

TEST_P(SchemaDrift, ForeignKeysAreKeptOnRequest)
{
    m_up->run({"SET foreign_key_checks = 0",
               "CREATE TABLE a (id INT PRIMARY KEY, b INT, CONSTRAINT fa FOREIGN KEY (b) "
               "REFERENCES b (id))",
               "CREATE TABLE b (id INT PRIMARY KEY, a INT, CONSTRAINT fb FOREIGN KEY (a) "
               "REFERENCES a (id) ON "
               "DELETE SET NULL)",
               "CREATE TABLE c (id INT PRIMARY KEY, a INT, CONSTRAINT fc FOREIGN KEY (a) "
               "REFERENCES a (id) ON "
               "DELETE CASCADE)"});
    EXPECT_EQ(pull().exit_status(), 0) << m_told->text();
    EXPECT_EQ(pull().equal, 3U) << m_told->text();
    sync::PullSchemaOptions options;
    options.foreign_keys = sql::ForeignKeys::keep;
    EXPECT_EQ(pull(options).exit_status(), 1);
    EXPECT_THAT(m_told->results["c"].drift,
                testing::ElementsAre(testing::HasSubstr("foreign key is missing downstream")));
    options.alter = true;
    EXPECT_EQ(pull(options).exit_status(), 0) << m_told->text();
    EXPECT_EQ(pull(options).equal, 3U) << m_told->text();
    options.recreate = {"a", "b", "c"};
    EXPECT_EQ(pull(options).exit_status(), 0) << m_told->text();
    options.recreate.clear();
    EXPECT_EQ(pull(options).equal, 3U) << m_told->text();
}

TEST_P(SchemaDrift, NamesAreChecked)
{
    m_up->run({"CREATE TABLE customer (a INT PRIMARY KEY)"});
    sync::PullSchemaOptions options;
    options.tables = {"custmer"};
    try {
        pull(options);
        FAIL() << "no UsageError";
    } catch (const base::UsageError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("Did you mean `customer`?"));
    }
}

TEST_P(SchemaDrift, TriggersAreNotedAndViewsRefused)
{
    m_up->run({"CREATE TABLE t (a INT PRIMARY KEY)", "CREATE TABLE v (a INT PRIMARY KEY)",
               "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1"});
    m_down->run({"CREATE VIEW v AS SELECT 1 AS a"});
    EXPECT_EQ(pull().exit_status(), 2);
    EXPECT_THAT(m_told->notes,
                testing::ElementsAre("Upstream has one trigger on this table (`tr`), which is not "
                                     "copied."));
    EXPECT_THAT(m_told->results["v"].reason, testing::HasSubstr("view"));
}

} // namespace
} // namespace slicetool::test
