#include "cli/server_fixture.hpp"

#include <csignal>
#include <fmt/format.h>
#include <unistd.h>

/// What a job says is checked on both servers before anything is done.
namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class CliJobCheck : public CliTest
{
protected:
    /// A job between the two databases; the tables begin on line 8.
    std::string job(const std::string& tables, const std::string& user = "root") const
    {
        const auto endpoint = [](const base::Endpoint& side, const std::string& who) {
            return fmt::format("{{socket: {}, user: {}, database: {}}}", side.socket, who,
                               side.database);
        };
        return m_folder.write("c.yaml",
                              fmt::format("endpoints:\n  up: {}\n  down: {}\njobs:\n  j:\n    "
                                          "from: up\n    to: down\n    tables:\n{}",
                                          endpoint(m_up->endpoint(), "root"),
                                          endpoint(m_down->endpoint(), user), tables));
    }

    std::string upstream() const { return "up (" + m_up->endpoint().url() + ")"; }
    std::string downstream() const { return "down (" + m_down->endpoint().url() + ")"; }
    std::string place(int line) const
    {
        return fmt::format("{}/c.yaml:{}: ", m_folder.path(), line);
    }

    TemporaryFolder m_folder;
};

INSTANTIATE_TEST_SUITE_P(Pairings, CliJobCheck, testing::ValuesIn(pairings()), pairing_name);

TEST_P(CliJobCheck, TellsEverythingAtOnceAndWritesNothing)
{
    make_ids(10);
    m_up->run({"CREATE TABLE only_up (id INT PRIMARY KEY)", "DELETE FROM ids WHERE id = 3"});
    const auto before = downstream_rows();
    const std::string file = job("      - idz\n"                                     // 9
                                 "      - only_up\n"                                 // 10
                                 "      - table: ids\n"                              // 11
                                 "        where: idd > 5\n"                          // 12
                                 "        steps:\n"                                  // 13
                                 "          - sync: {key: [v]}\n"                    // 14
                                 "          - lite\n"                                // 15
                                 "          - lite: {column: v}\n"                   // 16
                                 "          - lite: {column: vv}\n"                  // 17
                                 "          - keys: {query: SELECT nix FROM ids}\n"  // 18
                                 "          - sql: [SELEKT 1, DROP TABLE not_yet]\n" // 19
                                 "          - sync: {columns: {exclude: [w]}}\n"
                                 "          - keys: {query: \"SELECT 1, 2\"}\n"); // 20
    for (const std::string command : {"slice", "check", "verify"}) {
        const Ended ended = slicetool({command, "--config", file});
        EXPECT_EQ(ended.status, 2) << ended.out;
        const auto has = [&](int line, const std::string& sentence) {
            EXPECT_THAT(ended.err, HasSubstr(place(line) + sentence)) << command;
        };
        EXPECT_THAT(ended.err,
                    HasSubstr(place(9) + upstream() + " has no table idz; did you mean ids?"));
        has(9, "There is no table idz downstream: create it with pull_schema first.");
        has(10, "There is no table only_up downstream");
        for (const int line : {14, 15, 16, 17, 18, 20})
            has(line, "Table ids: the condition in 'where' is not taken by " + upstream() +
                          ": Unknown column 'idd' in");
        has(14, "Table ids: The key (v) cannot be used (there is no such unique key).");
        has(16, "Table ids: column v is varchar(40), neither a TIMESTAMP nor a DATETIME");
        has(17, "Table ids: upstream has no column vv, so that a lite step cannot find");
        has(18, "Table ids: the query is not taken by " + upstream() + ": Unknown column 'nix' in");
        has(19, "Table ids: statement 1 of 'sql' is not the SQL that " + downstream() +
                    " understands.");
        EXPECT_THAT(ended.err, Not(HasSubstr("SELEKT")));
        has(20, "Table ids has no column w to exclude, on either side.");
        has(21, "Table ids: the query gives the columns 1, 2, and not those of the key, id.");
        EXPECT_THAT(ended.err, Not(HasSubstr("not_yet")));
        EXPECT_THAT(ended.err, HasSubstr("Nothing was compared or written."));
    }
    EXPECT_EQ(downstream_rows(), before);
}

TEST_P(CliJobCheck, AConditionThatKeepsRowsIsAskedDownstreamToo)
{
    make_ids(3);
    m_up->run({"ALTER TABLE ids ADD COLUMN here INT"});
    const auto told = [&](const std::string& outside) {
        return slicetool(
            {"check", "--config",
             job("      - {table: ids, where: here > 5, outside: " + outside + "}\n")});
    };
    EXPECT_THAT(told("keep").err, HasSubstr(place(9) +
                                            "Table ids: the condition in 'where' is not "
                                            "taken by " +
                                            downstream() + ": Unknown column 'here' in"));
    EXPECT_EQ(told("delete").status, 0);
}

TEST_P(CliJobCheck, ALiteStepByAMaskedColumnIsRefused)
{
    on_both({"CREATE TABLE users (id INT PRIMARY KEY, seen DATETIME NULL)"});
    m_up->run({"INSERT INTO users VALUES (1, '2026-01-31 03:15:00')"});
    const auto file = job("      - table: users\n"           // 9
                          "        mask: {seen: constant}\n" // 10
                          "        steps:\n"
                          "          - lite: {column: seen}\n"); // 12
    for (const std::string command : {"check", "slice"}) {
        const Ended ended = slicetool({command, "--config", file});
        EXPECT_EQ(ended.status, 2) << ended.out;
        EXPECT_THAT(ended.err, HasSubstr(place(12) + "Table users: a lite step would find changed "
                                                     "rows by column seen, which is masked"));
    }
    EXPECT_TRUE(downstream_rows("users").empty());
}

TEST_P(CliJobCheck, APermittedJobIsToldSo)
{
    make_ids(10);
    m_up->run({"DELETE FROM ids WHERE id = 3"});
    const auto before = downstream_rows();
    const auto file =
        job("      - {table: ids, where: id < 100 -- all, outside: keep, key: [id]}\n");
    const Ended ended = slicetool({"check", "--config", file});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("Both servers take what is said of one table."));
    EXPECT_EQ(downstream_rows(), before);
}

TEST_P(CliJobCheck, NamesMissingPrivilegesAsGrants)
{
    make_ids(3);
    on_both({"CREATE TABLE others (id INT PRIMARY KEY)"});
    const std::string user = "slicetool_" + std::to_string(::getpid());
    m_down->run(
        {"DROP USER IF EXISTS " + user + "@localhost", "CREATE USER " + user + "@localhost",
         fmt::format("GRANT SELECT ON `{}`.* TO {}@localhost", m_down->endpoint().database, user)});
    const Ended ended = slicetool(
        {"check", "--config", job("      - ids\n      - others\n", user), "--allow-triggers"});
    m_down->run({"DROP USER " + user + "@localhost"});
    EXPECT_EQ(ended.status, 2) << ended.out;
    EXPECT_THAT(ended.err, HasSubstr(place(9) + "Table ids: downstream's user may not write it"));
    EXPECT_THAT(ended.err, HasSubstr("GRANT INSERT, DELETE ON"));
    EXPECT_THAT(ended.err, HasSubstr(place(10) + "Table others: downstream's user may not"));
}

TEST_P(CliJobCheck, LeavesUpstreamFreeToBeAltered)
{
    make_ids(10);
    on_both({"CREATE TABLE later (id INT PRIMARY KEY)", "INSERT INTO later VALUES (1)"});
    const auto file = job("      - ids\n      - {table: later, where: id > 0}\n");
    Process run(slicetool_words({"slice", "--config", file}),
                {{"SLICETOOL_STOP_AT", "table_planned:1"}});
    ASSERT_TRUE(run.wait_for_stop());
    m_up->run({"SET SESSION lock_wait_timeout = 1", "ALTER TABLE later ADD COLUMN v INT"});
    run.signal(SIGCONT);
    const Ended ended = run.wait();
    EXPECT_EQ(ended.status, 2) << ended.out; // it was altered after the run had begun
    EXPECT_THAT(ended.out, HasSubstr("ids "));
    EXPECT_THAT(ended.out, HasSubstr("EQUAL"));
}

} // namespace
} // namespace slicetool::test
