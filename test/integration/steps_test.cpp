#include "integration/steps_fixture.hpp"

/// Steps other than sync and lite, and how the steps of a table follow each other.
namespace slicetool::test {
namespace {

using report::Outcome;
using sync::StepKind;
using testing::HasSubstr;
using testing::Not;

class Steps : public StepsTest
{
protected:
    /// t (id, v, code) with 300 equal rows on both sides.
    void make_t() const
    {
        on_both({"CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(50), code INT UNIQUE)"});
        std::string rows;
        for (int id = 1; id <= 300; ++id)
            rows += fmt::format("{}({}, 'row {}', {})", id == 1 ? "" : ",", id, id, id);
        on_both({"INSERT INTO t VALUES " + rows});
    }

    static sync::RunOptions keys(const std::string& query)
    {
        return with("t", {step(StepKind::keys, query)});
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Steps, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Steps, KeysMakesExactlyTheNamedRowsEqual)
{
    make_t();
    m_up->run({"UPDATE t SET v = 'new' WHERE id IN (10, 20)", "DELETE FROM t WHERE id IN (40, 50)",
               "INSERT INTO t VALUES (1000, 'added', NULL), (1001, 'added', NULL)"});
    m_down->run({"INSERT INTO t VALUES (2000, 'own', NULL)"});
    const auto before = dump(*m_down, "t");
    const auto named = keys("SELECT 10 AS id UNION SELECT 40 UNION SELECT 1000 UNION SELECT 7 "
                            "UNION SELECT 99999 UNION SELECT NULL; ");
    EXPECT_EQ(verify(named).exit_status(), 1);
    expect_counts("t", 1, 1, 1);
    EXPECT_EQ(dump(*m_down, "t"), before);
    EXPECT_EQ(slice(named).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(result("t").outcome, Outcome::lite) << "others were not looked at";
    expect_counts("t", 1, 1, 1);
    EXPECT_EQ(result("t").rows, 3U);
    EXPECT_EQ(result("t").copied, 2U);
    EXPECT_EQ(result("t").deleted, 1U);
    EXPECT_EQ(down("SELECT GROUP_CONCAT(CONCAT(id, v) ORDER BY id) FROM t WHERE id IN "
                   "(7, 10, 20, 40, 50, 1000, 1001, 2000)"),
              "7row 7,10new,20row 20,50row 50,1000added,2000own");
    EXPECT_EQ(slice(named).exit_status(), 0);
    EXPECT_EQ(result("t").outcome, Outcome::lite);
    EXPECT_EQ(result("t").copied, 0U);
    EXPECT_EQ(verify(named).exit_status(), 0);
    EXPECT_EQ(result("t").outcome, Outcome::lite);
}

TEST_P(Steps, KeysDeletesTheOthersIfToldSo)
{
    make_t();
    m_up->run({"UPDATE t SET v = 'new' WHERE id = 10"});
    sync::Step named = step(StepKind::keys, "SELECT id AS key_of_t FROM t WHERE id < 300");
    named.keep_others = false;
    EXPECT_EQ(slice(with("t", {named})).exit_status(), 0) << result("t").reason;
    expect_counts("t", 0, 1, 1);
    EXPECT_EQ(down("SELECT CONCAT(COUNT(*), ' ', MAX(id)) FROM t"), "299 299");
    EXPECT_EQ(verify(with("t", {named})).exit_status(), 0);
}

TEST_P(Steps, KeysHoldsMaxDeleteAndTellsWhereTheRowsAre)
{
    make_t();
    m_up->run({"DELETE FROM t WHERE id > 200"});
    auto named = keys("SELECT 1 AS id UNION SELECT 201 UNION SELECT 202 UNION SELECT 203");
    named.delete_limit.rows = 2;
    EXPECT_EQ(slice(named).exit_status(), 2);
    EXPECT_THAT(result("t").reason, HasSubstr("3 rows exist downstream only"));
    EXPECT_EQ(down("SELECT COUNT(*) FROM t"), "300");
    named.delete_limit.rows = 3;
    EXPECT_EQ(slice(named).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(down("SELECT COUNT(*) FROM t"), "297");
}

TEST_P(Steps, KeysOfSeveralColumnsAndOfText)
{
    on_both({"CREATE TABLE p (lang VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, id INT, "
             "v INT, PRIMARY KEY (lang, id))",
             "INSERT INTO p VALUES ('de', 1, 1), ('de', 2, 1), ('ß', 1, 1), ('zu', 9, 1)"});
    m_up->run({"UPDATE p SET v = 2", "DELETE FROM p WHERE lang = 'zu'"});
    const auto named = with(
        "p", {step(StepKind::keys, "SELECT 'ß', 1 UNION SELECT 'de', 2 UNION SELECT 'zu', 9")});
    EXPECT_EQ(slice(named).exit_status(), 0) << result("p").reason;
    expect_counts("p", 0, 1, 2);
    EXPECT_EQ(down("SELECT GROUP_CONCAT(CONCAT(id, ':', v) ORDER BY lang, id) FROM p"),
              "1:1,2:2,1:2");
}

TEST_P(Steps, KeysSwapsUniqueValuesOfItsRowsAndRefusesThoseOfOthers)
{
    make_t();
    m_up->run({"UPDATE t SET code = -1 WHERE id = 1", "UPDATE t SET code = 1 WHERE id = 300",
               "UPDATE t SET code = 300 WHERE id = 1"});
    EXPECT_EQ(slice(keys("SELECT 1 AS id")).exit_status(), 2);
    EXPECT_EQ(result("t").outcome, Outcome::refused);
    EXPECT_THAT(result("t").reason, HasSubstr("the row with id=300 lies outside the rows to copy"));
    EXPECT_EQ(down("SELECT code FROM t WHERE id = 1"), "1");
    EXPECT_EQ(slice(keys("SELECT 1 AS id UNION SELECT 300")).exit_status(), 0)
        << result("t").reason;
    expect_equal("t");
}

TEST_P(Steps, KeysRefusesAQueryWithoutTheKeyAndTellsOfOneThatFails)
{
    make_t();
    EXPECT_EQ(slice(keys("SELECT v, code FROM t")).exit_status(), 2);
    EXPECT_THAT(result("t").reason,
                HasSubstr("the query gives the columns v, code, and not those of the key, id."));
    on_both({"CREATE TABLE p (a INT, b INT, PRIMARY KEY (a, b))"});
    EXPECT_EQ(slice(with("p", {step(StepKind::keys, "SELECT 1 AS no, 2 AS a")})).exit_status(), 2)
        << "a is not b";
    EXPECT_THAT(result("p").reason, HasSubstr("the query gives the columns no, a, and not those"));
    EXPECT_EQ(slice(keys("SELECT id FROM nowhere")).exit_status(), 2);
    EXPECT_THAT(result("t").reason, HasSubstr("nowhere"));
}

TEST_P(Steps, ReplaceHoldsExactlyTheRowsOfTheQuery)
{
    make_t();
    m_down->run({"CREATE TABLE totals (kind INT PRIMARY KEY, n BIGINT, v VARCHAR(60), "
                 "size ENUM('small', 'large'), flags SET('x', 'y'), at DATETIME(3), "
                 "twice BIGINT AS (n * 2))",
                 "INSERT INTO totals (kind, n) VALUES (1, 100), (77, 7)"});
    const auto options =
        with("totals", {step(StepKind::replace,
                             "SELECT id % 10 AS KIND, COUNT(*) AS n, MAX(v) AS v, "
                             "CASE WHEN id % 10 < 5 THEN 'small' ELSE 'large' END AS size, "
                             "'x,y' AS flags, CAST('2026-01-02 03:04:05.125' AS DATETIME(3)) AS at "
                             "FROM t GROUP BY 1, 4 ORDER BY 1")});
    EXPECT_EQ(verify(options).exit_status(), 1) << result("totals").reason;
    EXPECT_EQ(down("SELECT COUNT(*) FROM totals"), "2");
    EXPECT_EQ(slice(options).exit_status(), 0) << result("totals").reason;
    EXPECT_EQ(result("totals").outcome, Outcome::made_equal);
    EXPECT_EQ(result("totals").rows, 10U);
    EXPECT_EQ(result("totals").copied, 10U);
    EXPECT_EQ(down("SELECT CONCAT_WS(' ', COUNT(*), SUM(n), SUM(twice), MAX(at), SUM(flags + 0), "
                   "SUM(size = 'small'), MAX(v)) FROM totals"),
              "10 300 600 2026-01-02 03:04:05.125 30 5 row 99");
    EXPECT_EQ(verify(options).exit_status(), 0) << result("totals").reason;
    EXPECT_EQ(slice(options).exit_status(), 0);
    EXPECT_EQ(result("totals").outcome, Outcome::equal);
    EXPECT_EQ(result("totals").copied, 0U);
}

TEST_P(Steps, ReplaceIsRolledBackWhenAValueIsNotStoredAsItIs)
{
    m_down->run({"CREATE TABLE sums (id INT PRIMARY KEY, amount DECIMAL(6,2), "
                 "size ENUM('small', 'large'))",
                 "INSERT INTO sums VALUES (1, 5.00, 'small')"});
    const auto refused = [&](const std::string& query) {
        EXPECT_EQ(slice(with("sums", {step(StepKind::replace, query)})).exit_status(), 2) << query;
        EXPECT_EQ(down("SELECT GROUP_CONCAT(CONCAT(id, amount, size)) FROM sums"), "15.00small");
    };
    refused("SELECT 1 AS id, 0.125 AS amount, 'small' AS size");
    EXPECT_THAT(result("sums").reason,
                HasSubstr("1 of the query's 1 rows were not stored as the query gave them"));
    refused("SELECT 1 AS id, 0.12 AS amount, 'huge' AS size");
    refused("SELECT 1 AS id, 0.12 AS amount, 'small' AS size UNION ALL SELECT 1, 0.13, 'small'");
    EXPECT_THAT(result("sums").reason, HasSubstr("collide in a unique key"));
    refused("SELECT 1 AS id, 0.12 AS amount, 'small' AS size LIMIT 0");
    EXPECT_THAT(result("sums").reason, HasSubstr("--allow-empty-upstream"));
    refused("SELECT 1 AS id, 2 AS other");
    EXPECT_THAT(result("sums").reason,
                HasSubstr("the query gives a column other, and downstream has none of that name"));
}

TEST_P(Steps, ReplaceRefusesATableWithoutTransactions)
{
    m_down->run(
        {"CREATE TABLE sums (id INT PRIMARY KEY) ENGINE=MyISAM", "INSERT INTO sums VALUES (1)"});
    EXPECT_EQ(slice(with("sums", {step(StepKind::replace, "SELECT 2 AS id")})).exit_status(), 2);
    EXPECT_EQ(result("sums").outcome, Outcome::refused);
    EXPECT_THAT(result("sums").reason, HasSubstr("its downstream engine, MyISAM, has no trans"));
    EXPECT_EQ(down("SELECT MAX(id) FROM sums"), "1");
}

TEST_P(Steps, KeysThatAreNoneDeleteNoOthersUnlessAllowed)
{
    make_t();
    sync::Step named = step(StepKind::keys, "SELECT id FROM t WHERE id > 10000");
    named.keep_others = false;
    auto options = with("t", {named});
    EXPECT_EQ(slice(options).exit_status(), 2);
    EXPECT_EQ(result("t").outcome, Outcome::refused);
    EXPECT_THAT(result("t").reason, HasSubstr("--allow-empty-upstream"));
    EXPECT_EQ(down("SELECT COUNT(*) FROM t"), "300");
    options.allowances.empty_upstream = true;
    EXPECT_EQ(slice(options).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(down("SELECT COUNT(*) FROM t"), "0");
}

TEST_P(Steps, WhatWasLookedAtInPartStaysSoWhateverStatementsFollow)
{
    make_t();
    EXPECT_EQ(slice(with("t", {step(StepKind::keys, "SELECT 1 AS id"), statements({"SELECT 1"})}))
                  .exit_status(),
              0);
    EXPECT_EQ(result("t").outcome, Outcome::lite);
    EXPECT_THAT(result("t").reason, HasSubstr("Statements ran after the last comparison"));
}

TEST_P(Steps, AConditionMayMatchRowsBeyondDownstreamsLastOnly)
{
    make_t();
    m_down->run({"DELETE FROM t WHERE id > 200"});
    sync::Step window = sync::sync_step({});
    window.choices.where = "id > 250";
    EXPECT_EQ(slice(with("t", {window})).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(down("SELECT CONCAT(MIN(id), '-', MAX(id)) FROM t"), "251-300");
}

TEST_P(Steps, ReplaceHoldsMaxDelete)
{
    make_t();
    auto options = with("t", {step(StepKind::replace, "SELECT id, v, code FROM t WHERE id < 200")});
    options.delete_limit.rows = 100;
    EXPECT_EQ(slice(options).exit_status(), 2);
    EXPECT_EQ(result("t").outcome, Outcome::refused) << result("t").reason;
    options.delete_limit.rows = 101;
    EXPECT_EQ(slice(options).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(result("t").deleted, 101U);
    EXPECT_EQ(down("SELECT COUNT(*) FROM t"), "199");
}

TEST_P(Steps, ClearEmptiesTheTableAndVerifyTellsWhatIsLeft)
{
    make_t();
    const auto options = with("t", {step(StepKind::clear)});
    EXPECT_EQ(verify(options).exit_status(), 1);
    expect_counts("t", 0, 300, 0);
    EXPECT_EQ(slice(options).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(result("t").outcome, Outcome::done);
    EXPECT_EQ(result("t").deleted, 300U);
    EXPECT_EQ(down("SELECT COUNT(*) FROM t"), "0");
    EXPECT_EQ(up("SELECT COUNT(*) FROM t"), "300");
    EXPECT_EQ(verify(options).exit_status(), 0);
}

TEST_P(Steps, StepsFollowEachOtherAndTheirResultsAddUp)
{
    make_t();
    const auto options = with(
        "t", {statements({"CREATE TABLE seen AS SELECT COUNT(*) AS n FROM t", "SELECT id FROM t",
                          "SHOW TABLES", "CREATE PROCEDURE list_t() SELECT id FROM t",
                          "CALL list_t()", "ALTER TABLE seen ADD m VARCHAR(9)"}),
              step(StepKind::clear), sync::sync_step({}),
              statements({"UPDATE seen SET m = 'ß', n = n + (SELECT COUNT(*) FROM t)"})});
    EXPECT_EQ(dry_run(options).exit_status(), 1);
    EXPECT_THAT(m_seen->text(), HasSubstr("Would run 6 statements downstream."));
    EXPECT_EQ(slice(options).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(result("t").outcome, Outcome::done) << "nobody knows what statements do";
    EXPECT_THAT(result("t").reason, HasSubstr("Statements ran after the last comparison"));
    expect_counts("t", 300, 300, 0);
    EXPECT_EQ(down("SELECT CONCAT(n, CHAR_LENGTH(m)) FROM seen"), "6001");
    EXPECT_EQ(verify(options).exit_status(), 0) << result("t").reason;
    expect_equal("t");
}

TEST_P(Steps, AStepThatFailsEndsTheTableAndIsNamed)
{
    make_t();
    sync::Step failing = statements(
        {"UPDATE t SET v = 'ran' WHERE id = 1", "GRANT WHAT TO me IDENTIFIED BY 'pa55'"});
    failing.place = "shop.yaml:7";
    EXPECT_EQ(slice(with("t", {failing, statements({"UPDATE t SET v = 'too far'"})})).exit_status(),
              2);
    EXPECT_EQ(result("t").outcome, Outcome::failed);
    EXPECT_THAT(result("t").reason,
                HasSubstr("Step 1 of 2 (sql, shop.yaml:7): Statement 2 of 2 failed on mysql://"));
    EXPECT_THAT(result("t").reason, Not(HasSubstr("pa55")));
    EXPECT_EQ(down("SELECT GROUP_CONCAT(v) FROM t WHERE id < 3"), "ran,row 2");
}

TEST_P(Steps, StatementsThatGiveTheTableATriggerEndItBeforeRowsAreWritten)
{
    make_t();
    m_up->run({"UPDATE t SET v = 'new' WHERE id = 10"});
    m_down->run({"CREATE TABLE fired (id INT)"});
    auto options = with("t", {statements({"CREATE TRIGGER seen AFTER INSERT ON t FOR EACH ROW "
                                          "INSERT INTO fired VALUES (NEW.id)",
                                          "SELECT 1"}),
                              statements({"INSERT INTO fired VALUES (-1)"}), sync::sync_step({})});
    EXPECT_EQ(slice(options).exit_status(), 2);
    EXPECT_EQ(result("t").outcome, Outcome::refused);
    EXPECT_THAT(result("t").reason,
                HasSubstr("Step 3 of 3 (sync): Table t has triggers downstream (seen)"));
    EXPECT_EQ(down("SELECT GROUP_CONCAT(id) FROM fired"), "-1");

    m_down->run({"DROP TRIGGER seen"});
    options.allowances.triggers = true;
    EXPECT_EQ(slice(options).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(down("SELECT GROUP_CONCAT(id ORDER BY id) FROM fired"), "-1,-1,10");
}

TEST_P(Steps, OfAnEngineThatStatementsChooseIsWarned)
{
    make_t();
    const auto options =
        with("t", {statements({"ALTER TABLE t ENGINE = MyISAM"}), sync::sync_step({}),
                   statements({"SELECT 1"}), sync::sync_step({})});
    EXPECT_EQ(slice(options).exit_status(), 0) << result("t").reason;
    EXPECT_THAT(m_seen->notes, testing::Contains(HasSubstr("Downstream's table has the engine "
                                                           "MyISAM"))
                                   .Times(1));
}

TEST_P(Steps, StatementsMayAlterTablesThatComeLater)
{
    make_t();
    on_both({"CREATE TABLE sizes (id INT PRIMARY KEY, size ENUM('small', 'large'))",
             "INSERT INTO sizes VALUES (1, 'small'), (2, 'large')",
             "CREATE TABLE gone (id INT PRIMARY KEY)", "INSERT INTO gone VALUES (1)",
             "CREATE TABLE watched (id INT PRIMARY KEY)"});
    m_up->run({"INSERT INTO watched VALUES (1)"});
    auto options = with(
        "t", {sync::sync_step({}),
              statements({"ALTER TABLE sizes MODIFY size ENUM('large', 'small')",
                          "UPDATE sizes SET size = IF(size = 'small', 'large', 'small')",
                          "DROP TABLE gone",
                          "CREATE TRIGGER seen AFTER INSERT ON watched FOR EACH ROW SET @n = 1"})});
    for (const char* table : {"sizes", "gone", "watched"})
        options.tables.push_back({table, {sync::sync_step({})}, std::nullopt, ""});
    EXPECT_EQ(slice(options).exit_status(), 2);
    EXPECT_NE(result("sizes").outcome, Outcome::equal) << "the numbers are, the labels are not";
    EXPECT_EQ(result("gone").outcome, Outcome::refused);
    EXPECT_THAT(result("gone").reason, HasSubstr("There is no table gone downstream"));
    EXPECT_EQ(result("watched").outcome, Outcome::refused);
    EXPECT_THAT(result("watched").reason, HasSubstr("has triggers downstream"));
    EXPECT_EQ(down("SELECT COUNT(*) FROM watched"), "0");
}

TEST_P(Steps, ATableThatItsOwnStatementsDropRefersToNothing)
{
    on_both({"CREATE TABLE parent (id INT PRIMARY KEY)",
             "CREATE TABLE child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES "
             "parent (id))"});
    m_up->run({"INSERT INTO parent VALUES (1)", "INSERT INTO child VALUES (1, 1)"});
    auto options = with("parent", {sync::sync_step({})});
    options.tables.push_back(
        {"child", {sync::sync_step({}), statements({"DROP TABLE child"})}, std::nullopt, ""});
    EXPECT_EQ(slice(options).exit_status(), 0) << result("child").reason;
    EXPECT_THAT(m_seen->notes, Not(testing::Contains(HasSubstr("foreign key"))));
}

TEST_P(Steps, SkippedStepsDoNothing)
{
    make_t();
    m_up->run({"DELETE FROM t WHERE id = 1"});
    EXPECT_EQ(slice(with("t", {step(StepKind::skip)})).exit_status(), 0);
    EXPECT_EQ(result("t").outcome, Outcome::skipped);
    EXPECT_EQ(down("SELECT COUNT(*) FROM t"), "300");
}

/// More rows than one query of candidates gives, and than one transaction takes.
class ManyKeys : public StepsTest
{
};

INSTANTIATE_TEST_SUITE_P(
    Pairings, ManyKeys,
    testing::ValuesIn(pairings_where([](bool up, bool down) { return up == down; })), pairing_name);

TEST_P(ManyKeys, AreLookedAtInPortionsAndSwapUniqueValuesAcrossThem)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, v INT NULL, code INT UNIQUE)",
             "INSERT INTO t (v) VALUES (1), (1), (1), (1), (1)"});
    for (int doubled = 0; doubled < 13; ++doubled)
        on_both({"INSERT INTO t (v) SELECT v FROM t"});
    on_both({"UPDATE t SET code = id"});
    m_up->run({"UPDATE t SET v = 2 WHERE id % 7 = 0",
               "UPDATE t SET code = 1000000 WHERE id = (SELECT m FROM (SELECT MAX(id) AS m FROM t) "
               "q)",
               "UPDATE t SET code = (SELECT m FROM (SELECT MAX(id) AS m FROM t) q) WHERE id = 1"});
    EXPECT_EQ(slice(with("t", {step(StepKind::keys, "SELECT id FROM t")})).exit_status(), 0)
        << result("t").reason;
    EXPECT_EQ(result("t").rows, 40960U);
    EXPECT_EQ(std::to_string(result("t").changed),
              up("SELECT COUNT(*) FROM t WHERE v = 2 OR code <> id"));
    expect_equal("t");
}

} // namespace
} // namespace slicetool::test
