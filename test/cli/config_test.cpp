#include "cli/server_fixture.hpp"

#include <fmt/format.h>

/// Config files, as the binary reads them.
namespace slicetool::test {
namespace {

using testing::HasSubstr;

class CliConfig : public CliTest
{
protected:
    /// Endpoints `up` and `down`, then more.
    std::string config(const std::string& rest) const
    {
        const auto endpoint = [](const base::Endpoint& side) {
            return fmt::format("{{socket: {}, user: root, database: {}}}", side.socket,
                               side.database);
        };
        return m_folder.write("c.yaml", fmt::format("endpoints:\n  up: {}\n  down: {}\n{}",
                                                    endpoint(m_up->endpoint()),
                                                    endpoint(m_down->endpoint()), rest));
    }

    TemporaryFolder m_folder;
};

INSTANTIATE_TEST_SUITE_P(Pairings, CliConfig, testing::ValuesIn(pairings()), pairing_name);

TEST_P(CliConfig, AJobRunsWithoutBeingNamedWhenItIsTheOnlyOne)
{
    make_ids(100);
    m_up->run({"UPDATE ids SET v = 'x' WHERE id IN (5, 95)"});
    const auto file = config("jobs:\n  nightly:\n    from: up\n    to: down\n    tables:\n      - "
                             "table: ids\n        where: id < 50\n        outside: keep\n");
    const Ended ended = slicetool({"slice", "--config", file});
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    EXPECT_EQ(ask(*m_down, "SELECT GROUP_CONCAT(id) FROM ids WHERE v = 'x'").at(0), "5 ");
    EXPECT_EQ(downstream_rows().size(), 100U);
}

TEST_P(CliConfig, AProtectedEndpointIsReadButNeverWrittenTo)
{
    make_ids(20);
    m_up->run({"UPDATE ids SET v = 'new' WHERE id = 7"});
    const auto before = downstream_rows();
    const std::string config = m_folder.write(
        "protected.yaml",
        fmt::format("endpoints:\n"
                    "  up: {{socket: {}, user: root, database: {}}}\n"
                    "  down: {{socket: {}, user: root, database: {}, protected: true}}\n",
                    m_up->endpoint().socket, m_up->endpoint().database, m_down->endpoint().socket,
                    m_down->endpoint().database));
    for (const std::string& to : {std::string("down"), down()}) {
        for (const std::string command : {"slice", "pull_schema"}) {
            const Ended ended =
                slicetool({command, "--config", config, "--from", "up", "--to", to});
            EXPECT_EQ(ended.status, 2) << ended.out;
            EXPECT_THAT(ended.err, HasSubstr("marked \"protected: true\""));
        }
        EXPECT_EQ(slicetool({"verify", "--config", config, "--from", "up", "--to", to}).status, 1);
    }
    EXPECT_EQ(downstream_rows(), before);
}

TEST_P(CliConfig, StepsTakeWhatTheirTableSaysUnlessTheySayItThemselves)
{
    make_ids(100);
    m_up->run({"UPDATE ids SET v = 'x' WHERE id IN (5, 60, 95)"});
    m_folder.write("steps.yaml", "steps: {late: {sync: {where: \"id > ${LIMIT}\"}}}\n");
    const auto file =
        config("include: steps.yaml\njobs:\n  j: {from: up, to: down, tables: [{table: "
               "ids, where: id < 10, outside: keep, steps: [sync, late]}]}\n");
    const Ended ended = slicetool({"slice", "--config", file}, {{"LIMIT", "90"}});
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    EXPECT_EQ(ask(*m_down, "SELECT GROUP_CONCAT(id ORDER BY id) FROM ids WHERE v = 'x'").at(0),
              "5,95 ");
    EXPECT_EQ(downstream_rows().size(), 100U);
    EXPECT_THAT(slicetool({"slice", "--config", file}).err,
                HasSubstr("steps.yaml:1:30: The variable 'LIMIT' is not set"));
}

TEST_P(CliConfig, TablesThatAreFilledByQueriesNeedNotExistUpstream)
{
    m_up->run({"CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE b (id INT PRIMARY KEY)",
               "CREATE TABLE c (id INT PRIMARY KEY)"});
    const auto file =
        config("jobs:\n  j: {from: up, to: down, tables: [a, {table: b, steps: [skip]}, "
               "{table: c, steps: [clear]}, {table: totals, steps: [{replace: {query: "
               "SELECT 1 AS n}}]}]}\n");
    const Ended pulled = slicetool({"pull_schema", "--config", file});
    EXPECT_EQ(pulled.status, 0) << pulled.err;
    EXPECT_THAT(pulled.out, HasSubstr("2 tables: 2 created"));
    EXPECT_THAT(slicetool({"check", "--config", file}).err,
                HasSubstr("There is no table totals downstream"));
    m_down->run({"CREATE TABLE totals (n INT PRIMARY KEY)"});
    const Ended sliced = slicetool({"slice", "--config", file});
    EXPECT_EQ(sliced.status, 0) << sliced.err << sliced.out;
    EXPECT_EQ(ask(*m_down, "SELECT n FROM totals").at(0), "1 ");
}

TEST_P(CliConfig, ASkippedTableIsShownAndLeftAlone)
{
    make_ids(10);
    m_up->run({"UPDATE ids SET v = 'x'"});
    const auto file =
        config("jobs:\n  nightly: {from: up, to: down, tables: [{table: ids, skip: true}]}\n");
    const Ended ended = slicetool({"slice", "--config", file, "--job", "nightly"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("SKIPPED"));
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM ids WHERE v = 'x'").at(0), "0 ");
}

TEST_P(CliConfig, TablesThatAreSkippedInEitherWayRestrictNoOther)
{
    for (auto* side : {&m_up, &m_down})
        (*side)->run({"CREATE TABLE customers (id INT PRIMARY KEY, region CHAR(2))",
                      "CREATE TABLE orders (id INT PRIMARY KEY, customer INT)",
                      "INSERT INTO customers VALUES (1, 'EU'), (2, 'US')",
                      "INSERT INTO orders VALUES (10, 1), (20, 2)"});
    for (const std::string skipped : {"skip: true", "steps: [skip]"}) {
        const auto file =
            config("jobs:\n  nightly:\n    from: up\n    to: down\n"
                   "    follow: [orders.customer -> customers.id]\n"
                   "    tables:\n      - {table: customers, where: \"region = 'EU'\", " +
                   skipped + "}\n      - orders\n");
        const Ended ended = slicetool({"slice", "--config", file});
        EXPECT_EQ(ended.status, 0) << ended.err;
        EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM orders").at(0), "2 ") << skipped;
    }
}

TEST_P(CliConfig, OneOfTwoJobsMustBeNamed)
{
    make_ids(10);
    const auto file =
        config("jobs:\n  nightly: {from: up, to: down}\n  weekly: {from: up, to: down}\n");
    const Ended unnamed = slicetool({"slice", "--config", file});
    EXPECT_EQ(unnamed.status, 2);
    EXPECT_EQ(unnamed.out, "");
    EXPECT_THAT(unnamed.err, HasSubstr("--job"));
    EXPECT_THAT(unnamed.err, HasSubstr("2 jobs"));
    EXPECT_EQ(slicetool({"slice", "--config", file, "--job", "weekly"}).status, 0);
    const Ended misspelt = slicetool({"slice", "--config", file, "--job", "weakly"});
    EXPECT_EQ(misspelt.status, 2);
    EXPECT_THAT(misspelt.err, HasSubstr("weekly"));
}

TEST_P(CliConfig, AnErrorTellsFileLineAndColumn)
{
    const auto file = config("jobs:\n  nightly:\n    from: up\n    to: dwon\n    tables:\n      - "
                             "table: ids\n        wher: id < 5\n");
    for (const std::string command : {"slice", "verify", "pull_schema"}) {
        const Ended ended = slicetool({command, "--config", file});
        EXPECT_EQ(ended.status, 2);
        EXPECT_EQ(ended.out, "");
        EXPECT_THAT(ended.err, HasSubstr("c.yaml:7:9"));
        EXPECT_THAT(ended.err, HasSubstr("'down'"));
        EXPECT_THAT(ended.err, HasSubstr("c.yaml:10:9"));
        EXPECT_THAT(ended.err, HasSubstr("'where'"));
    }
}

TEST_P(CliConfig, AnErrorWithJsonIsOneDocument)
{
    const auto file = config("jobs: 7\n");
    const Ended ended = slicetool({"slice", "--config", file, "--json"});
    EXPECT_EQ(ended.status, 2);
    const auto told = document(ended);
    EXPECT_EQ(told["exit_status"], 2);
    EXPECT_THAT(told["failure"].get<std::string>(), HasSubstr("c.yaml:4:7"));
}

TEST_P(CliConfig, AMissingFileIsNamed)
{
    const Ended ended = slicetool({"slice", "--config", "/nowhere/at-all.yaml"});
    EXPECT_EQ(ended.status, 2);
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr("/nowhere/at-all.yaml"));
}

TEST_P(CliConfig, EndpointsOfTheConfigAreUsedByName)
{
    make_ids(10);
    const auto file = config("defaults: {digest: sha256}\n");
    const Ended ended =
        slicetool({"verify", "--config", file, "--from", "up", "--to", "down", "--json"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    const auto told = document(ended);
    EXPECT_EQ(told["run"]["digest"], "sha256");
    EXPECT_THAT(told["run"]["from"].get<std::string>(), testing::StartsWith("up ("));
}

TEST_P(CliConfig, TheCommandLineIsStrongerThanTheJob)
{
    make_ids(3000);
    m_up->run({"DELETE FROM ids WHERE id > 1000"});
    const auto file = config("jobs:\n  nightly: {from: up, to: down, max_delete: 5}\n");
    EXPECT_EQ(slicetool({"slice", "--config", file}).status, 2);
    EXPECT_EQ(downstream_rows().size(), 3000U);
    EXPECT_EQ(slicetool({"slice", "--config", file, "--max-delete", "100%"}).status, 0);
    EXPECT_EQ(downstream_rows().size(), 1000U);
}

} // namespace
} // namespace slicetool::test
