#include "cli/server_fixture.hpp"

#include <filesystem>
#include <sys/stat.h>

/// Reports in files, of the real binary.
namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What an XML parser that is not ours reads as text, or the reason why it cannot.
std::string text_of_page(const std::string& path)
{
    const Process::Environment utf8{{"PYTHONIOENCODING", "utf-8"}};
    const Ended parsed = Process({"python3", "-c",
                                  "import sys, xml.etree.ElementTree as t\n"
                                  "print(''.join(t.parse(sys.argv[1]).getroot().itertext()))",
                                  path},
                                 utf8)
                             .wait();
    EXPECT_EQ(parsed.status, 0) << parsed.err;
    return parsed.out + parsed.err;
}

class Reports : public CliTest
{
protected:
    std::string path(const std::string& name) const { return m_folder.path() + "/" + name; }

    TemporaryFolder m_folder;
};

INSTANTIATE_TEST_SUITE_P(Pairings, Reports, testing::Values(pairings().front(), pairings().back()),
                         pairing_name);

TEST_P(Reports, EveryKindTellsTheSameRun)
{
    make_ids(3000);
    on_both({"ANALYZE TABLE ids"}); // else ranges may be few and wide
    m_down->run({"UPDATE ids SET v = 'x' WHERE id = 17"});
    const Ended ended = tool("slice", {"--report", path("a.html"), "--report", path("a.json"),
                                       "--report", path("a.txt")});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.err, "");
    const std::string page = text_of_page(path("a.html"));
    EXPECT_THAT(page, HasSubstr("Made equal"));
    EXPECT_THAT(page, HasSubstr("3,000"));
    EXPECT_THAT(page, HasSubstr("0 missing, 0 extra, 1 changed"));
    const auto told = nlohmann::json::parse(m_folder.read("a.json"));
    EXPECT_EQ(told["tables"][0]["changed"], 1);
    EXPECT_THAT(m_folder.read("a.txt"), HasSubstr("MADE EQUAL\n    first key ▄▄▄▄▁"));
    struct stat status = {};
    ASSERT_EQ(::stat(path("a.html").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_P(Reports, OfAFailedRunTellWhyAndHoldNoPassword)
{
    const Ended ended = slicetool({"slice", "--from", "mysql://u:hunter2@127.0.0.1:1/db", "--to",
                                   down(), "--report", path("a.html")});
    EXPECT_EQ(ended.status, 2);
    const std::string page = m_folder.read("a.html");
    EXPECT_THAT(text_of_page(path("a.html")), HasSubstr("127.0.0.1"));
    EXPECT_THAT(page, HasSubstr("<h1>Failed</h1>"));
    EXPECT_THAT(page, Not(HasSubstr("hunter2")));
}

TEST_P(Reports, ACommandHearsOfAFailureAndOfNoSecrets)
{
    make_ids(10);
    m_down->run({"DELETE FROM ids WHERE id = 3"});
    const std::string command = "env > " + path("heard") + "; exit 3";
    const std::vector<std::string> words = {"verify",  "--from",   up(),           "--to", down(),
                                            "--state", path("st"), "--on-failure", command};
    const Ended ended = slicetool(words, {{"SHOP_PASSWORD", "hunter2"}});
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, HasSubstr("The command of --on-failure ended with status 3."));
    const std::string heard = m_folder.read("heard");
    EXPECT_THAT(heard, HasSubstr("SLICETOOL_RUN=1\n"));
    EXPECT_THAT(heard, HasSubstr("SLICETOOL_STATUS=1\n"));
    EXPECT_THAT(heard, Not(HasSubstr("hunter2")));
}

TEST_P(Reports, NoCommandHearsOfARunThatWentWell)
{
    make_ids(10);
    EXPECT_EQ(tool("verify", {"--on-failure", "touch " + path("heard")}).status, 0);
    EXPECT_FALSE(std::filesystem::exists(path("heard")));
}

TEST_P(Reports, ThatCannotBeWrittenAreAWarningOfARunThatDoesItsWork)
{
    make_ids(10);
    m_down->run({"DELETE FROM ids WHERE id = 3"});
    const Ended ended = tool("slice", {"--report", path("no/such/folder.html")});
    EXPECT_EQ(ended.status, 0);
    EXPECT_THAT(ended.err, HasSubstr("warning: There is no report of this run. Cannot write "));
    EXPECT_THAT(ended.out, HasSubstr("1 warning"));
    EXPECT_EQ(downstream_rows().size(), 10U);
    const Ended named = tool("slice", {"--report", path("report.pdf")});
    EXPECT_EQ(named.status, 2);
    EXPECT_THAT(named.err, HasSubstr(".html, .json or .txt"));
}

TEST_P(Reports, OfAJobGoWhereItsConfigSays)
{
    make_ids(10);
    const std::string config =
        m_folder.write("job.yaml", "endpoints:\n  up: {database: x}\n  down: {database: x}\n"
                                   "jobs:\n  j: {from: up, to: down, report: 'job-{time}.html', "
                                   "metrics_file: job.prom, tables: [ids]}\n");
    const Ended ended = tool("verify", {"--config", config, "--job", "j"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(m_folder.read("job.prom"), HasSubstr("slicetool_exit_status{name=\"job\"} 0\n"));
    std::size_t pages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder.path())) {
        const std::string name = entry.path().filename().string();
        pages += name.starts_with("job-2") && name.ends_with("Z.html") ? 1 : 0;
    }
    EXPECT_EQ(pages, 1U);
}

TEST_P(Reports, KnowTheRunsBeforeAndCanBeHadLater)
{
    make_ids(10);
    m_down->run({"DELETE FROM ids WHERE id > 3"});
    EXPECT_EQ(tool("slice", {"--state", path("state")}).status, 0);
    EXPECT_EQ(tool("verify", {"--state", path("state")}).status, 0);
    EXPECT_EQ(tool("slice", {"--state", path("state"), "--report", path("a.html")}).status, 0);
    const std::string page = text_of_page(path("a.html"));
    EXPECT_THAT(page, HasSubstr("run 3"));
    EXPECT_THAT(page, HasSubstr(": 7 rows"));
    EXPECT_THAT(page, Not(HasSubstr("verify"))) << "another command's run";
    const Ended later =
        slicetool({"runs", "show", "1", "--state", path("state"), "--html", path("b.html")});
    EXPECT_EQ(later.status, 0) << later.err;
    EXPECT_EQ(later.out, "");
    EXPECT_THAT(text_of_page(path("b.html")), HasSubstr("Made equal"));
}

TEST_P(Reports, HoldNamesAndReasonsAsText)
{
    const std::string name = "</td><script>alert(1)</script>";
    on_both({"CREATE TABLE `" + name + "` (`\" x='&amp;` INT PRIMARY KEY, v INT)",
             "INSERT INTO `" + name + "` VALUES (1, 1)"});
    m_up->run({"DELETE FROM `" + name + "`"});
    const Ended ended = tool("slice", {"--report", path("a.html")});
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(m_folder.read("a.html"), Not(HasSubstr("<script")));
    EXPECT_THAT(text_of_page(path("a.html")), HasSubstr(name));
}

} // namespace
} // namespace slicetool::test
