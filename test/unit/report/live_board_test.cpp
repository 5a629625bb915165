#include "report/live_board.hpp"

#include "report/text.hpp"

#include <gmock/gmock.h>

namespace slicetool::report {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const LiveBoard::Time k_start{};

Progress progress(Phase phase, std::uint64_t rows, std::uint64_t total)
{
    Progress p;
    p.phase = phase;
    p.rows_looked_at = rows;
    p.rows_total_estimate = total;
    return p;
}

/// Three tables, four seconds after they began.
LiveBoard busy_board()
{
    LiveBoard board(k_start);
    board.start("customers", 100'000, k_start);
    board.start("order_items_2024_q1_archive", 12'000'000, k_start);
    board.start("注文テーブル", 0, k_start);
    board.sample(k_start);
    board.update("customers", progress(Phase::scanning, 50'000, 100'000), k_start);
    Progress busy = progress(Phase::copying, 4'000'000, 0);
    busy.differing_found = 12'345;
    busy.rows_copied = 212;
    busy.rows_deleted = 3;
    board.update("order_items_2024_q1_archive", busy, k_start);
    board.update("注文テーブル", progress(Phase::zooming, 7, 0), k_start);
    board.sample(k_start + 4s);
    return board;
}

TEST(LiveBoard, ShowsNothingWithoutTables)
{
    EXPECT_TRUE(LiveBoard(k_start).lines({80, 24}, true, k_start).empty());
}

TEST(LiveBoard, FitsEightyColumns)
{
    EXPECT_THAT(
        busy_board().lines({80, 24}, true, k_start + 4s),
        ElementsAre("customers       scanning  50.0k  12.5k/s  ETA 4s",
                    "order_i…rchive  copying   4.00M  1.00M/s  ETA 8s      found 12.3k  copied 212",
                    "注文テーブル    zooming       7      2/s", "0 tables done, 3 in work, 4s"));
}

TEST(LiveBoard, FitsSixtyColumns)
{
    EXPECT_THAT(busy_board().lines({60, 24}, true, k_start + 4s),
                ElementsAre("customers        scanning  50.0k",
                            "order_i…archive  copying   4.00M  found 12.3k  copied 212",
                            "注文テーブル     zooming       7", "0 tables done, 3 in work, 4s"));
}

TEST(LiveBoard, ShowsEverythingInAWideWindow)
{
    EXPECT_THAT(
        busy_board().lines({120, 24}, true, k_start + 4s),
        ElementsAre("customers                    scanning  50%  50.0k rows  12.5k/s  ETA 4s",
                    "order_items_2024_q1_archive  copying   33%  4.00M rows  1.00M/s  ETA 8s  "
                    "    found 12.3k  copied 212    deleted 3",
                    "注文テーブル                 zooming            7 rows      2/s",
                    "0 tables done, 3 in work, 4s"));
}

TEST(LiveBoard, NeverWritesIntoTheLastColumn)
{
    for (std::size_t columns = 1; columns < 160; ++columns) {
        for (const auto& line : busy_board().lines({columns, 24}, true, k_start + 4s))
            EXPECT_LT(display_width(line), std::max<std::size_t>(columns, 2)) << line;
    }
}

TEST(LiveBoard, KeepsToAsciiWhereTheLocaleDoes)
{
    EXPECT_THAT(
        busy_board().lines({80, 24}, false, k_start + 4s),
        ElementsAre("customers       scanning  50.0k  12.5k/s  ETA 4s",
                    "order_...chive  copying   4.00M  1.00M/s  ETA 8s      found 12.3k  copied 212",
                    "??????          zooming       7      2/s", "0 tables done, 3 in work, 4s"));
}

TEST(LiveBoard, HoldsHugeNumbersAndHostileNames)
{
    LiveBoard board(k_start);
    board.start("a\x1b[2J\nb\xff", ~0ULL, k_start);
    Progress p = progress(Phase::scanning, ~0ULL, 1);
    p.differing_found = p.rows_copied = p.rows_deleted = ~0ULL;
    board.update("a\x1b[2J\nb\xff", p, k_start);
    board.sample(k_start);
    board.sample(k_start + 4s);
    EXPECT_THAT(board.lines({80, 24}, true, k_start + 4s),
                ElementsAre("a\\x1b[2…nb\\xff  scanning  18.4E      0/s"
                            "              found 18.4E  copied 18.4E",
                            "0 tables done, 1 in work, 4s"));
}

TEST(LiveBoard, NeverClaimsToBeDoneByAnEstimate)
{
    LiveBoard board(k_start);
    board.update("t", progress(Phase::scanning, 500, 100), k_start);
    EXPECT_THAT(board.lines({80, 24}, true, k_start + 9s),
                ElementsAre("t  scanning  99%    500 rows", "0 tables done, 1 in work, 9s"));
}

TEST(LiveBoard, ShowsNoMoreLinesThanTheWindowHolds)
{
    LiveBoard board(k_start);
    for (int i = 0; i < 30; ++i)
        board.start("t" + std::to_string(i), 0, k_start);
    EXPECT_EQ(board.lines({80, 100}, true, k_start).size(), 17U);
    EXPECT_THAT(board.lines({80, 6}, true, k_start),
                ElementsAre("t0  waiting            0 rows", "t1  waiting            0 rows",
                            "and 28 more", "0 tables done, 30 in work, 0s"));
}

TEST(LiveBoard, CountsFinishedTables)
{
    LiveBoard board = busy_board();
    board.finish("customers");
    board.finish("order_items_2024_q1_archive");
    EXPECT_THAT(board.lines({80, 24}, true, k_start + 65s),
                ElementsAre("注文テーブル  zooming            7 rows      2/s",
                            "2 tables done, 1 in work, 1m05s"));
}

TEST(LiveBoard, RateForgetsWhatIsLongAgo)
{
    LiveBoard board(k_start);
    board.start("t", 0, k_start);
    for (int second = 0; second <= 20; ++second) {
        const auto rows = static_cast<std::uint64_t>(second <= 10 ? second * 1000 : 10'000);
        board.update("t", progress(Phase::scanning, rows, 0), k_start);
        board.sample(k_start + std::chrono::seconds(second));
        if (second == 10) {
            EXPECT_EQ(board.lines({80, 24}, true, k_start + 10s).front(),
                      "t  scanning       10.0k rows  1,000/s");
        }
    }
    EXPECT_EQ(board.lines({80, 24}, true, k_start + 20s).front(),
              "t  scanning       10.0k rows      0/s");
}

TEST(LiveBoard, TellsTheSameInSentences)
{
    EXPECT_THAT(
        busy_board().sentences(k_start + 4s),
        ElementsAre(
            "customers: scanning, 50,000 of about 100,000 rows (50%), 12.5k rows/s, ETA 4s, "
            "found 0, copied 0, deleted 0",
            "order_items_2024_q1_archive: copying, 4,000,000 of about 12,000,000 rows (33%), "
            "1.00M rows/s, ETA 8s, found 12,345, copied 212, deleted 3",
            "注文テーブル: zooming, 7 rows, 2 rows/s, found 0, copied 0, deleted 0"));
}

} // namespace
} // namespace slicetool::report
