#include "cli/page.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

/// The reader of pages itself: a page that is wrong must not pass.
namespace slicetool::test {
namespace {

using testing::HasSubstr;

class PageReader : public testing::Test
{
protected:
    std::string page(const std::string& text) { return m_folder.write("page.md", text); }
    std::string run(const std::string& text) { return Page(page(text)).run(); }

    TemporaryFolder m_folder;
};

TEST_F(PageReader, RunsScriptsInOrderWithFilesAndTheProgram)
{
    EXPECT_EQ(run("# A page\n\n<!-- test: file=a.yaml -->\n```yaml\njobs: 1\n```\n\nText.\n\n"
                  "<!-- test: run shows=\"jobs: 1\" shows=slice -->\n"
                  "```sh\ncat a.yaml\nslicetool --help\n```\n\n```\noutput\n```\n"
                  "<!-- test: run status=3 -->\n```sh\nexit 3\n```\n"
                  "<!-- test: skip -->\n```sh\nexit 4\n```\n"),
              "");
}

TEST_F(PageReader, TellsAScriptThatEndsOrPrintsOtherwiseThanThePageSays)
{
    EXPECT_THAT(run("<!-- test: run -->\n```sh\necho here\nfalse\ntrue\n```\n"),
                testing::AllOf(HasSubstr("page.md:3: ended with 1, not 0"), HasSubstr("here")));
    EXPECT_THAT(run("<!-- test: run status=1 -->\n```sh\ntrue\n```\n"),
                HasSubstr("ended with 0, not 1"));
    EXPECT_THAT(run("<!-- test: run shows=\"MADE EQUAL\" -->\n```sh\necho EQUAL\n```\n"),
                HasSubstr("does not show MADE EQUAL"));
}

TEST_F(PageReader, RefusesBlocksThatNobodyWouldRun)
{
    EXPECT_THROW(run("```sh\ntrue\n```\n"), std::runtime_error);
    EXPECT_THROW(run("```yaml\na: 1\n```\n"), std::runtime_error);
    EXPECT_THROW(run("<!-- test: run twice -->\n```sh\ntrue\n```\n"), std::runtime_error);
    EXPECT_THROW(run("<!-- test: run -->\n\n```sh\ntrue\n```\n"), std::runtime_error);
    EXPECT_THROW(run("<!-- tests: run -->\n```sh\ntrue\n```\n"), std::runtime_error);
}

TEST_F(PageReader, ReplacesNamesThatThePageMustSay)
{
    Page read(page("<!-- test: run name=tell shows=b.example -->\n```sh\necho a.example\n```\n"));
    EXPECT_NE(read.run("tell"), "");
    read.replace("a.example", "b.example");
    EXPECT_EQ(read.run("tell"), "");
    EXPECT_THROW(read.replace("a.example", "c.example"), std::runtime_error);
    EXPECT_THROW(read.run("other"), std::runtime_error);
}

} // namespace
} // namespace slicetool::test
