#include "schema_fixture.hpp"

namespace slicetool::test {
namespace {

/// What only one family has, sent to the other.
class SchemaAcross : public SchemaTest
{
protected:
    /// The one table `t` is refused, and the reason says so.
    void expect_refused(const std::string& statement, const std::string& reason)
    {
        SCOPED_TRACE(statement);
        m_up->run({statement});
        EXPECT_EQ(pull().exit_status(), 2) << m_told->text();
        EXPECT_THAT(m_told->results["t"].reason, testing::HasSubstr(reason)) << m_told->text();
        m_up->run({"DROP TABLE t"});
    }

    /// `t` comes over, with a sentence; the second run says equal.
    void expect_translated(const std::string& statement, const std::string& sentence)
    {
        SCOPED_TRACE(statement);
        m_up->run({statement});
        EXPECT_EQ(pull().exit_status(), 0) << m_told->text();
        if (!sentence.empty()) {
            EXPECT_THAT(m_told->results["t"].translations,
                        testing::Contains(testing::HasSubstr(sentence)))
                << m_told->text();
        }
        EXPECT_EQ(pull().equal, 1U) << m_told->text();
        m_up->run({"DROP TABLE t"});
        m_down->run({"DROP TABLE t"});
    }
};

class SchemaFromMariaDb : public SchemaAcross
{
};
class SchemaFromMySql : public SchemaAcross
{
};

INSTANTIATE_TEST_SUITE_P(Pairings, SchemaAcross, testing::Values(pairings()[2], pairings()[3]),
                         pairing_name);
INSTANTIATE_TEST_SUITE_P(Pairings, SchemaFromMariaDb, testing::Values(pairings()[2]), pairing_name);
INSTANTIATE_TEST_SUITE_P(Pairings, SchemaFromMySql, testing::Values(pairings()[3]), pairing_name);

TEST_P(SchemaFromMariaDb, TranslatedOrRefused)
{
    expect_refused("CREATE TABLE t (a UUID PRIMARY KEY)", "type uuid exists on MariaDB only");
    expect_refused("CREATE TABLE t (a INET4)", "type inet4");
    expect_refused("CREATE TABLE t (a INET6)", "type inet6");
    expect_refused("CREATE TABLE t (a INT) WITH SYSTEM VERSIONING", "system-versioned");
    expect_refused("CREATE TABLE t (a INT) ENGINE=Aria", "engine Aria");
    expect_refused("CREATE TABLE t (s DATE, e DATE, PERIOD FOR p (s, e))", "PERIOD FOR");
    expect_refused("CREATE TABLE t (a TEXT, UNIQUE KEY u (a))", "unique keys on whole text");
    expect_translated("CREATE TABLE t (j JSON, k JSON DEFAULT '{}' CHECK (json_valid(k)))",
                      "stays LONGTEXT");
    expect_translated("CREATE TABLE t (a VARCHAR(9) COMPRESSED) PAGE_COMPRESSED=1",
                      "COMPRESSED is left out");
    expect_translated("CREATE TABLE t (a VARCHAR(9) COLLATE utf8mb4_uca1400_as_cs PRIMARY KEY)",
                      "It is part of the unique key `PRIMARY`");
    expect_translated("CREATE TABLE t (a VARCHAR(9) COLLATE utf8mb4_uca1400_swedish_nopad_ai_ci)",
                      "becomes utf8mb4_sv_0900_ai_ci");
    expect_translated(
        "CREATE TABLE t (a INT, t TEXT DEFAULT 'x''y', u VARCHAR(40) DEFAULT uuid(), d DATETIME "
        "DEFAULT (now() + INTERVAL 1 DAY), KEY k (a) IGNORED)",
        "");
}

TEST_P(SchemaFromMariaDb, ChecksOfATableWithTheLongestNameComeOver)
{
    std::string name;
    for (int at = 0; at < 64; ++at)
        name += at % 2 == 0 ? "ü" : "t";
    m_up->run({"CREATE TABLE `" + name + "` (a INT CHECK (a > 0), b INT, CHECK (b < a))"});
    EXPECT_EQ(pull().exit_status(), 0) << m_told->text();
    EXPECT_EQ(pull().equal, 1U) << m_told->text();
    EXPECT_THROW(m_down->run({"INSERT INTO `" + name + "` VALUES (0, -1)"}), db::Error);
    EXPECT_THROW(m_down->run({"INSERT INTO `" + name + "` VALUES (1, 2)"}), db::Error);
}

TEST_P(SchemaFromMySql, TranslatedOrRefused)
{
    expect_refused("CREATE TABLE t (a VECTOR(3))", "no VECTOR type");
    expect_refused("CREATE TABLE t (a INT, KEY k ((a + 1)))", "no indexes on expressions");
    expect_refused("CREATE TABLE t (a VARCHAR(9) CHARACTER SET gb18030)", "character set gb18030");
    expect_translated("CREATE TABLE t (j JSON, k JSON DEFAULT (json_array()))",
                      "JSON becomes LONGTEXT");
    expect_translated("CREATE TABLE t (a VARCHAR(9) PRIMARY KEY)",
                      "becomes utf8mb4_uca1400_nopad_ai_ci. It is part of the unique key");
    expect_translated("CREATE TABLE t (a INT, CHECK (a > 0) NOT ENFORCED)",
                      "not enforced and left out");
    expect_translated("CREATE TABLE t (g POINT NOT NULL SRID 4326)", "SRID 4326 is left out");
    expect_translated("CREATE TABLE t (a INT INVISIBLE PRIMARY KEY, b INT)",
                      "INVISIBLE is left out");
    expect_translated(
        "CREATE TABLE t (my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE PRIMARY KEY, "
        "a INT) COMPRESSION='zlib'",
        "COMPRESSION");
    expect_translated(
        "CREATE TABLE t (a INT, l VARCHAR(10) CHARACTER SET latin1, g VARCHAR(20) AS (concat(l, "
        "'x\\\\''')), h INT AS (a * 2 + mod(a, 3)) STORED NOT NULL, w VARCHAR(5) AS (CASE WHEN a "
        "IS "
        "NULL THEN 'n' ELSE 'x' END), CHECK (l NOT LIKE 'a%' OR a BETWEEN 1 AND 5 AND a NOT IN (2, "
        "3)))",
        "");
}

TEST_P(SchemaAcross, ServerErrorsAreTold)
{
    if (upstream_is_mariadb())
        m_up->run({"CREATE TABLE t (a VARCHAR(50), b VARCHAR(50) AS (sformat('{}', a)) STORED)"});
    else
        m_up->run({"CREATE TABLE t (a BINARY(16) DEFAULT (uuid_to_bin(uuid())))"});
    EXPECT_EQ(pull().exit_status(), 2);
    EXPECT_EQ(m_told->results["t"].action, report::SchemaAction::failed);
    EXPECT_THAT(m_told->results["t"].reason, testing::HasSubstr("could not create table `t`"));
}

} // namespace
} // namespace slicetool::test
