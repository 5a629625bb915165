#include "cli/server_fixture.hpp"
#include "report/text.hpp"

#include <fstream>

/// What is remembered of runs, and what becomes of a run whose state cannot be used.
namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class CliRuns : public CliTest
{
protected:
    std::string state() const { return m_folder.path() + "/state/state.sqlite"; }

    Ended remembered(const std::string& command, std::vector<std::string> more = {}) const
    {
        more.insert(more.end(), {"--state", state()});
        return tool(command, more);
    }

    Ended runs(std::vector<std::string> words) const
    {
        words.insert(words.begin(), "runs");
        words.insert(words.end(), {"--state", state()});
        return slicetool(words);
    }

    TemporaryFolder m_folder;
};

INSTANTIATE_TEST_SUITE_P(
    Pairings, CliRuns,
    testing::ValuesIn(pairings_where([](bool up, bool down) { return up == down; })), pairing_name);

TEST_P(CliRuns, ARunIsShownAgainAsItWasTold)
{
    make_ids(3000);
    m_down->run({"UPDATE ids SET v = 'x' WHERE id % 1000 = 17", "DELETE FROM ids WHERE id > 2900"});
    const Ended slice = remembered("slice", {"--json"});
    ASSERT_EQ(slice.status, 0) << slice.err;
    const Ended shown = runs({"show", "last", "--json"});
    ASSERT_EQ(shown.status, 0) << shown.err;
    auto told = document(slice);
    auto again = document(shown);
    EXPECT_EQ(again["tables"][0]["copied"], 103);
    told.erase("started_at"); // a moment apart
    again.erase("started_at");
    EXPECT_EQ(again, told);

    const Ended text = runs({"show", "1"});
    EXPECT_THAT(text.out, HasSubstr("run 1, "));
    EXPECT_THAT(text.out, HasSubstr("exit status 0"));
    EXPECT_THAT(text.out, HasSubstr("MADE EQUAL"));
}

TEST_P(CliRuns, RunsThatFailedAreRememberedAndListed)
{
    make_ids(10);
    EXPECT_EQ(remembered("verify").status, 0);
    m_up->run({"DELETE FROM ids"});
    EXPECT_EQ(remembered("slice").status, 2);
    const Ended lost = slicetool(
        {"slice", "--from", "mysql://root@127.0.0.1:1/shop", "--to", down(), "--state", state()});
    EXPECT_EQ(lost.status, 2);
    const auto list = document(runs({"--json"}))["runs"];
    ASSERT_EQ(list.size(), 3U);
    EXPECT_EQ(list[0]["id"], 3);
    EXPECT_THAT(list[0]["failure"].get<std::string>(), HasSubstr("127.0.0.1:1"));
    EXPECT_EQ(list[1]["outcomes"]["refused"], 1);
    EXPECT_EQ(list[2]["command"], "verify");
    EXPECT_EQ(list[2]["exit_status"], 0);
    EXPECT_EQ(document(runs({"--limit", "1", "--json"}))["runs"].size(), 1U);
    EXPECT_THAT(runs({"show", "3"}).out, HasSubstr("127.0.0.1:1"));

    const Ended text = runs({});
    EXPECT_THAT(text.out, HasSubstr("1 refused"));
    std::istringstream lines(text.out);
    for (std::string line; std::getline(lines, line);)
        EXPECT_LE(report::display_width(line), 80U) << line;
}

TEST_P(CliRuns, PruneForgets)
{
    make_ids(1);
    for (int at = 0; at < 3; ++at)
        EXPECT_EQ(remembered("verify").status, 0);
    EXPECT_EQ(runs({"prune"}).out, "0 runs forgotten.\n");
    EXPECT_EQ(runs({"prune", "--keep", "1"}).out, "2 runs forgotten.\n");
    EXPECT_EQ(document(runs({"--json"}))["runs"].size(), 1U);
    EXPECT_EQ(runs({"show", "1"}).status, 2);
    EXPECT_EQ(runs({"prune", "--older-than", "0s"}).out, "one run forgotten.\n");
    EXPECT_EQ(runs({}).out, "No runs.\n");
    EXPECT_EQ(runs({"prune", "--older-than", "soon"}).status, 2);
}

TEST_P(CliRuns, AStateThatCannotBeUsedIsAWarningAndTheTablesBecomeEqual)
{
    make_ids(100);
    const auto expect_equal_with_warning = [&](const std::string& file, const std::string& words) {
        m_down->run({"DELETE FROM ids WHERE id > 50"});
        const Ended ended = tool("slice", {"--json", "--state", file});
        EXPECT_EQ(ended.status, 0) << ended.err;
        EXPECT_EQ(document(ended)["tables"][0]["outcome"], "made_equal");
        EXPECT_EQ(document(ended)["notes"][0]["severity"], "warning");
        EXPECT_THAT(ended.err, HasSubstr(words));
        EXPECT_THAT(ended.err, HasSubstr("goes on without it"));
        EXPECT_EQ(downstream_rows().size(), 100U);
    };
    const std::string garbage(9000, '?');
    const std::string damaged = m_folder.write("damaged.sqlite", garbage);
    expect_equal_with_warning(damaged, "mv '" + damaged + "'");
    EXPECT_EQ(m_folder.read("damaged.sqlite"), garbage);
    expect_equal_with_warning(damaged + "/below/state.sqlite", "cannot be made");
}

TEST_P(CliRuns, TheConfigMayNameTheFile)
{
    make_ids(10);
    const auto config = m_folder.write(
        "shop.yaml", fmt::format("endpoints:\n  up: {{socket: {}, database: {}}}\n"
                                 "  down: {{socket: {}, database: {}}}\n"
                                 "defaults: {{state: all.sqlite}}\n"
                                 "jobs:\n  one: {{from: up, to: down}}\n"
                                 "  two: {{from: up, to: down, state: two.sqlite}}\n",
                                 m_up->endpoint().socket, m_up->endpoint().database,
                                 m_down->endpoint().socket, m_down->endpoint().database));
    const auto options = m_folder.write("my.cnf", "[client]\nuser = root\n");
    for (const char* job : {"one", "two"})
        EXPECT_EQ(
            slicetool({"verify", "--config", config, "--job", job, "--defaults-file", options})
                .status,
            0);
    const auto jobs = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words = {"runs", "--json", "--config", config};
        words.insert(words.end(), more.begin(), more.end());
        std::string found;
        const auto told = document(slicetool(words));
        for (const auto& run : told["runs"])
            found += run["job"].get<std::string>() + " ";
        return found;
    };
    EXPECT_EQ(jobs({}), "one ");
    EXPECT_EQ(jobs({"--job", "two"}), "two ");
}

TEST_P(CliRuns, LiteLooksAtAllRowsOfATableThatWasTakenBack)
{
    on_both({"CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, amount INT, changed "
             "TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)"});
    const auto upstream_at = [&](int seconds_ago, const std::string& statement) {
        m_up->run({fmt::format("SET timestamp = UNIX_TIMESTAMP() - {}", seconds_ago), statement});
    };
    const std::string undo = m_folder.path() + "/undo";
    const auto slice = [&](std::vector<std::string> more) {
        more.insert(more.end(), {"--undo-dir", undo, "--json"});
        const Ended ended = remembered("slice", more);
        EXPECT_EQ(ended.status, 0) << ended.err;
        return document(ended)["tables"][0];
    };
    upstream_at(9000, "INSERT INTO orders (amount) VALUES (1), (1), (1)");
    slice({});
    slice({"--lite"});
    // A full run, before which the watermark knew less than downstream's latest change now says.
    upstream_at(8000, "UPDATE orders SET amount = 2 WHERE id = 2");
    slice({});
    upstream_at(5000, "UPDATE orders SET amount = 3 WHERE id = 3");
    slice({"--lite"});
    const Ended undone =
        slicetool({"undo", "last", "--undo-dir", undo, "--to", down(), "--state", state()});
    ASSERT_EQ(undone.status, 0) << undone.err;
    EXPECT_EQ(slice({"--lite"})["rows"], 3);
    EXPECT_EQ(slice({"--lite"})["rows"], 1);
    EXPECT_EQ(dump(*m_up, "orders"), dump(*m_down, "orders"));
}

TEST_P(CliRuns, ARunIsTakenBackOnlyIfItIsClearWhichOneIsMeant)
{
    make_ids(20);
    const std::string undo = m_folder.path() + "/undo";
    const std::string other = m_down->endpoint().database + "_other";
    m_down->run({"CREATE DATABASE " + other, "CREATE TABLE " + other + ".ids LIKE ids"});
    base::Endpoint to_other = m_down->endpoint();
    to_other.database = other;
    m_up->run({"UPDATE ids SET v = 'new' WHERE id = 7"});
    for (const auto& to : {m_down->endpoint().url(), to_other.url()}) {
        const Ended ended =
            slicetool({"slice", "--from", up(), "--to", to, "--undo-dir", undo, "--state",
                       m_folder.path() + "/" + std::to_string(to.size())});
        ASSERT_EQ(ended.status, 0) << ended.err;
    }
    for (const std::string run : {"last", "1"}) {
        const Ended ended = slicetool({"undo", run, "--undo-dir", undo, "--no-state"});
        EXPECT_EQ(ended.status, 2);
        EXPECT_THAT(ended.err, HasSubstr("  " + m_down->endpoint().url() + "\n"));
        EXPECT_THAT(ended.err, HasSubstr("  " + to_other.url()));
    }
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM " + other + ".ids").at(0), "20 ");
    const Ended taken =
        slicetool({"undo", "last", "--to", to_other.url(), "--undo-dir", undo, "--no-state"});
    EXPECT_EQ(taken.status, 0) << taken.err;
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM " + other + ".ids").at(0), "0 ");
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM ids WHERE v = 'new'").at(0), "1 ");
    m_down->run({"DROP DATABASE " + other});
}

TEST_P(CliRuns, NothingIsKeptWithNoStateAndNoPasswordEver)
{
    make_ids(10);
    const Process::Environment home{{"XDG_STATE_HOME", m_folder.path()}};
    const auto secret = fmt::format("mysql://root:s3cr3t-w0rd@127.0.0.1:1/x");
    slicetool({"verify", "--from", secret, "--to", down(), "--no-state"}, home);
    EXPECT_FALSE(std::ifstream(m_folder.path() + "/slicetool/state.sqlite").good());
    slicetool({"verify", "--from", secret, "--to", down()}, home);
    EXPECT_THAT(m_folder.read("slicetool/state.sqlite"),
                testing::AllOf(HasSubstr("127.0.0.1"), Not(HasSubstr("s3cr3t"))));
}

} // namespace
} // namespace slicetool::test
