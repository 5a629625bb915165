#include "report/report_file.hpp"

#include "base/error.hpp"
#include "fixtures.hpp"
#include "well_formed.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace slicetool::report::test {
namespace {

using testing::HasSubstr;

class ReportFileTest : public testing::Test
{
protected:
    ReportFileTest()
    {
        std::string name = std::filesystem::temp_directory_path() / "slicetool-report.XXXXXX";
        m_folder = ::mkdtemp(name.data());
    }
    ~ReportFileTest() override { std::filesystem::remove_all(m_folder); }

    /// Tells a run to a report of that name; returns the complaints.
    std::string tell(const std::string& name, ReportFileKind kind = ReportFileKind::by_name)
    {
        std::string complaints;
        ReportFileOptions options;
        options.path = (m_folder / name).string();
        options.tool_version = "0.1.0";
        options.differences = Differences::listed;
        options.started = std::chrono::system_clock::from_time_t(1'769'829'300);
        options.kind = kind;
        options.complain = [&](const std::string& sentence) { complaints += sentence; };
        ReportFile report(options);
        report.run_started(run_info("slice"));
        report.note("orders", Severity::warning, "The downstream table has a trigger.");
        report.difference("orders", {DifferenceKind::changed, {{"id", "17"}}, {}});
        report.table_finished(orders());
        EXPECT_TRUE(std::filesystem::is_empty(m_folder) || m_filled) << "a report before the end";
        report.run_finished({0, Seconds(3.5), ""});
        return complaints;
    }

    std::string read(const std::string& name) const
    {
        std::ifstream file(m_folder / name);
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    }

    std::size_t files() const
    {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(m_folder), {}));
    }

    std::filesystem::path m_folder;
    bool m_filled = false;
};

TEST_F(ReportFileTest, IsOfTheKindThatItsNameEndsIn)
{
    EXPECT_EQ(tell("a.txt"), "");
    EXPECT_THAT(read("a.txt"), HasSubstr("MADE EQUAL"));
    EXPECT_THAT(read("a.txt"), HasSubstr("orders\tchanged\tid=17\n"));
    EXPECT_THAT(read("a.txt"), HasSubstr("warning: orders: The downstream table has a trigger."));
    m_filled = true;
    EXPECT_EQ(tell("a.json"), "");
    const auto document = nlohmann::json::parse(read("a.json"));
    EXPECT_EQ(document["started_at"], "2026-01-31T03:15:00Z");
    EXPECT_EQ(document["differences"].size(), 1U);
    EXPECT_EQ(tell("a.HTML"), "");
    EXPECT_EQ(first_fault(read("a.HTML")), "");
    EXPECT_THAT(read("a.HTML"), HasSubstr("2026-01-31 03:15:00 UTC"));
    EXPECT_THROW(require_report_name("a.pdf"), base::UsageError);
    EXPECT_THROW(require_report_name("html"), base::UsageError);
}

TEST_F(ReportFileTest, CanBeNamedAfterTheTimeOfTheRun)
{
    EXPECT_EQ(tell("shop-{time}.txt"), "");
    EXPECT_NE(read("shop-20260131T031500Z.txt"), "");
}

TEST_F(ReportFileTest, ReplacesAnEarlierOneAndIsForItsOwnerOnly)
{
    std::ofstream(m_folder / "a.html") << "earlier";
    ::chmod((m_folder / "a.html").c_str(), 0644);
    m_filled = true;
    EXPECT_EQ(tell("a.html"), "");
    EXPECT_THAT(read("a.html"), HasSubstr("<!DOCTYPE html>"));
    EXPECT_EQ(files(), 1U);
    EXPECT_EQ(std::filesystem::status(m_folder / "a.html").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ReportFileTest, HoldsMetricsThatNodeExporterMayRead)
{
    EXPECT_EQ(tell("shop \"x\".prom", ReportFileKind::metrics), "");
    const std::string text = read("shop \"x\".prom");
    EXPECT_THAT(text, HasSubstr("# TYPE slicetool_exit_status gauge\n"
                                "slicetool_exit_status{name=\"shop \\\"x\\\"\"} 0\n"));
    EXPECT_THAT(text, HasSubstr(",kind=\"copied\"} 212\n"));
    EXPECT_THAT(text, HasSubstr(",outcome=\"made_equal\"} 1\n"));
    EXPECT_THAT(text, HasSubstr(",table=\"orders\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("slicetool_duration_seconds{name=\"shop \\\"x\\\"\"} 3.500\n"));
    EXPECT_NE(std::filesystem::status(m_folder / "shop \"x\".prom").permissions() &
                  std::filesystem::perms::others_read,
              std::filesystem::perms::none);
}

TEST_F(ReportFileTest, ThatCannotBeWrittenIsComplainedAboutAndLeavesNothing)
{
    EXPECT_THAT(tell("no/such/folder.html"),
                HasSubstr("There is no report of this run. Cannot write "));
    std::filesystem::create_directory(m_folder / "taken.html");
    m_filled = true;
    EXPECT_THAT(tell("taken.html"), HasSubstr("it is no file that could be replaced"));
    EXPECT_EQ(files(), 1U);
}

} // namespace
} // namespace slicetool::report::test
