#include "report/console_reporter.hpp"

#include "fixtures.hpp"
#include "report/tee_reporter.hpp"

#include <gmock/gmock.h>
#include <thread>
#include <vector>

namespace slicetool::report::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

ConsoleOptions by_caller(ProgressMode mode, Summary summary = Summary::yes)
{
    return {mode, summary, Refresh::by_caller};
}

Progress scanned(std::uint64_t rows)
{
    Progress p;
    p.phase = Phase::scanning;
    p.rows_looked_at = rows;
    return p;
}

TEST(ConsoleReporter, IsSilentOnStandardErrorWithoutATerminal)
{
    Stage stage;
    {
        ConsoleReporter reporter(stage.screen, stage.terminal(false),
                                 by_caller(ProgressMode::automatic));
        reporter.run_started(run_info("slice"));
        reporter.table_started("orders", 2'000'000);
        reporter.table_progress("orders", scanned(1'000));
        stage.now += 60s;
        reporter.refresh();
        reporter.note("orders", Severity::info, "Only in the summary.");
        reporter.table_finished(orders());
        reporter.run_finished({0, Seconds(1), ""});
    }
    EXPECT_EQ(stage.err, "");
    EXPECT_THAT(stage.out, HasSubstr("note: Only in the summary."));
    EXPECT_THAT(stage.out, HasSubstr("MADE EQUAL\n"));
    EXPECT_THAT(stage.out, Not(HasSubstr("\x1b")));
}

TEST(ConsoleReporter, SaysALineEveryFewSecondsWhenAsked)
{
    Stage stage;
    ConsoleReporter reporter(stage.screen, stage.terminal(false), by_caller(ProgressMode::always));
    reporter.table_started("orders", 0);
    reporter.table_progress("orders", scanned(1'000));
    stage.now += 4s;
    reporter.refresh();
    EXPECT_EQ(stage.err, "");
    stage.now += 1s;
    reporter.refresh();
    EXPECT_EQ(Stage::taken(stage.err),
              "orders: scanning, 1,000 rows, 0 rows/s, found 0, copied 0, deleted 0\n");
    stage.now += 1s;
    reporter.refresh();
    EXPECT_EQ(stage.err, "");
}

TEST(ConsoleReporter, KeepsLiveLinesOnATerminalAndTakesThemAway)
{
    Stage stage(true);
    ConsoleReporter reporter(stage.screen, stage.terminal(true),
                             by_caller(ProgressMode::automatic));
    reporter.table_started("orders", 0);
    reporter.table_progress("orders", scanned(1'000));
    reporter.refresh();
    EXPECT_EQ(Stage::taken(stage.err),
              "\rorders  scanning       1,000 rows\x1b[K\n\r0 tables done, 1 in work, 0s\x1b[K\n");
    reporter.difference("orders", {DifferenceKind::extra, {{"id", "1"}}, {}});
    EXPECT_EQ(Stage::taken(stage.err), "\x1b[2A\r\x1b[J");
    EXPECT_EQ(Stage::taken(stage.out), "orders\textra\tid=1\n");
    reporter.refresh();
    stage.err.clear();
    reporter.table_finished(orders());
    reporter.run_finished({0, Seconds(1), ""});
    EXPECT_EQ(Stage::taken(stage.err), "\x1b[2A\r\x1b[J");
    reporter.refresh();
    EXPECT_EQ(stage.err, "");
}

TEST(ConsoleReporter, TellsWarningsAtOnce)
{
    Stage stage;
    stage.size.columns = 40;
    ConsoleReporter piped(stage.screen, stage.terminal(false), by_caller(ProgressMode::automatic));
    const std::string sentence = "The downstream table has a trigger\x1b[2J, which does not fire.";
    piped.note("orders", Severity::warning, sentence);
    piped.note("", Severity::warning, "The clocks differ.");
    EXPECT_EQ(Stage::taken(stage.err),
              "warning: orders: The downstream table has a trigger\\x1b[2J, which does not fire.\n"
              "warning: The clocks differ.\n");

    Terminal coloured = stage.terminal(true);
    coloured.colour_err = true;
    ConsoleReporter seen(stage.screen, coloured, by_caller(ProgressMode::automatic));
    seen.note("orders", Severity::warning, sentence);
    EXPECT_EQ(stage.err, "\x1b[33mwarning: \x1b[0morders: The downstream table\n"
                         "         has a trigger\\x1b[2J, which\n"
                         "         does not fire.\n");
}

TEST(ConsoleReporter, LeavesStandardOutputToJsonWhenToldSo)
{
    Stage stage;
    ConsoleReporter reporter(stage.screen, stage.terminal(true),
                             by_caller(ProgressMode::automatic, Summary::no));
    reporter.run_started(run_info("slice"));
    reporter.schema_result({"t", SchemaAction::created, "", {}, {}, {}});
    reporter.difference("orders", {DifferenceKind::extra, {{"id", "1"}}, {}});
    reporter.table_finished(orders());
    reporter.run_finished({0, Seconds(1), ""});
    EXPECT_EQ(stage.out, "");
}

TEST(ConsoleReporter, WritesAScriptForADryRunOfPullSchema)
{
    Stage stage;
    ConsoleReporter reporter(stage.screen, stage.terminal(false),
                             by_caller(ProgressMode::automatic));
    RunInfo info;
    info.command = "pull_schema";
    info.from = "prod";
    info.to = "dev";
    info.dry_run = true;
    reporter.run_started(info);
    reporter.schema_result(
        {"t", SchemaAction::would_create, "", {}, {}, {"CREATE TABLE t (a int)"}});
    reporter.run_finished({1, Seconds(0.4), ""});
    EXPECT_EQ(stage.out, "-- pull_schema from  prod\n"
                         "--             to    dev\n"
                         "--             dry run: nothing will be written\n"
                         "-- t: would create\n"
                         "CREATE TABLE t (a int);\n"
                         "\n"
                         "-- 1 table: 1 would create; 0.40 s.\n");
}

TEST(ConsoleReporter, TakesEventsFromManyThreads)
{
    Stage stage(true);
    Terminal terminal = stage.terminal(true);
    terminal.now = std::chrono::steady_clock::now;
    auto reporter = std::make_shared<ConsoleReporter>(stage.screen, terminal, ConsoleOptions{});
    TeeReporter tee({reporter});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&tee, t] {
            const std::string table = "t" + std::to_string(t);
            tee.table_started(table, 100'000);
            for (std::uint64_t i = 0; i < 50'000; ++i) {
                tee.table_progress(table, scanned(i));
                if (i % 1'000 == 0)
                    tee.difference(table, {DifferenceKind::changed, {{"id", "7"}}, {}});
                if (i % 10'000 == 0)
                    tee.note(table, Severity::warning, "A warning.");
            }
            tee.table_finished(table_result(table, Outcome::equal));
        });
    }
    std::this_thread::sleep_for(250ms); // lets the refreshing thread paint in between
    for (auto& thread : threads)
        thread.join();
    tee.run_finished({0, Seconds(1), ""});
    EXPECT_THAT(stage.out, HasSubstr("\n4 tables: 4 equal;"));
    EXPECT_THAT(stage.out, HasSubstr("; 20 warnings;"));
    std::size_t listed = 0;
    for (std::size_t at = 0; (at = stage.out.find("\tchanged\tid=7\n", at)) != std::string::npos;
         ++at)
        ++listed;
    EXPECT_EQ(listed, 200U);
}

TEST(ConsoleReporter, LeavesACleanTerminalWhenARunIsBrokenOff)
{
    Stage stage(true);
    {
        ConsoleReporter reporter(stage.screen, stage.terminal(true),
                                 by_caller(ProgressMode::automatic));
        reporter.table_started("orders", 0);
        reporter.refresh();
        stage.err.clear();
    }
    EXPECT_EQ(stage.err, "\x1b[2A\r\x1b[J");
}

} // namespace
} // namespace slicetool::report::test
