#include "cli/server_fixture.hpp"

#include <fmt/format.h>

/// A job that writes two databases in turn: which one it writes, and when the other one is put in
/// use.
namespace slicetool::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Alternating : public CliTest
{
protected:
    void SetUp() override
    {
        CliTest::SetUp();
        if (m_up == nullptr)
            return;
        for (std::string* name : {&m_a, &m_b, &m_views})
            *name = fmt::format("slicetool_test_turn{}_{}", ++m_made, ::getpid());
        for (const auto& name : {m_a, m_b, m_views})
            m_up->run({"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name});
        m_up->run({k_orders, "CREATE TABLE customers (id INT NOT NULL PRIMARY KEY)",
                   "INSERT INTO orders VALUES (1, 'one'), (2, 'two')",
                   "INSERT INTO customers VALUES (7)"});
        for (const auto& name : {m_a, m_b})
            m_up->run({"CREATE TABLE " + name + ".orders LIKE orders",
                       "CREATE TABLE " + name + ".customers LIKE customers"});
    }

    void TearDown() override
    {
        if (m_up == nullptr)
            return;
        for (const auto& name : {m_a, m_b, m_views})
            m_up->run({"DROP DATABASE IF EXISTS " + name});
    }

    /// The config with `where`: "views: …" or "file: …".
    std::string config(const std::string& where) const
    {
        const auto& server = m_up->endpoint();
        return m_folder.write("turns.yaml",
                              fmt::format("defaults: {{max_delete: 100%}}\n"
                                          "endpoints:\n"
                                          "  live: {{socket: {0}, user: {1}, database: {2}}}\n"
                                          "  copies: {{socket: {0}, user: {1}}}\n"
                                          "jobs:\n  turns:\n    from: live\n    to: copies\n"
                                          "    alternate: {{databases: [{3}, {4}], {5}}}\n",
                                          server.socket, server.user, server.database, m_a, m_b,
                                          where));
    }
    std::string views() const { return config("views: " + m_views); }

    Ended run(const std::string& command, const std::string& file,
              const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> words{command, "--config", file};
        words.insert(words.end(), more.begin(), more.end());
        return slicetool(words);
    }

    /// Without the space that stands after each row's last value.
    static std::vector<std::string> ask(const ScratchDatabase& database, const std::string& query)
    {
        auto rows = CliTest::ask(database, query);
        for (auto& row : rows)
            row.erase(row.find_last_not_of(' ') + 1);
        return rows;
    }

    std::string in_use() const
    {
        return ask(*m_up, "SELECT database_name FROM " + m_views + ".slicetool_current").at(0);
    }
    std::vector<std::string> shown(const std::string& table = "orders") const
    {
        return ask(*m_up, "SELECT * FROM " + m_views + "." + table + " ORDER BY 1");
    }

    static constexpr const char* k_orders =
        "CREATE TABLE orders (id INT NOT NULL PRIMARY KEY, note VARCHAR(20))";
    int m_made = 0;
    std::string m_a;
    std::string m_b;
    std::string m_views;
    TemporaryFolder m_folder;
};

INSTANTIATE_TEST_SUITE_P(
    Servers, Alternating,
    testing::Values(Pairing{"MariaDb", "SLICETOOL_TEST_MARIADB_A", "SLICETOOL_TEST_MARIADB_A"},
                    Pairing{"MySql", "SLICETOOL_TEST_MYSQL_A", "SLICETOOL_TEST_MYSQL_A"}),
    pairing_name);

TEST_P(Alternating, EachRunWritesTheOneThatIsNotInUseAndPutsItInUse)
{
    for (const auto& expected : {m_a, m_b, m_a}) {
        m_up->run({"UPDATE orders SET note = CONCAT(note, '!')"});
        const Ended ended = run("slice", views(), {"--json"});
        ASSERT_EQ(ended.status, 0) << ended.out << ended.err;
        EXPECT_EQ(in_use(), expected);
        EXPECT_EQ(shown(), ask(*m_up, "SELECT * FROM orders ORDER BY 1"));
        EXPECT_EQ(shown(), ask(*m_up, "SELECT * FROM " + expected + ".orders ORDER BY 1"));
        EXPECT_EQ(run("verify", views()).status, 0);
    }
    // Nothing is left beside the views and the name.
    EXPECT_THAT(
        ask(*m_up, "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '" +
                       m_views + "' ORDER BY 1"),
        ElementsAre("customers", "orders", "slicetool_current"));
}

TEST_P(Alternating, WhatDidNotEndWellIsNotPutInUse)
{
    ASSERT_EQ(run("slice", views()).status, 0);
    m_up->run({"INSERT INTO orders VALUES (3, 'new')", "DROP TABLE " + m_b + ".customers"});
    const auto expect_unswitched = [&](const Ended& ended, const std::string& why) {
        EXPECT_EQ(in_use(), m_a);
        EXPECT_EQ(shown().size(), 2U);
        EXPECT_THAT(ended.out + ended.err, HasSubstr(why));
    };
    Ended ended = run("slice", views(), {"--json"}); // a table is missing
    EXPECT_EQ(ended.status, 2);
    expect_unswitched(ended, "not every table was made equal");
    ended = run("slice", views(), {"--json", "--tables", "orders"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    expect_unswitched(ended, "this run left tables of the job out");
    ended = run("slice", views(), {"--json", "--exclude", "customers"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    expect_unswitched(ended, "this run left tables of the job out");
    ended = run("slice", views(), {"--json", "--dry-run", "--tables", "orders"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    expect_unswitched(ended, "this run writes " + m_b);
    EXPECT_EQ(run("pull_schema", views()).status, 0);
    ended = run("slice", views());
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(in_use(), m_b);
    EXPECT_EQ(shown().size(), 3U);
}

TEST_P(Alternating, APointerFileHoldsTheName)
{
    const std::string file = config("file: current");
    EXPECT_EQ(run("verify", file).status, 2); // nothing is in use yet
    ASSERT_EQ(run("slice", file).status, 0);
    EXPECT_EQ(m_folder.read("current"), m_a + "\n");
    ASSERT_EQ(run("slice", file).status, 0);
    EXPECT_EQ(m_folder.read("current"), m_b + "\n");
    m_folder.write("current", "elsewhere\n");
    const Ended lost = run("slice", file);
    EXPECT_EQ(lost.status, 2);
    EXPECT_THAT(lost.err, AllOf(HasSubstr("current the database 'elsewhere' is in use"),
                                HasSubstr("alternates between")));
    EXPECT_EQ(m_folder.read("current"), "elsewhere\n");
}

TEST_P(Alternating, WhatStandsInTheWayOfViewsIsLeftAlone)
{
    m_up->run({"CREATE TABLE " + m_views + ".orders (id INT)",
               "INSERT INTO " + m_views + ".orders VALUES (99)"});
    const Ended ended = run("slice", views());
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, HasSubstr("is left alone"));
    EXPECT_THAT(shown(), ElementsAre("99"));
    m_up->run({"DROP TABLE " + m_views + ".orders",
               "CREATE VIEW " + m_views + ".report AS SELECT 1 AS one",
               "CREATE VIEW " + m_views + ".customers AS SELECT 5 AS five"});
    EXPECT_EQ(run("slice", views()).status, 2);
    EXPECT_THAT(shown("customers"), ElementsAre("5"));
    m_up->run({"DROP VIEW " + m_views + ".customers"});
    EXPECT_EQ(run("slice", views()).status, 0);
    EXPECT_THAT(shown("report"), ElementsAre("1"));
    EXPECT_THAT(shown("customers"), ElementsAre("7"));
}

TEST_P(Alternating, AViewThatWasMadeToShowLessIsLeftAlone)
{
    ASSERT_EQ(run("slice", views()).status, 0);
    for (const std::string narrower : {"SELECT id FROM ", "SELECT * FROM "}) {
        const bool rows = narrower == "SELECT * FROM ";
        m_up->run({"CREATE OR REPLACE VIEW " + m_views + ".orders AS " + narrower + m_a +
                   ".orders" + (rows ? " WHERE id > 1" : "")});
        const auto before = shown();
        const Ended ended = run("slice", views());
        EXPECT_EQ(ended.status, 2);
        EXPECT_THAT(ended.err, HasSubstr("is no view of a whole table of"));
        EXPECT_EQ(shown(), before);
        EXPECT_EQ(in_use(), m_a);
    }
}

TEST_P(Alternating, TablesMayBeAlteredAndHaveInvisibleColumns)
{
    for (const auto& name : {m_up->endpoint().database, m_a, m_b})
        m_up->run({"ALTER TABLE " + name + ".orders ADD hidden INT " +
                   (upstream_is_mariadb() ? "INVISIBLE DEFAULT 1" : "DEFAULT 1 INVISIBLE")});
    ASSERT_EQ(run("slice", views()).status, 0);
    ASSERT_EQ(run("slice", views()).status, 0) << "the views show no hidden column";
    for (const auto& name : {m_up->endpoint().database, m_a, m_b})
        m_up->run({"ALTER TABLE " + name + ".orders ADD another INT"});
    const Ended ended = run("slice", views());
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(in_use(), m_a);
    EXPECT_THAT(ask(*m_up, "SELECT COUNT(another) FROM " + m_views + ".orders"), ElementsAre("0"));
}

TEST_P(Alternating, AsLongAsNobodyKnowsWhichOneIsInUseNoneIsWritten)
{
    ASSERT_EQ(run("slice", views()).status, 0);
    ASSERT_EQ(run("slice", config("file: current")).status, 2) << "there are rows, and no file";
    m_up->run({"DROP VIEW " + m_views + ".slicetool_current", "UPDATE orders SET note = 'new'"});
    for (const auto& file : {views(), config("file: current")}) {
        const Ended ended = run("slice", file);
        EXPECT_EQ(ended.status, 2);
        EXPECT_THAT(ended.err, AllOf(HasSubstr("nobody knows which database is in use"),
                                     HasSubstr(m_a), HasSubstr("holds rows")));
        EXPECT_EQ(ask(*m_up, "SELECT COUNT(*) FROM " + m_a + ".orders WHERE note = 'new'").at(0),
                  "0");
    }
    m_up->run(
        {"CREATE VIEW " + m_views + ".slicetool_current AS SELECT '" + m_a + "' AS database_name"});
    EXPECT_EQ(run("slice", views()).status, 0);
    EXPECT_EQ(in_use(), m_b);
    m_folder.write("current", "\n");
    EXPECT_EQ(run("slice", config("file: current")).status, 0) << "the user says that none is";
    EXPECT_EQ(m_folder.read("current"), m_a + "\n");
}

TEST_P(Alternating, ARunThatBeginsAgainChoosesAnew)
{
    ASSERT_EQ(run("slice", views()).status, 0);
    m_up->run({"INSERT INTO orders VALUES (3, 'new')"});
    Process first(slicetool_words({"slice", "--config", views(), "--retry", "3"}),
                  {{"SLICETOOL_STOP_AT", "connected"}});
    ASSERT_TRUE(first.wait_for_stop());
    for (const auto& id :
         ask(*m_up,
             "SELECT ID FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND "
             "(DB IN ('" +
                 m_a + "', '" + m_b + "', '" + m_up->endpoint().database +
                 "') OR ID = IS_USED_LOCK(CONCAT('slicetool alternate ', LEFT(SHA2(CONCAT('" + m_a +
                 "', '/', '" + m_b + "'), 256), 40))))"))
        m_up->run({"KILL " + id});
    const Ended second = run("slice", views());
    ASSERT_EQ(second.status, 0) << second.err;
    EXPECT_EQ(in_use(), m_b);
    m_up->run({"INSERT INTO orders VALUES (4, 'newer')"});
    first.signal(SIGCONT);
    const Ended ended = first.wait();
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err,
                HasSubstr("Another run has put " + m_b + " in use since this one began"));
    EXPECT_EQ(ask(*m_up, "SELECT COUNT(*) FROM " + m_b + ".orders").at(0), "3");
}

TEST_P(Alternating, ViewsFollowTablesThatComeAndGo)
{
    ASSERT_EQ(run("slice", views()).status, 0);
    m_up->run({"DROP TABLE customers", "DROP TABLE " + m_b + ".customers",
               "ALTER TABLE orders ADD extra INT", "ALTER TABLE " + m_b + ".orders ADD extra INT",
               "CREATE TABLE fresh (id INT NOT NULL PRIMARY KEY)",
               "CREATE TABLE " + m_b + ".fresh LIKE fresh", "INSERT INTO fresh VALUES (1)"});
    const Ended ended = run("slice", views());
    ASSERT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(
        ask(*m_up, "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '" +
                       m_views + "' ORDER BY 1"),
        ElementsAre("fresh", "orders", "slicetool_current"));
    EXPECT_THAT(ask(*m_up, "SELECT COUNT(extra) FROM " + m_views + ".orders"), ElementsAre("0"));
}

TEST_P(Alternating, ARunThatIsKilledLeavesTheOtherOneInUse)
{
    ASSERT_EQ(run("slice", views()).status, 0);
    m_up->run({"INSERT INTO orders VALUES (3, 'new')"});
    Process killed(slicetool_words({"slice", "--config", views()}),
                   {{"SLICETOOL_KILL_AT", "table_finished:2"}});
    EXPECT_EQ(killed.wait().status, 137);
    EXPECT_EQ(in_use(), m_a);
    EXPECT_EQ(shown().size(), 2U);
    EXPECT_EQ(run("slice", views()).status, 0);
    EXPECT_EQ(in_use(), m_b);
    EXPECT_EQ(shown().size(), 3U);
}

TEST_P(Alternating, OneRunAtATime)
{
    Process first(slicetool_words({"slice", "--config", views()}),
                  {{"SLICETOOL_STOP_AT", "connected"}});
    ASSERT_TRUE(first.wait_for_stop());
    const Ended second = run("slice", views());
    EXPECT_EQ(second.status, 75) << second.err;
    EXPECT_THAT(second.err, HasSubstr("another run of slicetool"));
    first.signal(SIGCONT);
    EXPECT_EQ(first.wait().status, 0);
    EXPECT_EQ(in_use(), m_a);
}

TEST_P(Alternating, MissingDatabasesAreNamed)
{
    m_up->run({"DROP DATABASE " + m_b});
    const Ended ended = run("slice", views());
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("has no database " + m_b), HasSubstr("CREATE DATABASE"),
                                 HasSubstr("pull_schema")));
}

TEST_P(Alternating, TheCommandLineMayNameADatabaseItself)
{
    base::Endpoint to = m_up->endpoint();
    to.database = m_b;
    const Ended ended = run("slice", views(), {"--to", to.url()});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ask(*m_up, "SELECT COUNT(*) FROM " + m_b + ".orders").at(0), "2");
    EXPECT_EQ(ask(*m_up, "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '" +
                             m_views + "'")
                  .at(0),
              "0");
}

} // namespace
} // namespace slicetool::test
