#include "report/log.hpp"

#include "base/error.hpp"
#include "fixtures.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <spdlog/spdlog.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace slicetool::report::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

/// The message with which it throws a UsageError.
std::string complaint(const LogOptions& options)
{
    Stage stage;
    try {
        set_up_log(options, stage.screen);
    } catch (const base::UsageError& error) {
        return error.what();
    }
    return "";
}

struct Folder
{
    std::filesystem::path path;

    Folder() : path(std::filesystem::temp_directory_path() / "slicetool_log_test_XXXXXX")
    {
        std::string name = path.string();
        if (::mkdtemp(name.data()) != nullptr)
            path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

TEST(Log, NamesTheNearestLevel)
{
    EXPECT_EQ(complaint({"warnin", ""}),
              "Unknown log level 'warnin'; did you mean 'warning'? The levels are trace, debug, "
              "info, warning, error, critical, off.");
    EXPECT_THAT(complaint({"loud", ""}), HasSubstr("Unknown log level 'loud'"));
    EXPECT_EQ(complaint({"WARNING", ""}), "");
}

TEST(Log, SaysWhyTheFileCannotBeWritten)
{
    EXPECT_EQ(complaint({"info", "/nonexistent/log"}),
              "Cannot open the log file /nonexistent/log for writing: No such file or directory. "
              "Give --log-file a file in a folder that exists and that you may write to.");
}

TEST(Log, StepsAroundTheLiveLines)
{
    Stage stage(true);
    set_up_log({"info", ""}, stage.screen);
    stage.screen->paint({"live"}, 80);
    stage.err.clear();
    spdlog::debug("below the level");
    EXPECT_EQ(stage.err, "");
    spdlog::info("rows of {}\x1b[2J", "orders");
    EXPECT_THAT(stage.err,
                MatchesRegex("\x1b\\[1A\r\x1b\\[J[0-9:]{8} info: rows of orders.x1b.2J\n"));
    EXPECT_EQ(stage.out, "");
    spdlog::drop_all();
}

TEST(Log, SaysOnceThatItCannotBeWritten)
{
    Stage stage;
    set_up_log({"info", "/dev/full"}, stage.screen);
    spdlog::info("first");
    spdlog::info("second");
    spdlog::drop_all();
    EXPECT_THAT(
        stage.err,
        MatchesRegex("[0-9:]{8} info: first\n"
                     "slicetool: Cannot write the log to /dev/full: No space left on device. "
                     "The run goes on; its log is incomplete.\n"
                     "[0-9:]{8} info: second\n"));
}

TEST(Log, AppendsToAFileThatOthersCannotRead)
{
    const Folder folder;
    const std::string path = folder.path / "log";
    for (const char* message : {"first", "second"}) {
        Stage stage;
        set_up_log({"debug", path}, stage.screen);
        spdlog::debug(message);
        spdlog::drop_all();
    }
    struct stat status
    {
    };
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    EXPECT_THAT(text.str(), HasSubstr(" debug: first\n"));
    EXPECT_THAT(text.str(), HasSubstr(" debug: second\n"));
}

} // namespace
} // namespace slicetool::report::test
