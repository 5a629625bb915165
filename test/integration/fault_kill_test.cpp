#include "integration/fault_fixture.hpp"

#include <algorithm>
#include <random>

/// Trap 26: the program killed at any stage, or at any instant; or told to stop. A plain rerun ends
/// proven equal.
namespace slicetool::test {
namespace {

class Trap26 : public PeopleTest
{
protected:
    void SetUp() override
    {
        PeopleTest::SetUp();
        if (!m_upstream.empty())
            collect_states();
    }

    void expect_safe_after_kill_at(const std::string& stage)
    {
        SCOPED_TRACE(stage);
        damage_again();
        const Ended ended = Process(slice_words(), {{"SLICETOOL_KILL_AT", stage}}).wait();
        EXPECT_EQ(ended.status, 128 + SIGKILL) << "the run did not reach " << stage;
        expect_safe("tool killed -9", stage, ended);
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap26, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Trap26, KilledAtEveryStageARerunEndsEqual)
{
    for (const auto& stage : stages())
        expect_safe_after_kill_at(stage);
}

TEST_P(Trap26, InterruptedAtAnyStageItLeavesCleanlyAndARerunEndsEqual)
{
    std::size_t index = 0;
    for (const auto& stage : stages()) {
        if (!chosen(index++, 7))
            continue;
        SCOPED_TRACE(stage);
        damage_again();
        const int signal = index % 2 == 0 ? SIGINT : SIGTERM;
        const Ended ended =
            with_stop_at(stage, slice_words(), [&](const Process& tool) { tool.signal(signal); });
        // Who has nothing left to do may be done before he hears of it.
        const bool done = ended.status == 0 && rows_of(*m_down) == m_upstream;
        if (!done || (stage != "bulk_committed" && stage != "table_finished")) {
            EXPECT_EQ(ended.status, 130) << ended.err << ended.out;
            EXPECT_THAT(ended.err, testing::HasSubstr("nterrupted"));
        }
        expect_safe(signal == SIGINT ? "tool gets SIGINT" : "tool gets SIGTERM", stage, ended);
    }
}

TEST_P(Trap26, AnInterruptedCopyCountsOnlyWhatIsCommitted)
{
    m_down->run({"TRUNCATE TABLE people"});
    auto words = slice_words();
    words.push_back("--json");
    const Ended ended =
        with_stop_at("bulk_streaming", words, [&](const Process& tool) { tool.signal(SIGINT); });
    // None, unless the whole copy was done before the signal came through.
    const auto now = rows_of(*m_down);
    EXPECT_EQ(ended.status, now == m_upstream ? ended.status : 130) << ended.err;
    expect_said(ended, fmt::format("\"copied\": {},", now.size()));
}

TEST_P(Trap26, KilledAtRandomInstantsARerunEndsEqual)
{
    damage_again();
    const auto whole = Process(slice_words()).wait().elapsed;
    const auto seed = std::random_device()();
    std::mt19937 random(seed);
    for (int kill = 1; kill <= (every_fault() ? 50 : 3); ++kill) {
        const std::chrono::milliseconds instant(
            std::uniform_int_distribution<long>(1, whole.count())(random));
        SCOPED_TRACE(fmt::format("seed {}, kill {} after {} ms of {}", seed, kill, instant.count(),
                                 whole.count()));
        damage_again();
        Process tool(slice_words());
        tool.wait_for(instant);
        tool.signal(SIGKILL);
        expect_safe("tool killed -9", "any instant", tool.wait());
    }
}

TEST_P(Trap26, ATableWithoutKeyIsWholeAfterAKillAtEveryStage)
{
    on_both({"CREATE TABLE words (word VARCHAR(20), n INT) ENGINE=InnoDB"});
    m_up->run(
        {"INSERT INTO words SELECT CONCAT('w', id % 100), id % 7 FROM people WHERE id < 2000"});
    const auto spoil = [&] {
        m_down->run({"TRUNCATE TABLE words",
                     "INSERT INTO words SELECT CONCAT('w', id % 90), id % 7 FROM people WHERE "
                     "id BETWEEN 1 AND 1500"});
    };
    spoil();
    const auto before = dump(*m_down, "words");
    auto words = slice_words();
    *std::find(words.begin(), words.end(), "people") = "words";
    for (const char* stage : {"batch_begun", "batch_deleted", "batch_inserted", "batch_proven"}) {
        SCOPED_TRACE(stage);
        const Ended ended = Process(words, {{"SLICETOOL_KILL_AT", stage}}).wait();
        EXPECT_EQ(ended.status, 128 + SIGKILL) << "the run did not reach " << stage;
        EXPECT_EQ(dump(*m_down, "words") == before, true) << "half a batch is visible";
        const Ended again = Process(words).wait();
        EXPECT_EQ(again.status, 0) << again.err << again.out;
        EXPECT_EQ(dump(*m_up, "words") == dump(*m_down, "words"), true);
        spoil();
    }
}

TEST_P(Trap26, ManyWorkersKilledAtAnyStageARerunEndsEqual)
{
    m_states.clear(); // the order of commits differs from run to run
    std::size_t index = 0;
    for (const auto& stage : stages()) {
        if (!chosen(index++, 7))
            continue;
        SCOPED_TRACE(stage);
        damage_again();
        auto words = slice_words();
        words.insert(words.end(), {"--jobs", "4"});
        const Ended ended = Process(words, {{"SLICETOOL_KILL_AT", stage}}).wait();
        EXPECT_EQ(ended.status, 128 + SIGKILL) << "the run did not reach " << stage;
        expect_safe("tool with 4 jobs killed -9", stage, ended);
    }
}

} // namespace
} // namespace slicetool::test
