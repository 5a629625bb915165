#include "report/summary.hpp"

#include "fixtures.hpp"
#include "report/text.hpp"

#include <gtest/gtest.h>
#include <sstream>

namespace slicetool::report::test {
namespace {

Record mixed_record(std::string command, bool dry_run = false)
{
    Record record;
    record.run = run_info(std::move(command));
    record.run->dry_run = dry_run;
    TableResult customers = table_result("customers", Outcome::equal);
    customers.rows = 100'000;
    customers.bytes_upstream = customers.bytes_downstream = 12'345;
    customers.elapsed = Seconds(0.414);
    record.finish_table(customers);
    record.finish_table(orders());
    record.finish_table(
        table_result("audit_log", Outcome::refused,
                     "Deleting 30,000 rows is more than --max-delete allows. Look at "
                     "them with verify --list-keys first."));
    record.finish_table(table_result("sessions", Outcome::skipped));
    record.notes.push_back({"customers", Severity::info, "The column total was left out."});
    record.notes.push_back({"orders", Severity::warning, "Told at once, not here."});
    record.notes.push_back({"", Severity::info, "The clocks differ by 3 s."});
    record.end.elapsed = Seconds(12.34);
    return record;
}

TEST(Summary, FitsEightyColumns)
{
    EXPECT_EQ(summary_text(mixed_record("slice"), 80, Colour::no),
              "\n"
              "                                               read  read\n"
              "table           rows  differ  copied  deleted    up  down  seconds  result\n"
              "customers    100,000       0       0        0   12K   12K     0.41  EQUAL\n"
              "    note: The column total was left out.\n"
              "orders     2,000,000     215     212        3   80K   40K     3.14  MADE EQUAL\n"
              "audit_log          -       -       -        -     -     -        -  REFUSED\n"
              "    Deleting 30,000 rows is more than --max-delete allows. Look at them with\n"
              "    verify --list-keys first.\n"
              "sessions           -       -       -        -     -     -        -  SKIPPED\n"
              "\n"
              "note: The clocks differ by 3 s.\n"
              "4 tables: 1 equal, 1 made equal, 1 skipped, 1 refused; 212 rows copied, 3\n"
              "deleted; 92 KiB read from upstream, 52 KiB from downstream; 1 warning; 12.3 s.\n");
}

TEST(Summary, FitsSixtyColumnsWithoutTheBytes)
{
    EXPECT_EQ(summary_text(mixed_record("slice"), 60, Colour::no),
              "\n"
              "table          rows differ copied deleted seconds result\n"
              "customers   100,000      0      0       0    0.41 EQUAL\n"
              "    note: The column total was left out.\n"
              "orders    2,000,000    215    212       3    3.14 MADE EQUAL\n"
              "audit_log         -      -      -       -       - REFUSED\n"
              "    Deleting 30,000 rows is more than --max-delete allows.\n"
              "    Look at them with verify --list-keys first.\n"
              "sessions          -      -      -       -       - SKIPPED\n"
              "\n"
              "note: The clocks differ by 3 s.\n"
              "4 tables: 1 equal, 1 made equal, 1 skipped, 1 refused; 212\n"
              "rows copied, 3 deleted; 92 KiB read from upstream, 52 KiB\n"
              "from downstream; 1 warning; 12.3 s.\n");
}

TEST(Summary, FitsOneHundredAndTwentyColumns)
{
    EXPECT_EQ(summary_text(mixed_record("slice"), 120, Colour::no),
              "\n"
              "                                               read  read\n"
              "table           rows  differ  copied  deleted    up  down  seconds  result\n"
              "customers    100,000       0       0        0   12K   12K     0.41  EQUAL\n"
              "    note: The column total was left out.\n"
              "orders     2,000,000     215     212        3   80K   40K     3.14  MADE EQUAL\n"
              "audit_log          -       -       -        -     -     -        -  REFUSED\n"
              "    Deleting 30,000 rows is more than --max-delete allows. Look at them with verify "
              "--list-keys first.\n"
              "sessions           -       -       -        -     -     -        -  SKIPPED\n"
              "\n"
              "note: The clocks differ by 3 s.\n"
              "4 tables: 1 equal, 1 made equal, 1 skipped, 1 refused; 212 rows copied, 3 deleted; "
              "92 KiB read from upstream, 52 KiB\n"
              "from downstream; 1 warning; 12.3 s.\n");
}

TEST(Summary, OfVerifyTellsWhatItFound)
{
    EXPECT_EQ(summary_text(mixed_record("verify"), 80, Colour::no),
              "\n"
              "                                               read  read\n"
              "table           rows  missing  extra  changed    up  down  seconds  result\n"
              "customers    100,000        0      0        0   12K   12K     0.41  EQUAL\n"
              "    note: The column total was left out.\n"
              "orders     2,000,000      200      3       12   80K   40K     3.14  MADE EQUAL\n"
              "audit_log          -        -      -        -     -     -        -  REFUSED\n"
              "    Deleting 30,000 rows is more than --max-delete allows. Look at them with\n"
              "    verify --list-keys first.\n"
              "sessions           -        -      -        -     -     -        -  SKIPPED\n"
              "\n"
              "note: The clocks differ by 3 s.\n"
              "4 tables: 1 equal, 1 made equal, 1 skipped, 1 refused; 200 rows missing, 3\n"
              "extra, 12 changed; 92 KiB read from upstream, 52 KiB from downstream; 1 warning;\n"
              "12.3 s.\n");
}

TEST(Summary, PutsNamesThatDoNotFitOnLinesOfTheirOwn)
{
    Record record;
    record.run = run_info("slice");
    TableResult result = orders();
    result.table = std::string(64, 'n');
    record.finish_table(result);
    result.table = "注文テーブル";
    record.finish_table(result);
    result.table = "bad\x1b[2J\nname";
    record.finish_table(result);
    EXPECT_EQ(summary_text(record, 80, Colour::no),
              "\n"
              "                                                    read read\n"
              "table                    rows differ copied deleted   up down seconds result\n"
              "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\n"
              "                    2,000,000    215    212       3  80K  40K    3.14 MADE EQUAL\n"
              "注文テーブル        2,000,000    215    212       3  80K  40K    3.14 MADE EQUAL\n"
              "bad\\x1b[2J\\nname    2,000,000    215    212       3  80K  40K    3.14 MADE EQUAL\n"
              "\n"
              "3 tables: 3 made equal; 636 rows copied, 9 deleted; 240 KiB read from upstream,\n"
              "120 KiB from downstream; 0.00 s.\n");
}

TEST(Summary, NeverRoundsHugeNumbersToFit)
{
    Record record;
    record.run = run_info("slice");
    TableResult result = orders();
    result.rows = result.missing = result.copied = result.deleted = 18'446'744'073'709'551'615ULL;
    result.missing = 18'446'744'073'709'551'000ULL;
    result.bytes_upstream = result.bytes_downstream = result.rows;
    result.elapsed = Seconds(9'999'999);
    record.finish_table(result);
    record.end.elapsed = Seconds(9'999'999);
    EXPECT_EQ(
        summary_text(record, 80, Colour::no),
        "\n"
        "                                                                                          "
        "                        read read\n"
        "table                       rows                     differ                     copied    "
        "                deleted   up down   seconds result\n"
        "orders\n"
        "      18,446,744,073,709,551,615 18,446,744,073,709,551,015 18,446,744,073,709,551,615 "
        "18,446,744,073,709,551,615  16E  16E 9,999,999 MADE EQUAL\n"
        "\n"
        "1 table: 1 made equal; 18,446,744,073,709,551,615 rows copied,\n"
        "18,446,744,073,709,551,615 deleted; 16 EiB read from upstream, 16 EiB from\n"
        "downstream; 2777h 46m.\n");
}

TEST(Summary, OfZeroRowsHasZeros)
{
    Record record;
    record.run = run_info("slice");
    record.finish_table(table_result("t", Outcome::equal));
    EXPECT_EQ(summary_text(record, 80, Colour::no),
              "\n"
              "                                      read  read\n"
              "table  rows  differ  copied  deleted    up  down  seconds  result\n"
              "t         0       0       0        0     0     0     0.00  EQUAL\n"
              "\n"
              "1 table: 1 equal; nothing written; 0 B read from upstream, 0 B from downstream;\n"
              "0.00 s.\n");
}

TEST(Summary, WithoutTablesSaysSo)
{
    Record record;
    record.run = run_info("slice");
    EXPECT_EQ(summary_text(record, 80, Colour::no), "\nNo tables.\n");
}

TEST(Summary, OfARunThatFailedAtOnceIsEmpty)
{
    Record record;
    record.end.failure = "Cannot connect to prod.";
    EXPECT_EQ(summary_text(record, 80, Colour::no), "");
}

TEST(Summary, ListsTablesThatWereNotFinished)
{
    Record record;
    record.run = run_info("slice");
    record.finish_table(orders());
    record.start_table("lines");
    record.end.failure = "The connection to prod was lost.";
    EXPECT_EQ(summary_text(record, 80, Colour::no),
              "\n"
              "                                            read  read\n"
              "table        rows  differ  copied  deleted    up  down  seconds  result\n"
              "orders  2,000,000     215     212        3   80K   40K     3.14  MADE EQUAL\n"
              "lines           -       -       -        -     -     -        -  UNFINISHED\n"
              "\n"
              "2 tables: 1 made equal, 1 not finished; 212 rows copied, 3 deleted; 80 KiB read\n"
              "from upstream, 40 KiB from downstream; 0.00 s.\n");
}

TEST(Summary, SaysThatADryRunWroteNothing)
{
    Record record;
    record.run = run_info("slice");
    record.run->dry_run = true;
    TableResult result = orders();
    result.outcome = Outcome::different;
    result.copied = result.deleted = 0;
    record.finish_table(result);
    EXPECT_EQ(summary_text(record, 80, Colour::no),
              "\n"
              "                                            read  read\n"
              "table        rows  missing  extra  changed    up  down  seconds  result\n"
              "orders  2,000,000      200      3       12   80K   40K     3.14  DIFFERENT\n"
              "\n"
              "1 table: 1 different; 200 rows missing, 3 extra, 12 changed; dry run, nothing\n"
              "written; 80 KiB read from upstream, 40 KiB from downstream; 0.00 s.\n");
}

TEST(Summary, TellsOfASingleRowThatWasOnlyDeleted)
{
    Record record;
    record.run = run_info("slice");
    TableResult result = table_result("t", Outcome::made_equal);
    result.extra = result.deleted = 1;
    record.finish_table(result);
    const std::string text = summary_text(record, 80, Colour::no);
    EXPECT_NE(text.find("1 table: 1 made equal; 0 rows copied, 1 deleted; "), std::string::npos)
        << text;
}

TEST(Summary, TellsWhatALiteRunHasNotLookedAt)
{
    Record record;
    record.run = run_info("slice");
    record.finish_table(table_result("orders", Outcome::lite, "Not seen: rows deleted upstream."));
    record.finish_table(table_result("queue", Outcome::done));
    const std::string text = summary_text(record, 80, Colour::no);
    for (const char* part :
         {"LITE\n", "DONE\n", "Not seen: rows deleted upstream.", "2 tables: 1 lite, 1 done; "})
        EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
}

TEST(Summary, ColoursTheResultAlone)
{
    const std::string plain = summary_text(mixed_record("slice"), 80, Colour::no);
    std::string coloured = summary_text(mixed_record("slice"), 80, Colour::yes);
    EXPECT_NE(coloured.find("\x1b[32mEQUAL\x1b[0m\n"), std::string::npos);
    EXPECT_NE(coloured.find("\x1b[31mREFUSED\x1b[0m\n"), std::string::npos);
    for (const std::string code : {"\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[0m"}) {
        for (std::size_t at = 0; (at = coloured.find(code)) != std::string::npos;)
            coloured.erase(at, code.size());
    }
    EXPECT_EQ(coloured, plain);
}

TEST(Summary, KeepsToTheWidthWhereverItCan)
{
    for (std::size_t width = 60; width < 130; ++width) {
        std::istringstream lines(summary_text(mixed_record("slice"), width, Colour::no));
        for (std::string line; std::getline(lines, line);)
            EXPECT_LE(display_width(line), width) << line;
    }
}

TEST(Header, NamesBothSidesAndHowTheyAreCompared)
{
    RunInfo info = run_info("slice");
    info.jobs = 4;
    info.dry_run = true;
    EXPECT_EQ(header_text(info, 80),
              "slice from  prod (mysql://reader@db1.example.org:3306/shop), 10.11.6-MariaDB\n"
              "      to    dev (mysql://dev@localhost/shop?socket=/run/mysqld/mysqld.sock),\n"
              "            9.7.0\n"
              "      with  md5 fingerprints, row encoding 1; one consistent snapshot; 4 jobs\n"
              "      dry run: nothing will be written\n");
}

} // namespace
} // namespace slicetool::report::test
