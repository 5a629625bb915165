#include "base/new_file.hpp"

#include "base/error.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/stat.h>

namespace slicetool::base {
namespace {

class NewFileTest : public testing::Test
{
protected:
    NewFileTest()
    {
        std::string name = (std::filesystem::temp_directory_path() / "slicetool.XXXXXX").string();
        m_folder = ::mkdtemp(name.data());
    }
    ~NewFileTest() override { std::filesystem::remove_all(m_folder); }

    static std::string content(const std::string& path)
    {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::ptrdiff_t files() const
    {
        return std::distance(std::filesystem::directory_iterator(m_folder), {});
    }

    void replace(const std::string& path, const std::string& text)
    {
        NewFile file(path, 0644);
        file.write(text);
        file.take_place();
    }

    std::string m_folder;
};

TEST_F(NewFileTest, TakesThePlaceOfAnotherAndLeavesNothingBesideIt)
{
    const std::string path = m_folder + "/current";
    replace(path, "foo0\n");
    EXPECT_EQ(content(path), "foo0\n");
    struct stat before
    {
    };
    ASSERT_EQ(::stat(path.c_str(), &before), 0);
    EXPECT_EQ(before.st_mode & 0777U, 0644U);
    std::ifstream reader(path); // opened before, it goes on to read the old text
    replace(path, "foo1\n");
    std::string line;
    std::getline(reader, line);
    EXPECT_EQ(line, "foo0");
    EXPECT_EQ(content(path), "foo1\n");
    EXPECT_EQ(files(), 1);
}

TEST_F(NewFileTest, ThatCannotTakeItsPlaceChangesNothing)
{
    EXPECT_THROW(replace(m_folder + "/none/current", "x"), Error);
    std::filesystem::create_directory(m_folder + "/folder");
    EXPECT_THROW(replace(m_folder + "/folder", "x"), Error);
    EXPECT_EQ(files(), 1);
}

TEST_F(NewFileTest, ThatIsGivenUpChangesNothing)
{
    const std::string path = m_folder + "/current";
    replace(path, "foo0\n");
    {
        NewFile file(path, 0600);
        file.write("half of ");
    }
    EXPECT_EQ(content(path), "foo0\n");
    EXPECT_EQ(files(), 1);
}

TEST_F(NewFileTest, TakesAFreePlaceOnly)
{
    const std::string path = m_folder + "/job.yaml";
    for (const bool free : {true, false}) {
        NewFile file(path, 0600);
        file.write(free ? "first" : "second");
        EXPECT_EQ(file.take_free_place(), free);
    }
    EXPECT_EQ(content(path), "first");
    EXPECT_EQ(files(), 1);
}

TEST_F(NewFileTest, GoesWhereASymbolicLinkLeads)
{
    const std::string path = m_folder + "/2026.html";
    const std::string link = m_folder + "/last.html";
    replace(path, "old");
    std::filesystem::create_symlink(path, link);
    replace(link, "new");
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_EQ(content(path), "new");
}

/// A pipe stands for /dev/stdout and its kind, which a test had better leave alone.
TEST_F(NewFileTest, NeverReplacesWhatIsNoFile)
{
    const std::string pipe = m_folder + "/pipe";
    const std::string link = m_folder + "/link";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::filesystem::create_symlink(pipe, link);
    EXPECT_THROW(replace(pipe, "x"), Error);
    EXPECT_THROW(replace(link, "x"), Error);
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
    EXPECT_EQ(files(), 2);
}

} // namespace
} // namespace slicetool::base
