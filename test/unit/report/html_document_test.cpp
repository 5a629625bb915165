#include "report/html_document.hpp"

#include "fixtures.hpp"
#include "report/html_text.hpp"
#include "well_formed.hpp"

#include <gmock/gmock.h>

namespace slicetool::report::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const ReportContext k_context{"0.1.0", "2026-01-31T03:15:00Z", "", std::nullopt};

std::string page_of(const Record& record, const ReportContext& context = k_context)
{
    std::string page = html_document(record, context);
    EXPECT_EQ(first_fault(page), "");
    return page;
}

Record record_of(std::vector<TableResult> results, int status)
{
    Record record;
    record.run = run_info("slice");
    for (const auto& result : results)
        record.finish_table(result);
    record.end = {status, Seconds(3.5), ""};
    return record;
}

TableResult orders_with_density()
{
    TableResult result = orders();
    result.density = {{"", 1'990'000, 0, 3, 12}, {"id=1995001", 10'000, 200, 0, 0}};
    return result;
}

TEST(HtmlText, CanEndNeitherAnElementNorAnAttribute)
{
    EXPECT_EQ(html::text("<b>&\"'</b>"), "&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;");
    EXPECT_EQ(html::text("a\nb\x01\xff\u202e"), "a\\nb\\x01\\xff\\u{202E}");
    EXPECT_EQ(html::text("\uFFFE\uFFFF"), "\\u{FFFE}\\u{FFFF}") << "no XML may hold them";
    EXPECT_EQ(html::text("注文 😀 é"), "注文 😀 é");
    EXPECT_EQ(html::lines("a\n\tb"), "a\n\tb");
}

TEST(HtmlDocument, TellsEachTableItsFiguresAndItsStrip)
{
    const std::string page = page_of(record_of({orders_with_density()}, 0));
    EXPECT_THAT(page, HasSubstr("<h1>Made equal</h1>"));
    EXPECT_THAT(page, HasSubstr("<td class=\"name\">orders</td>"));
    EXPECT_THAT(page, HasSubstr("<td class=\"num\" data-of=\"rows\">2,000,000</td>"));
    EXPECT_THAT(page, HasSubstr("<td class=\"num\" data-of=\"missing\">200</td>"));
    EXPECT_THAT(page, HasSubstr("<td class=\"num\" data-of=\"deleted\">3</td>"));
    EXPECT_THAT(page, HasSubstr("<title>from id=1995001: 10,000 rows; 200 missing, 0 extra, 0 "
                                "changed</title>"));
    EXPECT_THAT(page, HasSubstr("prod (mysql://reader@db1.example.org:3306/shop)"));
    EXPECT_THAT(page, HasSubstr("2026-01-31 03:15:00 UTC"));
    EXPECT_THAT(page, Not(HasSubstr("To look at")));
    EXPECT_THAT(page, Not(HasSubstr("Earlier runs")));
}

TEST(HtmlDocument, NeedsNoNetworkAndNoScript)
{
    const std::string page = page_of(record_of({orders_with_density()}, 0));
    for (const std::string forbidden :
         {"<script", "<link", "<img", "<iframe", "@import", "url(", " src=", " href="})
        EXPECT_THAT(page, Not(HasSubstr(forbidden)));
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(HtmlDocument, PutsWhatNeedsAttentionFirst)
{
    Record record =
        record_of({orders(), table_result("audit", Outcome::refused, "Too many deletes."),
                   table_result("lines", Outcome::failed, "Lost the connection.")},
                  2);
    record.start_table("items");
    record.notes.push_back({"orders", Severity::warning, "The downstream table has a trigger."});
    record.notes.push_back({"orders", Severity::info, "A column is generated."});
    const std::string page = page_of(record);
    EXPECT_THAT(page, HasSubstr("<h1>1 table refused, 1 table failed</h1>"));
    const std::size_t attention = page.find("To look at");
    const std::size_t tables = page.find("<h2>Tables</h2>");
    ASSERT_NE(attention, std::string::npos);
    EXPECT_LT(attention, page.find("Too many deletes."));
    EXPECT_LT(page.find("Too many deletes."), tables);
    EXPECT_LT(page.find("Lost the connection."), tables);
    EXPECT_LT(page.find("has a trigger."), tables);
    EXPECT_GT(page.find("A column is generated."), tables);
    EXPECT_THAT(page, HasSubstr("not finished"));
}

TEST(HtmlDocument, AFailedRunHasAPageToo)
{
    Record record;
    record.end = {2, Seconds(0.1), "Cannot connect to prod: <refused>"};
    const std::string page = page_of(record);
    EXPECT_THAT(page, HasSubstr("<h1>Failed</h1>"));
    EXPECT_THAT(page, HasSubstr("Cannot connect to prod: &lt;refused&gt;"));
    EXPECT_THAT(page, HasSubstr("The run ended before it looked at a table."));
    record.end = {130, Seconds(0.1), "Interrupted."};
    EXPECT_THAT(page_of(record), HasSubstr("<h1>Interrupted</h1>"));
}

TEST(HtmlDocument, SaysEqualOnlyOfWhatWasCompared)
{
    const auto verdict = [](const std::vector<TableResult>& results) {
        const std::string page = page_of(record_of(results, 0));
        const std::size_t from = page.find("<h1>") + 4;
        return page.substr(from, page.find("</h1>") - from);
    };
    EXPECT_EQ(verdict({table_result("a", Outcome::equal)}), "Equal");
    EXPECT_EQ(verdict({}), "Done");
    EXPECT_EQ(verdict({table_result("a", Outcome::skipped)}), "Done");
    EXPECT_EQ(verdict({table_result("a", Outcome::done)}), "Done");
    EXPECT_EQ(verdict({table_result("a", Outcome::equal), table_result("b", Outcome::lite)}),
              "Equal as far as it was looked at");
    EXPECT_EQ(
        verdict({table_result("a", Outcome::made_equal), table_result("b", Outcome::resumed)}),
        "Equal, in part by the proof of an earlier run");
}

TEST(HtmlDocument, TellsDriftWithTheStatements)
{
    Record record;
    record.run = run_info("pull_schema");
    record.add_schema({"t", SchemaAction::drift, "", {"Column a is INT, not BIGINT."}, {}, {}});
    record.add_schema(
        {"u", SchemaAction::would_create, "", {}, {}, {"CREATE TABLE u (\n  a INT)"}});
    record.end = {1, Seconds(1), ""};
    const std::string page = page_of(record);
    EXPECT_THAT(page, HasSubstr("<h1>The schemas differ</h1>"));
    EXPECT_THAT(page, HasSubstr("<li>Column a is INT, not BIGINT.</li>"));
    EXPECT_THAT(page, HasSubstr("<pre>CREATE TABLE u (\n  a INT);</pre>"));
}

TEST(HtmlDocument, ListsAndDrawsEarlierRuns)
{
    ReportContext context = k_context;
    context.run_id = "17";
    RunLine well;
    well.id = 16;
    well.command = "slice";
    well.started = std::chrono::system_clock::from_time_t(1'769'742'900);
    well.ended = well.started;
    well.elapsed = Seconds(12.5);
    well.copied = 1200;
    well.deleted = 34;
    RunLine interrupted = well;
    interrupted.exit_status = 130;
    RunLine killed = well;
    killed.ended.reset();
    context.history = {well, interrupted, killed};
    const std::string page = page_of(record_of({orders()}, 0), context);
    EXPECT_THAT(page, HasSubstr("run 17"));
    EXPECT_THAT(page, HasSubstr("<title>2026-01-30 03:15: 1,234 rows</title>"));
    EXPECT_THAT(page, HasSubstr("<td class=\"num\" data-of=\"rows written\">1,234</td>"));
    EXPECT_THAT(page, HasSubstr("interrupted</span>"));
    EXPECT_THAT(page, HasSubstr("not finished</span>"));
    context.history->clear();
    EXPECT_THAT(page_of(record_of({orders()}, 0), context), HasSubstr("this is the first"));
}

TEST(HtmlDocument, DoesNotChokeOnAnyBytes)
{
    std::string bytes = "</td><script>alert(1)</script>\" onload='x' ]]> &amp; \uFFFE";
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    Record record;
    record.run = run_info(bytes);
    record.run->from = record.run->to = record.run->snapshot = record.run->digest = bytes;
    record.run->upstream_version = record.run->downstream_version = bytes;
    TableResult result = table_result(bytes, Outcome::failed, bytes);
    result.density = {{"", 10, 1, 0, 0}, {bytes, 10, 0, 1, 1}};
    record.finish_table(result);
    record.start_table(bytes + "2");
    record.add_schema({bytes, SchemaAction::failed, bytes, {bytes}, {bytes}, {bytes}});
    record.notes.push_back({bytes, Severity::warning, bytes});
    record.notes.push_back({bytes, Severity::info, bytes});
    record.notes.push_back({"", Severity::info, bytes});
    record.end = {2, Seconds(1), bytes};
    RunLine run;
    run.command = run.job = run.failure = bytes;
    const ReportContext context{bytes, bytes, bytes, std::vector<RunLine>{run}};
    EXPECT_THAT(page_of(record, context), Not(HasSubstr("<script")));
}

} // namespace
} // namespace slicetool::report::test
