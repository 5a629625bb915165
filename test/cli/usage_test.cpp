#include "cli/process.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sstream>

/// What needs no server: help, version, bad usage.
namespace slicetool::test {
namespace {

using testing::HasSubstr;

/// Characters, not bytes, of the longest line.
std::size_t widest_line(const std::string& text)
{
    std::size_t widest = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::size_t width = 0;
        for (const char byte : line)
            width += (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U ? 0 : 1;
        widest = std::max(widest, width);
    }
    return widest;
}

TEST(Usage, AloneItShowsWhatItCanDo)
{
    const Ended ended = slicetool({});
    EXPECT_THAT(ended.status, testing::AnyOf(0, 2));
    EXPECT_THAT(ended.out + ended.err, HasSubstr("pull_schema"));
    EXPECT_THAT(ended.out + ended.err, HasSubstr("slice"));
    EXPECT_THAT(ended.out + ended.err, HasSubstr("verify"));
}

TEST(Usage, HelpGoesToStandardOutputAndEndsWithZero)
{
    for (const std::string help : {"--help", "-h"}) {
        const Ended ended = slicetool({help});
        EXPECT_EQ(ended.status, 0);
        EXPECT_EQ(ended.err, "");
        EXPECT_THAT(ended.out, HasSubstr("Exit status"));
        EXPECT_LE(widest_line(ended.out), 120U);
    }
}

TEST(Usage, HelpOfEachCommandFitsAndNamesTheExitStatuses)
{
    for (const std::string command : {"check", "slice", "undo", "verify", "pull_schema"}) {
        SCOPED_TRACE(command);
        const Ended ended = slicetool({command, "--help"});
        EXPECT_EQ(ended.status, 0);
        EXPECT_EQ(ended.err, "");
        EXPECT_LE(widest_line(ended.out), 100U);
        EXPECT_THAT(ended.out, HasSubstr("Exit status"));
        EXPECT_THAT(ended.out, HasSubstr("130"));
        EXPECT_THAT(ended.out, HasSubstr(command == "undo" ? "RUN" : "--from"));
        EXPECT_THAT(ended.out, HasSubstr("--to"));
        EXPECT_THAT(ended.out, HasSubstr("--json"));
    }
}

TEST(Usage, VersionTellsTheFormatsAndTheLibraries)
{
    const Ended ended = slicetool({"--version"});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.err, "");
    EXPECT_THAT(ended.out, testing::ContainsRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
    EXPECT_THAT(ended.out, testing::StartsWith("slicetool "));
    EXPECT_THAT(ended.out, HasSubstr("Connector C++"));
    for (const std::string name :
         {"row encoding", "slicetool-report/", "libmariadb", "OpenSSL", "SQLite", "zstd",
          "yaml-cpp", "CLI11", "spdlog", "fmt", "nlohmann-json"})
        EXPECT_THAT(ended.out, testing::ContainsRegex(name + "[ /]?[0-9]")) << name;
}

TEST(Usage, TheHyphenatedNameOfPullSchemaWorks)
{
    const Ended ended = slicetool({"pull-schema", "--help"});
    EXPECT_EQ(ended.status, 0);
    EXPECT_THAT(ended.out, HasSubstr("--recreate"));
}

TEST(Usage, WhatItDoesNotKnowEndsWithTwoAndNamesIt)
{
    const std::vector<std::vector<std::string>> mistakes = {{"--nonsense"},
                                                            {"slice", "--nonsense"},
                                                            {"verify", "--alter", "nonsense"},
                                                            {"nonsense"},
                                                            {"slice", "--zoom", "nonsense"},
                                                            {"slice", "--max-delete", "nonsense"},
                                                            {"slice", "--jobs", "nonsense"},
                                                            {"slice", "--digest", "nonsense"}};
    for (auto words : mistakes) {
        const std::string wrong =
            words.back() == "nonsense" || words.back() == "--nonsense" ? "nonsense" : words.back();
        SCOPED_TRACE(testing::PrintToString(words));
        words.insert(words.end(),
                     {"--from", "mysql://u@127.0.0.1:1/d", "--to", "mysql://u@127.0.0.1:1/e"});
        if (words.size() == 5)
            words.resize(1);
        const Ended ended = slicetool(words);
        EXPECT_EQ(ended.status, 2);
        EXPECT_EQ(ended.out, "");
        EXPECT_THAT(ended.err, testing::AnyOf(HasSubstr("nonsense"), HasSubstr("--alter")));
    }
}

TEST(Usage, AMissingEndpointIsNamed)
{
    const Ended without_both = slicetool({"slice"});
    EXPECT_EQ(without_both.status, 2);
    EXPECT_THAT(without_both.err, HasSubstr("--from"));
    const Ended without_to = slicetool({"slice", "--from", "mysql://u@127.0.0.1:1/d"});
    EXPECT_EQ(without_to.status, 2);
    EXPECT_THAT(without_to.err, HasSubstr("--to"));
}

TEST(Usage, BadUsageWithJsonIsOneDocument)
{
    const Ended ended = slicetool({"slice", "--json", "--from", "mysql://u@127.0.0.1:1/d"});
    EXPECT_EQ(ended.status, 2);
    const auto document = nlohmann::json::parse(ended.out, nullptr, false);
    ASSERT_FALSE(document.is_discarded()) << ended.out;
    EXPECT_EQ(document["exit_status"], 2);
    EXPECT_THAT(document["failure"].get<std::string>(), HasSubstr("--to"));
}

TEST(Usage, AUrlWithAPasswordIsWarnedOfAndNeverRepeated)
{
    const Ended ended = slicetool({"slice", "--from", "mysql://u:geheim-73@127.0.0.1:1/d", "--to",
                                   "mysql://u@127.0.0.1:1/e"});
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, HasSubstr("password"));
    EXPECT_THAT(ended.out + ended.err, testing::Not(HasSubstr("geheim")));
}

TEST(Usage, AMalformedUrlIsNotRepeated)
{
    for (const std::string url :
         {"mysql://u:geheim-73@127.0.0.1:port/d", "http://u:geheim-73@127.0.0.1/d",
          "mysql://u:geheim-73@127.0.0.1:1/d?nonsense=1"}) {
        const Ended ended = slicetool({"slice", "--from", url, "--to", "mysql://u@127.0.0.1:1/e"});
        EXPECT_EQ(ended.status, 2) << url;
        EXPECT_THAT(ended.out + ended.err, testing::Not(HasSubstr("geheim")));
        EXPECT_THAT(ended.err, HasSubstr("--from"));
    }
}

} // namespace
} // namespace slicetool::test
