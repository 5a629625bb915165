#include "state/file.hpp"

#include "state/current.hpp"
#include "state/schema.hpp"
#include "state/statement.hpp"
#include "unit/state/fixture.hpp"

#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>
#include <thread>

namespace slicetool::state::test {
namespace {

using testing::HasSubstr;

class StateFile : public StateTest
{
protected:
    static mode_t mode_of(const std::string& path)
    {
        struct stat status = {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_mode & 0777U;
    }

    std::string refusal() const
    {
        try {
            const File file(path(), File::Missing::create);
        } catch (const Error& problem) {
            return problem.what();
        }
        return "";
    }

    void set(const std::string& pragma) const
    {
        SQLite::Database(path(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(pragma);
    }
};

TEST_F(StateFile, IsMadeForItsOwnerOnlyWithItsFolder)
{
    const std::string below = path("a/b/state.sqlite");
    File file(below, File::Missing::create);
    file.write([](SQLite::Database& database) { put_current(database, "shop", "foo0"); });
    EXPECT_EQ(mode_of(below), 0600U);
    EXPECT_EQ(mode_of(path("a/b")), 0700U);
}

TEST_F(StateFile, KeepsWhatWasWrittenAndNothingOfAFailedTransaction)
{
    {
        File file(path(), File::Missing::create);
        file.write([](SQLite::Database& database) { put_current(database, "shop", "foo0"); });
        EXPECT_THROW(file.write([](SQLite::Database& database) {
            put_current(database, "shop", "foo1");
            throw std::runtime_error("half way");
        }),
                     std::runtime_error);
    }
    File again(path(), File::Missing::refuse);
    again.read([](SQLite::Database& database) {
        EXPECT_EQ(find_current(database, "shop"), "foo0");
        EXPECT_EQ(find_current(database, "other"), std::nullopt);
    });
}

TEST_F(StateFile, OfANewerVersionIsRefused)
{
    {
        const File made(path(), File::Missing::create);
    }
    set(fmt::format("PRAGMA user_version = {}", schema_version() + 1));
    EXPECT_THAT(refusal(), HasSubstr("a newer slicetool wrote it"));
    EXPECT_THAT(refusal(), HasSubstr("--no-state"));
}

TEST_F(StateFile, OfAnotherProgramIsRefused)
{
    set("CREATE TABLE theirs (id INTEGER)");
    EXPECT_THAT(refusal(), HasSubstr("another program's database"));
}

TEST_F(StateFile, ThatIsDamagedIsRefusedAndLeftAsItIs)
{
    const std::string garbage(5000, 'x');
    std::ofstream(path()) << garbage;
    EXPECT_THAT(refusal(), HasSubstr(fmt::format("mv '{0}' '{0}.damaged'", path())));
    std::ifstream now(path());
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(now), {}), garbage);
}

TEST_F(StateFile, WhoseFolderCannotBeMadeIsRefused)
{
    std::ofstream(path("file")) << "no folder";
    EXPECT_THROW(File(path("file/below/state.sqlite"), File::Missing::create), Error);
}

TEST_F(StateFile, OfTheFirstVersionIsBroughtUpToDateByTwoAtATime)
{
    std::thread other([&] { const File file(path(), File::Missing::create); });
    const File file(path(), File::Missing::create);
    other.join();
    EXPECT_EQ(SQLite::Database(path()).execAndGet("PRAGMA user_version").getInt(),
              schema_version());
}

TEST_F(StateFile, TwoWritersWaitForEachOther)
{
    constexpr int k_each = 20;
    const auto write = [&](const std::string& name) {
        File file(path(), File::Missing::create);
        for (int at = 0; at < k_each; ++at)
            file.write([&](SQLite::Database& database) {
                put_current(database, fmt::format("{} {}", name, at), "x");
            });
    };
    std::thread other([&] { write("one"); });
    write("two");
    other.join();
    EXPECT_EQ(SQLite::Database(path()).execAndGet("SELECT COUNT(*) FROM current").getInt(),
              2 * k_each);
}

} // namespace
} // namespace slicetool::state::test
