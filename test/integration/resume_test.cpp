#include "cli/page.hpp"
#include "integration/fault_fixture.hpp"

#include "state/file.hpp"
#include <SQLiteCpp/SQLiteCpp.h>
#include <nlohmann/json.hpp>

/// A slice that goes on where another one was ended; and one that begins again by itself.
namespace slicetool::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// `ids` with 30,000 rows, equal on both sides.
class Resume : public FaultTest
{
protected:
    static constexpr int k_ids = 30'000;

    void SetUp() override
    {
        FaultTest::SetUp();
        if (m_up == nullptr || IsSkipped())
            return;
        on_both({"CREATE TABLE ids (id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(40))"});
        on_both(numbered("ids", k_ids));
    }

    std::string state() const { return m_folder.path() + "/state.sqlite"; }

    std::vector<std::string> words(const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> all = {"slice", "--json", "--state", state(), "--from",
                                        m_up->endpoint().url(), "--to", m_down->endpoint().url(),
                                        // 600 ranges, in several statements
                                        "--zoom", "50,1"};
        all.insert(all.end(), more.begin(), more.end());
        return slicetool_words(all);
    }

    /// Ended in the midst of the comparison, after so many statements.
    void interrupt_at(int statements, const std::vector<std::string>& more = {})
    {
        Process slice(words(more),
                      {{"SLICETOOL_STOP_AT", fmt::format("ranges_compared:{}", statements)}});
        ASSERT_TRUE(slice.wait_for_stop());
        slice.signal(SIGTERM);
        slice.signal(SIGCONT);
        ASSERT_EQ(slice.wait().status, 130);
    }

    json run(const std::vector<std::string>& more = {}, int status = 0) const
    {
        const Ended ended = Process(words(more)).wait();
        EXPECT_EQ(ended.status, status) << ended.err << ended.out;
        return json::parse(ended.out, nullptr, false);
    }

    static std::string notes(const json& told)
    {
        std::string text;
        for (const auto& note : told["notes"])
            text += note["sentence"].get<std::string>() + "\n";
        return text;
    }

    bool equal(const std::string& table = "ids") const
    {
        const auto query = "SELECT * FROM " + table + " ORDER BY 1";
        return ask(*m_up, query) == ask(*m_down, query);
    }

    TemporaryFolder m_folder;
};

INSTANTIATE_TEST_SUITE_P(Pairings, Resume, testing::ValuesIn(pairings_where([](bool up, bool down) {
                             return up == down;
                         })),
                         pairing_name);

TEST_P(Resume, GoesOnWhereTheProofsEnd)
{
    m_down->run({"UPDATE ids SET v = 'x' WHERE id = 29999"});
    interrupt_at(3);
    m_up->run({"UPDATE ids SET v = 'changed since' WHERE id = 5"});
    const auto told = run({"--resume"});
    const auto& table = told["tables"][0];
    EXPECT_EQ(table["outcome"], "resumed");
    EXPECT_EQ(table["rows"], k_ids);
    EXPECT_EQ(table["changed"], 1);
    EXPECT_THAT(table["reason"].get<std::string>(),
                testing::AllOf(HasSubstr("were proven by run 1 of "),
                               HasSubstr("The rest was made equal and is proven.")));
    EXPECT_EQ(ask(*m_down, "SELECT v FROM ids WHERE id = 29999"),
              (std::vector<std::string>{"v 29999 "}));
    EXPECT_FALSE(equal()) << "what was proven is not looked at again";
    const auto plain = run()["tables"][0];
    EXPECT_EQ(plain["outcome"], "made_equal") << "a plain run trusts nothing";
    EXPECT_LT(table["ranges"], plain["ranges"]);
    EXPECT_TRUE(equal());
}

TEST_P(Resume, OfAnInterruptedResumeTakesOverWhatBothHadProven)
{
    interrupt_at(2);
    interrupt_at(1, {"--resume"});
    const auto told = run({"--resume"});
    EXPECT_EQ(told["tables"][0]["outcome"], "resumed");
    EXPECT_THAT(told["tables"][0]["reason"].get<std::string>(),
                testing::AllOf(HasSubstr("run 1 of "), HasSubstr("The rest is equal.")));
    EXPECT_LT(told["tables"][0]["ranges"], run()["tables"][0]["ranges"]);
    EXPECT_THAT(notes(told), HasSubstr("What run 2 of "));
}

TEST_P(Resume, SkipsTablesThatHadEndedEqual)
{
    on_both({"CREATE TABLE a_first (id INT NOT NULL PRIMARY KEY)",
             "INSERT INTO a_first VALUES (1), (2)", "CREATE TABLE b_bag (word VARCHAR(9))",
             "INSERT INTO b_bag VALUES ('a'), ('a'), (NULL)"});
    interrupt_at(2);
    const auto told = run({"--resume"});
    for (const std::size_t at : {0U, 1U}) {
        EXPECT_EQ(told["tables"][at]["outcome"], "resumed");
        EXPECT_EQ(told["tables"][at]["ranges"], 0);
    }
    EXPECT_THAT(told["tables"][0]["reason"].get<std::string>(),
                HasSubstr("All 2 rows were proven"));
    EXPECT_EQ(told["tables"][1]["rows"], 3);
    EXPECT_EQ(told["totals"]["outcomes"]["resumed"], 3);
    EXPECT_EQ(told["exit_status"], 0);
}

TEST_P(Resume, LooksAgainAtATableThatWasTakenBackOrWrittenFromElsewhere)
{
    on_both({"CREATE TABLE a_first (id INT NOT NULL PRIMARY KEY, v INT)",
             "INSERT INTO a_first VALUES (1, 1), (2, 2)"});
    m_down->run({"UPDATE a_first SET v = 0"});
    const std::string folder = m_folder.path() + "/undo";
    interrupt_at(2, {"--undo-dir", folder});
    EXPECT_TRUE(equal("a_first"));
    const Ended undone =
        Process(slicetool_words({"undo", "last", "--undo-dir", folder, "--state", state()})).wait();
    EXPECT_EQ(undone.status, 0) << undone.err;
    EXPECT_FALSE(equal("a_first"));
    EXPECT_EQ(run({"--resume"})["tables"][0]["outcome"], "made_equal");
    EXPECT_TRUE(equal("a_first"));

    interrupt_at(2);
    const std::string elsewhere = m_up->endpoint().database + "_elsewhere";
    m_up->run({"CREATE DATABASE " + elsewhere,
               "CREATE TABLE " + elsewhere + ".a_first LIKE a_first",
               "INSERT INTO " + elsewhere + ".a_first VALUES (1, 10), (2, 20)"});
    base::Endpoint other = m_up->endpoint();
    other.database = elsewhere;
    const Ended written = Process(slicetool_words({"slice", "--state", state(), "--from",
                                                   other.url(), "--to", m_down->endpoint().url()}))
                              .wait();
    m_up->run({"DROP DATABASE " + elsewhere});
    EXPECT_EQ(written.status, 0) << written.err << written.out;
    const auto told = run({"--resume"});
    EXPECT_EQ(told["tables"][0]["outcome"], "made_equal");
    EXPECT_THAT(notes(told), HasSubstr("wrote to the same database from another one"));
    EXPECT_TRUE(equal("a_first"));
}

TEST_P(Resume, LooksAtEverythingAgainWhenSomethingIsNotAsItWas)
{
    interrupt_at(2);
    m_down->run({"DELETE FROM ids WHERE id = 7"});
    auto told = run({"--resume"});
    EXPECT_EQ(told["tables"][0]["outcome"], "made_equal");
    EXPECT_THAT(notes(told), HasSubstr("downstream"));
    EXPECT_TRUE(equal());

    told = run({"--resume"});
    EXPECT_EQ(told["tables"][0]["outcome"], "equal");
    EXPECT_THAT(notes(told), HasSubstr("nothing to resume"));

    interrupt_at(2);
    told = run({"--resume", "--resume-max-age", "0s"});
    EXPECT_EQ(told["tables"][0]["outcome"], "equal");
    EXPECT_THAT(notes(told), HasSubstr("--resume-max-age is"));

    interrupt_at(2, {"--digest", "sha256"});
    told = run({"--resume", "--digest", "auto"});
    if (told["run"]["digest"] == "md5") { // MySQL has none
        EXPECT_EQ(told["tables"][0]["outcome"], "equal");
        EXPECT_THAT(notes(told), HasSubstr("what the config, the command line"));
    }

    interrupt_at(2);
    m_up->run({"ALTER TABLE ids COMMENT 'another'"});
    told = run({"--resume"});
    EXPECT_EQ(told["tables"][0]["outcome"], "equal");
    EXPECT_THAT(notes(told), HasSubstr("upstream's definition is not what it was"));
}

/// kill -9 in the midst of a first copy, as soon as a part of it was remembered.
TEST_P(Resume, AFirstCopyThatWasKilledEndsEqual)
{
    constexpr int k_more = 240'000;
    for (int first = k_ids + 1; first < k_more; first += 30'000)
        m_up->run(numbered("ids", 30'000, first));
    m_down->run({"TRUNCATE TABLE ids"});
    FaultProxy proxy(port_of(*m_up));
    proxy.slow_down(2'000'000);
    auto slow = words();
    slow[6] = url_through(proxy, *m_up);
    const auto rows_proven = [&] {
        std::int64_t rows = 0;
        try {
            state::File(state(), state::File::Missing::refuse).read([&](SQLite::Database& file) {
                rows = file.execAndGet("SELECT IFNULL(MAX(rows), 0) FROM proofs").getInt64();
            });
        } catch (const state::Error&) {
            return std::int64_t{0}; // there is none yet
        }
        return rows;
    };
    Process copy(slow);
    EXPECT_TRUE(becomes_true([&] { return rows_proven() > 0; }));
    copy.signal(SIGKILL);
    copy.wait();
    const auto proven = rows_proven();
    proxy.slow_down(0);

    slow.push_back("--resume");
    const Ended resumed = Process(slow).wait();
    EXPECT_EQ(resumed.status, 0) << resumed.err << resumed.out;
    const auto table = json::parse(resumed.out)["tables"][0];
    EXPECT_EQ(table["outcome"], "resumed");
    EXPECT_LE(table["copied"].get<std::int64_t>() + proven, table["rows"].get<std::int64_t>());
    EXPECT_TRUE(equal());
    EXPECT_EQ(run()["tables"][0]["outcome"], "equal");
}

TEST_P(Resume, RetryBeginsAgainAfterALostConnection)
{
    m_down->run({"DELETE FROM ids WHERE id % 50 = 0"});
    FaultProxy proxy(port_of(*m_up));
    auto far = words({"--retry", "2"});
    far[6] = url_through(proxy, *m_up);
    const Ended ended =
        with_stop_at("rows_listed", far, [&](const Process&) { proxy.strike_once(Fault::cut); });
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    expect_said(ended, "Attempt 1 of 3 failed: ");
    const auto told = json::parse(ended.out);
    ASSERT_EQ(told["tables"].size(), 1U);
    EXPECT_EQ(told["tables"][0]["outcome"], "made_equal");
    EXPECT_TRUE(told["failure"].is_null());
    EXPECT_TRUE(equal());
}

TEST_P(Resume, EachAttemptRunsTheStatementsOfAJobAndTellsIt)
{
    on_both({"CREATE TABLE first (id INT PRIMARY KEY)"});
    m_down->run({"CREATE TABLE ran (id INT)"});
    FaultProxy proxy(port_of(*m_up));
    const std::string config = m_folder.path() + "/shop.yaml";
    std::ofstream(config) << fmt::format(
        R"(endpoints:
  far: {{host: 127.0.0.1, port: {}, user: root, database: {}}}
  near: {{socket: {}, user: root, database: {}}}
jobs:
  nightly:
    from: far
    to: near
    tables:
      - table: first
        steps:
          - sql:
              - INSERT INTO ran VALUES (1)
              - UPDATE ids SET v = 'later' WHERE id = 5 AND (SELECT COUNT(*) FROM ran) > 1
      - ids
)",
        proxy.port(), m_up->endpoint().database, m_down->endpoint().socket,
        m_down->endpoint().database);
    for (const bool resume : {false, true}) {
        SCOPED_TRACE(resume ? "with --resume" : "without");
        m_down->run({"DELETE FROM ran", "DELETE FROM ids WHERE id > 20000 AND id % 50 = 0"});
        std::vector<std::string> job = {"slice", "--json",  "--state", state(),  "--config",
                                        config,  "--retry", "2",       "--zoom", "50,1"};
        if (resume)
            job.emplace_back("--resume");
        const Ended ended = with_stop_at("rows_listed", slicetool_words(job),
                                         [&](const Process&) { proxy.strike_once(Fault::cut); });
        EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
        expect_said(ended, "Attempt 1 of 3 failed: ");
        EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM ran").at(0), "2 ");
        const std::string told = notes(json::parse(ended.out));
        const std::string sentence = "Statement 1 of 2 has run downstream.";
        EXPECT_NE(told.find(sentence), told.rfind(sentence)) << told;
        EXPECT_EQ(told.find("statements of this run may have changed it since") !=
                      std::string::npos,
                  resume)
            << told;
        EXPECT_TRUE(equal()) << "what the statements changed after a proof is looked at again";
    }
}

TEST_P(Resume, RetryPutsADatabaseInUseAfterTheConnectionThatHeldItsLockWasLost)
{
    const std::string target = m_down->endpoint().database;
    m_down->run({"DELETE FROM ids WHERE id % 50 = 0", "CREATE DATABASE " + target + "_b"});
    FaultProxy proxy(port_of(*m_down));
    const std::string config = m_folder.path() + "/turns.yaml";
    const std::string file = m_folder.path() + "/in_use";
    std::ofstream(file) << "\n"; // none is in use
    std::ofstream(config) << fmt::format(
        R"(endpoints:
  live: {{socket: {0}, user: root, database: {1}}}
  copies: {{host: 127.0.0.1, port: {2}, user: root}}
jobs:
  turns:
    from: live
    to: copies
    alternate: {{databases: [{3}, {3}_b], file: {4}}}
)",
        m_up->endpoint().socket, m_up->endpoint().database, proxy.port(), target, file);
    const Ended ended = with_stop_at(
        "rows_listed",
        slicetool_words({"slice", "--state", state(), "--config", config, "--retry", "2"}),
        [&](const Process&) { proxy.strike_once(Fault::cut); });
    m_down->run({"DROP DATABASE " + target + "_b"});
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    expect_said(ended, "Attempt 1 of 3 failed: ");
    EXPECT_THAT(ended.err, testing::Not(HasSubstr("Attempt 2")));
    std::ifstream pointer(file);
    std::string in_use;
    std::getline(pointer, in_use);
    EXPECT_EQ(in_use, target);
    EXPECT_TRUE(equal());
}

TEST_P(Resume, RetryGivesUpAfterTheLastAttemptAndNeverTriesARefusalAgain)
{
    auto nowhere = words({"--retry", "1"});
    nowhere[6] = "mysql://root@127.0.0.1:1/x";
    const Ended lost = Process(nowhere).wait();
    EXPECT_EQ(lost.status, 2);
    expect_said(lost, "Attempt 1 of 2 failed: ");
    auto same = words({"--retry", "1"});
    same[8] = same[6];
    const Ended refused = Process(same).wait();
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, testing::Not(HasSubstr("Attempt")));
}

TEST_P(Resume, ThePageOfThisUseRunsAsItStands)
{
    m_down->run({"DROP TABLE ids"});
    Page page("uses/rerun.md");
    const auto place = [](const ScratchDatabase& database) {
        return fmt::format("socket: {}, database: {}", database.endpoint().socket,
                           database.endpoint().database);
    };
    page.replace("host: db1.example.org, database: shop", place(*m_up));
    page.replace("host: db2.example.org, database: shop", place(*m_down));
    page.write_home(".my.cnf", "[client]\nuser = root\n");
    EXPECT_EQ(page.run(), "");
    EXPECT_TRUE(equal());
}

} // namespace
} // namespace slicetool::test
