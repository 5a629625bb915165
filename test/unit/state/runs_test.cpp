#include "state/runs.hpp"

#include "report/json_document.hpp"
#include "report/words.hpp"
#include "state/counts.hpp"
#include "state/run_recorder.hpp"
#include "unit/state/fixture.hpp"

#include <nlohmann/json.hpp>

namespace slicetool::state::test {
namespace {

using report::Outcome;
using report::Severity;

report::RunInfo info()
{
    return {"slice",
            "prod (mysql://a@up/shop)",
            "dev (mysql://b@down/shop)",
            "10.11",
            "9.7",
            "md5",
            1,
            4,
            true,
            "one snapshot",
            "up|3306|/var",
            "down|3306|/var"};
}

report::TableResult result(const std::string& table, Outcome outcome)
{
    report::TableResult told;
    told.table = table;
    told.outcome = outcome;
    told.reason = std::string("Any \0 byte, \xff too.", 18);
    told.elapsed = report::Seconds(1.25);
    std::uint64_t value = 3;
    for (const auto& count : k_counts)
        told.*count.member = value += 1'000'000'007;
    if (outcome != Outcome::equal)
        told.density = {{"", 100, 1, 2, 3}, {"id=7", 50, 0, 0, 0}};
    return told;
}

class StoredRuns : public StateTest
{
protected:
    /// Tells a run to both, and returns what each prints of it.
    template<class Tell>
    void expect_the_same_again(Tell tell)
    {
        report::Record wanted;
        {
            Keeper keeper;
            keeper.open(path(), [](const std::string& sentence) { ADD_FAILURE() << sentence; });
            RunRecorder recorder(keeper);
            recorder.begin({"0.1.0", "slice", "nightly", "up", "down", "pair", m_started});
            tell(recorder, wanted);
        }
        File(path(), File::Missing::refuse).read([&](SQLite::Database& database) {
            const auto run = load_run(database, last_run(database).value());
            ASSERT_TRUE(run);
            EXPECT_EQ(run->tool_version, "0.1.0");
            EXPECT_EQ(run->line.job, "nightly");
            EXPECT_EQ(report::json_document(run->record, "v", "t").dump(),
                      report::json_document(wanted, "v", "t").dump());
        });
    }

    std::chrono::system_clock::time_point m_started = std::chrono::system_clock::now();
};

TEST_F(StoredRuns, ASliceComesBackAsItWasTold)
{
    expect_the_same_again([](RunRecorder& recorder, report::Record& wanted) {
        recorder.run_started(info());
        wanted.run = info();
        for (const char* table : {"z", "unfinished", "a"}) {
            recorder.table_started(table, 7);
            wanted.start_table(table);
        }
        for (const auto outcome : report::k_outcomes) {
            const auto told = result(std::string(report::word(outcome)), outcome);
            recorder.table_finished(told);
            wanted.finish_table(told);
        }
        recorder.table_finished(result("a", Outcome::failed));
        recorder.table_finished(result("a", Outcome::equal));
        wanted.finish_table(result("a", Outcome::equal));
        recorder.note("a", Severity::warning, "One.");
        recorder.note("", Severity::info, "Two.");
        wanted.notes = {{"a", Severity::warning, "One."}, {"", Severity::info, "Two."}};
        wanted.end = {2, report::Seconds(3.5), "It failed."};
        recorder.run_finished(wanted.end);
    });
}

TEST_F(StoredRuns, APullSchemaComesBackAsItWasTold)
{
    expect_the_same_again([](RunRecorder& recorder, report::Record& wanted) {
        for (const auto action : report::k_schema_actions) {
            const report::SchemaResult told{"t" + std::to_string(static_cast<int>(action)),
                                            action,
                                            "Why.",
                                            {"d1", "d2"},
                                            {"t1"},
                                            {"s1", "s2", "s3"}};
            recorder.schema_result(told);
            wanted.add_schema(told);
        }
    });
}

TEST_F(StoredRuns, AListHasTheNewestFirstWithSumsOfItsTables)
{
    Keeper keeper;
    keeper.open(path(), [](const std::string& sentence) { ADD_FAILURE() << sentence; });
    for (const char* job : {"nightly", "hourly", "nightly"}) {
        RunRecorder recorder(keeper);
        recorder.begin({"0.1.0", "slice", job, "up", "down", "pair", m_started});
        report::TableResult table;
        for (const char* name : {"a", "b"}) {
            table.table = name;
            table.missing = 1;
            table.changed = 2;
            table.copied = 3;
            recorder.table_finished(table);
        }
        recorder.table_started("c", 0);
        recorder.run_finished({1, report::Seconds(2), ""});
    }
    EXPECT_TRUE(keeper.read([&](SQLite::Database& database) {
        const auto lines = list_runs(database, {"nightly", "", ""}, 10);
        ASSERT_EQ(lines.size(), 2U);
        EXPECT_EQ(lines[0].id, 3);
        EXPECT_EQ(lines[1].id, 1);
        EXPECT_EQ(lines[0].differing, 6U);
        EXPECT_EQ(lines[0].copied, 6U);
        EXPECT_EQ(lines[0].exit_status, 1);
        EXPECT_TRUE(lines[0].ended);
        ASSERT_EQ(lines[0].outcomes.size(), 2U);
        EXPECT_EQ(lines[0].outcomes[0].word, "equal");
        EXPECT_EQ(lines[0].outcomes[0].tables, 2U);
        EXPECT_EQ(lines[0].outcomes[1].word, "unfinished");
        EXPECT_EQ(list_runs(database, {}, 2).size(), 2U);
        EXPECT_FALSE(load_run(database, 4));
    }));
}

} // namespace
} // namespace slicetool::state::test
