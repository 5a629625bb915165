#include "browser/browser.hpp"
#include "report/html_document.hpp"
#include "unit/report/fixtures.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iomanip>
#include <memory>

namespace slicetool::report::test {
namespace {

using slicetool::test::Browser;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

/// What an upstream may call a table, and what it would do if it were more than text.
const std::string k_hostile =
    "</td></table><script>window.hurt = 1</script><img src=http://127.0.0.1:9/x "
    "onerror='window.hurt = 2'>\" onload='window.hurt = 3' \u202e";

/// Texts that cannot be read on what is behind them, as "text: ratio". The ratio is that of
/// WCAG 2.1, "contrast ratio"; its level AA asks for 4.5, or for 3 where letters are big.
const std::string k_unreadable = R"js((() => {
    const channel = v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    const parse = c => c.match(/[\d.]+/g).map(Number);
    const light = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
    const over = (a, b, alpha) => a.slice(0, 3).map((v, i) => v * alpha + b[i] * (1 - alpha));
    const behind = e => {
        for (; e; e = e.parentElement) {
            const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] > 0) return c;
        }
        return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), e = walker.currentNode.parentElement;
        if (!text || !e.getClientRects().length || e.closest('svg')) continue;
        const style = getComputedStyle(e), back = behind(e), ink = parse(style.color);
        const [a, b] = [light(over(ink, back, Number(style.opacity))), light(back)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) found.push(text + ': ' + ratio.toFixed(2));
    }
    return found;
})())js";

/// Texts that stick out of the window's right side, without a box of their own that scrolls.
const std::string k_cut_off = R"js((() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const e = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || e.closest('.scroll, .axis')) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        if (range.getBoundingClientRect().right > innerWidth + 1) found.push(walker.currentNode.textContent);
    }
    return found;
})())js";

RunLine earlier_run(int exit_status)
{
    RunLine line;
    line.id = 16;
    line.command = "slice";
    line.started = std::chrono::system_clock::from_time_t(1'769'742'900);
    line.ended = line.started;
    line.exit_status = exit_status;
    line.copied = 1200;
    return line;
}

/// Every part that a page may have, with names and reasons out of hell.
std::string page()
{
    Record record;
    record.run = run_info("slice");
    TableResult wide = orders();
    wide.density = {{"", 1'990'000, 0, 3, 12}, {"id=1995001", 10'000, 200, 0, 0}};
    record.finish_table(wide);
    TableResult refused = table_result(k_hostile, Outcome::refused, k_hostile);
    refused.density = {{k_hostile, 10, 1, 0, 0}, {k_hostile, 10, 0, 1, 1}};
    record.finish_table(refused);
    record.finish_table(table_result("visits", Outcome::lite, "deletes are not seen"));
    record.finish_table(table_result("audit", Outcome::failed, "Lost the connection."));
    record.add_schema(
        {k_hostile, SchemaAction::drift, k_hostile, {k_hostile}, {k_hostile}, {k_hostile}});
    record.notes.push_back({k_hostile, Severity::warning, k_hostile});
    record.end = {2, Seconds(3.5), k_hostile};
    RunLine hostile = earlier_run(2);
    hostile.failure = k_hostile;
    const ReportContext context{"0.1.0", "2026-01-31T03:15:00Z", "17",
                                std::vector<RunLine>{earlier_run(0), earlier_run(1), hostile}};
    return html_document(record, context);
}

/// One browser and one page for all tests.
class HtmlReport : public testing::Test
{
protected:
    static void SetUpTestSuite()
    {
        const std::string program = Browser::find();
        if (program.empty())
            return;
        s_path = (std::filesystem::temp_directory_path() / "slicetool-report.XXXXXX").string();
        ::close(::mkstemp(s_path.data()));
        std::filesystem::rename(s_path, s_path + ".html");
        s_path += ".html";
        std::ofstream(s_path) << page();
        s_browser = std::make_unique<Browser>(program);
    }

    static void TearDownTestSuite()
    {
        s_browser.reset();
        std::filesystem::remove(s_path);
    }

    void SetUp() override
    {
        if (s_browser)
            return;
        const char* ci = std::getenv("CI");
        ASSERT_FALSE(ci != nullptr && std::string(ci) == "true") << "CI has no Chromium";
        GTEST_SKIP() << "no Chromium: SLICETOOL_BROWSER names none, and the PATH has none";
    }

    static std::vector<Browser::Look> looks()
    {
        return {{1280, false, false},
                {1280, true, false},
                {400, false, false},
                {400, true, false},
                {794, false, true}};
    }

    static std::string describe(const Browser::Look& look)
    {
        return std::to_string(look.width) + (look.dark ? " dark" : " light") +
               (look.print ? " on paper" : "");
    }

    static inline std::string s_path;
    static inline std::unique_ptr<Browser> s_browser;
};

TEST_F(HtmlReport, AsksForNothingAndHasNothingToComplainOf)
{
    s_browser->open(s_path, {});
    EXPECT_THAT(s_browser->requests(), ElementsAre("file://" + s_path));
    EXPECT_THAT(s_browser->complaints(), IsEmpty());
}

TEST_F(HtmlReport, ShowsHostileNamesAsText)
{
    s_browser->open(s_path, {});
    EXPECT_EQ(s_browser->evaluate("typeof window.hurt"), "undefined");
    EXPECT_EQ(
        s_browser->evaluate(
            "document.querySelectorAll('script, img, iframe, object, [onload], [onerror]').length"),
        0);
    const std::string name =
        s_browser->evaluate("document.querySelectorAll('td.name')[1].textContent");
    EXPECT_THAT(name, StartsWith("</td></table><script>window.hurt = 1</script>"));
    EXPECT_EQ(s_browser->evaluate("document.querySelectorAll('table.stack tbody').length > 0"),
              true);
}

TEST_F(HtmlReport, CanBeReadInEveryLook)
{
    for (const auto& look : looks()) {
        SCOPED_TRACE(describe(look));
        s_browser->open(s_path, look);
        EXPECT_THAT(s_browser->evaluate(k_unreadable).get<std::vector<std::string>>(), IsEmpty());
    }
}

TEST_F(HtmlReport, FitsIntoEveryWindow)
{
    for (const auto& look : looks()) {
        SCOPED_TRACE(describe(look));
        s_browser->open(s_path, look);
        EXPECT_EQ(s_browser->evaluate("innerWidth"), look.width);
        EXPECT_LE(s_browser->evaluate("document.documentElement.scrollWidth").get<int>(),
                  look.width);
        EXPECT_THAT(s_browser->evaluate(k_cut_off).get<std::vector<std::string>>(), IsEmpty());
    }
}

TEST_F(HtmlReport, DrawsTheChangesWhereTheyAre)
{
    s_browser->open(s_path, {});
    const auto middle = [](const std::string& what) {
        return s_browser
            ->evaluate("(() => { const s = document.querySelector('.strip'), b = "
                       "s.getBoundingClientRect();"
                       "const r = s.querySelector('" +
                       what +
                       "').getBoundingClientRect();"
                       "return r.height > 0 ? (r.left + r.width / 2 - b.left) / b.width : -1; })()")
            .get<double>();
    };
    EXPECT_GT(middle(".missing"), 0.98) << "200 rows at the end of the key space";
    const double changed = middle(".changed");
    EXPECT_GT(changed, 0);
    EXPECT_LT(changed, 0.98);
}

TEST_F(HtmlReport, HasADarkPageForThoseWhoWantOneAndWhitePaper)
{
    const std::string k_back = "getComputedStyle(document.body).backgroundColor";
    s_browser->open(s_path, {1280, false, false});
    const auto light = s_browser->evaluate(k_back);
    s_browser->open(s_path, {1280, true, false});
    EXPECT_NE(s_browser->evaluate(k_back), light);
    s_browser->open(s_path, {794, true, true});
    EXPECT_EQ(s_browser->evaluate(k_back), "rgb(255, 255, 255)");
    EXPECT_THAT(s_browser->print(), StartsWith("%PDF-"));
}

} // namespace
} // namespace slicetool::report::test
