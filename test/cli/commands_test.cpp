#include "cli/server_fixture.hpp"

#include "sync/run_lock.hpp"

#include <csignal>
#include <optional>

/// The commands on real servers: what they print, and where, and how they end.
namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Cli : public CliTest
{
};

INSTANTIATE_TEST_SUITE_P(Pairings, Cli, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Cli, EqualTablesEndWithZeroAndSayEqualOnStandardOutputOnly)
{
    make_ids(100);
    for (const std::string command : {"verify", "slice"}) {
        const Ended ended = tool(command);
        EXPECT_EQ(ended.status, 0) << ended.err;
        EXPECT_EQ(ended.err, "");
        EXPECT_THAT(ended.out, HasSubstr("ids"));
        EXPECT_THAT(ended.out, HasSubstr("EQUAL"));
        EXPECT_THAT(ended.out, Not(HasSubstr("\x1b")));
        EXPECT_THAT(ended.out, Not(HasSubstr("\r")));
    }
}

TEST_P(Cli, QuietPrintsNothingWhenAllIsWell)
{
    make_ids(10);
    const Ended ended = tool("slice", {"--quiet"});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out + ended.err, "");
}

TEST_P(Cli, VerifyEndsWithOneAndListsEachKey)
{
    make_ids(3000);
    m_down->run({"UPDATE ids SET v = 'x' WHERE id = 17", "DELETE FROM ids WHERE id = 2999",
                 "INSERT INTO ids VALUES (-4, 'stray')"});
    const auto before = downstream_rows();
    const Ended ended = tool("verify", {"--list-keys"});
    EXPECT_EQ(ended.status, 1) << ended.err;
    EXPECT_EQ(ended.err, "");
    EXPECT_THAT(ended.out, HasSubstr("ids\tchanged\tid=17\n"));
    EXPECT_THAT(ended.out, HasSubstr("ids\tmissing\tid=2999\n"));
    EXPECT_THAT(ended.out, HasSubstr("ids\textra\tid=-4\n"));
    EXPECT_THAT(ended.out, HasSubstr("DIFFERENT"));
    EXPECT_EQ(downstream_rows(), before);
}

TEST_P(Cli, ColumnDiffShowsBothValues)
{
    make_ids(30);
    m_down->run(
        {"UPDATE ids SET v = 'tab\\there' WHERE id = 17", "UPDATE ids SET v = NULL WHERE id = 18"});
    const Ended ended = tool("verify", {"--column-diff"});
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.out, HasSubstr("v: upstream \"v 17\", downstream \"tab\\there\""));
    EXPECT_THAT(ended.out, HasSubstr("v: upstream \"v 18\", downstream NULL"));
}

TEST_P(Cli, ADryRunEndsWithOneAndWritesNothing)
{
    make_ids(2000);
    m_down->run({"UPDATE ids SET v = 'x' WHERE id = 17", "DELETE FROM ids WHERE id > 1900"});
    const auto before = downstream_rows();
    const Ended ended = tool("slice", {"--dry-run", "--list-keys"});
    EXPECT_EQ(ended.status, 1) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("ids\tchanged\tid=17\n"));
    EXPECT_THAT(ended.out, HasSubstr("ids\tmissing\tid=2000\n"));
    EXPECT_EQ(downstream_rows(), before);
    const Ended wet = tool("slice");
    EXPECT_EQ(wet.status, 0) << wet.err;
    EXPECT_THAT(wet.out, HasSubstr("MADE EQUAL"));
    EXPECT_EQ(ask(*m_up, "SELECT * FROM ids ORDER BY id"), downstream_rows());
}

TEST_P(Cli, JsonIsOneDocumentWithExactNumbers)
{
    make_ids(2000);
    m_down->run({"UPDATE ids SET v = 'x' WHERE id = 17", "DELETE FROM ids WHERE id > 1900"});
    const Ended ended = tool("slice", {"--json", "--list-keys"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.err, "");
    const auto told = document(ended);
    EXPECT_EQ(told["format"], "slicetool-report/1");
    EXPECT_EQ(told["exit_status"], 0);
    EXPECT_TRUE(told["failure"].is_null());
    EXPECT_EQ(told["run"]["command"], "slice");
    ASSERT_EQ(told["tables"].size(), 1U);
    EXPECT_EQ(told["tables"][0]["outcome"], "made_equal");
    EXPECT_EQ(told["tables"][0]["rows"], 2000);
    EXPECT_EQ(told["tables"][0]["missing"], 100);
    EXPECT_EQ(told["tables"][0]["changed"], 1);
    EXPECT_EQ(told["tables"][0]["copied"], 101);
    EXPECT_EQ(told["tables"][0]["deleted"], 0);
    EXPECT_EQ(told["differences"].size(), 101U);
    EXPECT_EQ(told["totals"]["outcomes"]["made_equal"], 1);
}

TEST_P(Cli, JsonOfARefusedTableIsOneDocument)
{
    make_ids(20);
    m_up->run({"DELETE FROM ids"});
    const Ended ended = tool("slice", {"--json"});
    EXPECT_EQ(ended.status, 2);
    const auto told = document(ended);
    EXPECT_EQ(told["exit_status"], 2);
    EXPECT_EQ(told["tables"][0]["outcome"], "refused");
    EXPECT_THAT(told["tables"][0]["reason"].get<std::string>(),
                HasSubstr("--allow-empty-upstream"));
    EXPECT_EQ(downstream_rows().size(), 20U);
}

TEST_P(Cli, MaxDeleteIsAskedForByName)
{
    make_ids(3000);
    m_up->run({"DELETE FROM ids WHERE id > 500"});
    const Ended refused = tool("slice");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.out + refused.err, HasSubstr("--max-delete"));
    EXPECT_EQ(downstream_rows().size(), 3000U);
    EXPECT_EQ(tool("slice", {"--max-delete", "2499"}).status, 2);
    EXPECT_EQ(downstream_rows().size(), 3000U);
    EXPECT_EQ(tool("slice", {"--max-delete", "2500"}).status, 0);
    EXPECT_EQ(downstream_rows().size(), 500U);
}

TEST_P(Cli, PullSchemaThenSliceThenVerify)
{
    m_up->run({"CREATE TABLE ids (id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(40))"});
    m_up->run(numbered("ids", 50));
    const Ended dry = tool("pull_schema", {"--dry-run"});
    EXPECT_EQ(dry.status, 1) << dry.err;
    EXPECT_THAT(dry.out, HasSubstr("CREATE TABLE"));
    EXPECT_EQ(ask(*m_down, "SHOW TABLES").size(), 0U);
    EXPECT_EQ(tool("pull-schema").status, 0);
    EXPECT_EQ(tool("verify").status, 1);
    EXPECT_EQ(tool("slice").status, 0);
    EXPECT_EQ(tool("verify").status, 0);
    m_down->run({"ALTER TABLE ids ADD COLUMN more INT"});
    const Ended drift = tool("pull_schema");
    EXPECT_EQ(drift.status, 1);
    EXPECT_THAT(drift.out, HasSubstr("more"));
    EXPECT_EQ(tool("pull_schema", {"--alter", "--drop"}).status, 0);
    EXPECT_EQ(tool("verify").status, 0);
}

TEST_P(Cli, OnlyTheNamedTablesAreTouched)
{
    make_ids(10);
    on_both({"CREATE TABLE other (id INT NOT NULL PRIMARY KEY)"});
    m_up->run({"INSERT INTO other VALUES (1)", "INSERT INTO ids VALUES (11, 'new')"});
    EXPECT_EQ(tool("slice", {"--tables", "ids"}).status, 0);
    EXPECT_EQ(downstream_rows().size(), 11U);
    EXPECT_EQ(downstream_rows("other").size(), 0U);
    EXPECT_EQ(tool("slice", {"--exclude", "other"}).status, 0);
    EXPECT_EQ(downstream_rows("other").size(), 0U);
    const Ended unknown = tool("slice", {"--tables", "ids,nonsense"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.out + unknown.err, HasSubstr("nonsense"));
}

/// Whatever was in work when the signal came, the program ends cleanly and soon, and a rerun goes
/// on.
TEST_P(Cli, CtrlCEndsSoonWith130AndARerunGoesOn)
{
    m_up->run({"CREATE TABLE ids (id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(40), w INT, KEY by_v "
               "(v), KEY by_w (w))",
               "INSERT INTO ids SELECT a.n * 400 + b.n, CONCAT('v', RAND()), a.n FROM (WITH "
               "RECURSIVE s (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s "
               "WHERE n < 399) SELECT n FROM s) AS a, (WITH RECURSIVE s (n) AS (SELECT 0 UNION ALL "
               "SELECT n + 1 FROM s WHERE n < 399) SELECT n FROM s) AS b"});
    m_down->run({"CREATE TABLE ids (id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(40), w INT, KEY by_v "
                 "(v), KEY by_w (w))"});
    int interrupted = 0;
    for (const int number : {SIGINT, SIGTERM}) {
        for (const int after : {60, 300, 900}) {
            SCOPED_TRACE(fmt::format("signal {} after {} ms", number, after));
            m_down->run({"TRUNCATE TABLE ids"});
            Process process(slicetool_words({"slice", "--from", up(), "--to", down(), "--json"}));
            if (process.wait_for(std::chrono::milliseconds(after)))
                continue;
            process.signal(number);
            const auto sent = std::chrono::steady_clock::now();
            EXPECT_TRUE(process.wait_for(std::chrono::seconds(3)))
                << "still running 3 s after the signal";
            const Ended ended = process.wait();
            if (ended.status == 0)
                continue;
            ++interrupted;
            EXPECT_EQ(ended.status, 130) << ended.err;
            // A server that has not answered for two seconds is not waited for: nothing is told.
            const auto took = std::chrono::steady_clock::now() - sent;
            if (ended.out.empty() && took > std::chrono::milliseconds(1900))
                continue;
            const auto told = document(ended);
            EXPECT_EQ(told["exit_status"], 130);
            EXPECT_FALSE(told["failure"].is_null());
        }
    }
    EXPECT_GE(interrupted, 2);
    const Ended again = tool("slice");
    EXPECT_EQ(again.status, 0) << again.err << again.out;
    EXPECT_EQ(dump(*m_up, "ids") == dump(*m_down, "ids"), true);
}

TEST_P(Cli, ASignalThatComesTwiceAtOnceIsOneRequest)
{
    make_ids(10);
    const TemporaryFolder folder;
    const std::string pause = folder.write("pause", "");
    Process process(slicetool_words(
        {"slice", "--from", up(), "--to", down(), "--json", "--pause-file", pause}));
    ASSERT_TRUE(process.wait_for_words("warning: Paused: there is the file " + pause));
    process.signal(SIGTERM);
    process.signal(SIGINT);
    const Ended ended = process.wait();
    EXPECT_EQ(ended.status, 130) << ended.err;
    EXPECT_EQ(document(ended)["exit_status"], 130);
}

TEST_P(Cli, WhileAnotherRunWritesToTheDatabaseAWriterEndsWith75AndAReaderGoesOn)
{
    make_ids(20);
    m_up->run({"UPDATE ids SET v = 'new' WHERE id = 7"});
    const auto before = downstream_rows();
    const std::optional<sync::RunLock> other(std::in_place, m_down->endpoint());
    for (const std::string command : {"slice", "pull_schema"}) {
        const Ended ended = tool(command);
        EXPECT_EQ(ended.status, 75) << ended.err;
        EXPECT_THAT(ended.err, HasSubstr("another run of slicetool is writing to this database"));
        EXPECT_THAT(ended.err, HasSubstr(m_down->endpoint().database));
    }
    const Ended json = tool("slice", {"--json"});
    EXPECT_EQ(document(json)["exit_status"], 75);
    EXPECT_EQ(downstream_rows(), before);
    EXPECT_EQ(tool("verify").status, 1);
    EXPECT_EQ(tool("slice", {"--dry-run"}).status, 1);
}

TEST_P(Cli, TheLockGoesWithTheRunThatHeldIt)
{
    make_ids(20);
    {
        const sync::RunLock other(m_down->endpoint());
    }
    EXPECT_EQ(tool("slice").status, 0);
}

TEST_P(Cli, NamesOfTreacherousSpellingArePrintedAsTheyAre)
{
    const std::string table = "`100% \"we.ird\" 'naïve' ``tick`";
    on_both(
        {"CREATE TABLE " + table + " (`order by` INT NOT NULL PRIMARY KEY, `a=b` VARCHAR(20))"});
    m_up->run({"INSERT INTO " + table + " VALUES (1, '{}%s')"});
    const Ended ended = tool("verify", {"--list-keys"});
    EXPECT_EQ(ended.status, 1) << ended.err << ended.out;
    EXPECT_THAT(ended.out, HasSubstr("\tmissing\torder by=1"));
    EXPECT_EQ(tool("slice").status, 0);
    EXPECT_EQ(downstream_rows(table).size(), 1U);
}

} // namespace
} // namespace slicetool::test
