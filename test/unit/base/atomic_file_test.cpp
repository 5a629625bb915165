#include "base/atomic_file.hpp"

#include "base/error.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/stat.h>

namespace slicetool::base {
namespace {

class AtomicFile : public testing::Test
{
protected:
    AtomicFile()
    {
        std::string name = (std::filesystem::temp_directory_path() / "slicetool.XXXXXX").string();
        m_folder = ::mkdtemp(name.data());
    }
    ~AtomicFile() override { std::filesystem::remove_all(m_folder); }

    static std::string content(const std::string& path)
    {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::ptrdiff_t files() const
    {
        return std::distance(std::filesystem::directory_iterator(m_folder), {});
    }

    std::string m_folder;
};

TEST_F(AtomicFile, IsReplacedAndNothingIsLeftBesideIt)
{
    const std::string path = m_folder + "/current";
    replace_file(path, "foo0\n");
    EXPECT_EQ(content(path), "foo0\n");
    struct stat before
    {
    };
    ASSERT_EQ(::stat(path.c_str(), &before), 0);
    EXPECT_EQ(before.st_mode & 0777U, 0644U);
    std::ifstream reader(path); // opened before, it goes on to read the old text
    replace_file(path, "foo1\n");
    std::string line;
    std::getline(reader, line);
    EXPECT_EQ(line, "foo0");
    EXPECT_EQ(content(path), "foo1\n");
    EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFile, StaysAsItWasWhenItCannotBeReplaced)
{
    EXPECT_THROW(replace_file(m_folder + "/none/current", "x"), Error);
    std::filesystem::create_directory(m_folder + "/folder");
    EXPECT_THROW(replace_file(m_folder + "/folder", "x"), Error);
    EXPECT_EQ(files(), 1);
}

} // namespace
} // namespace slicetool::base
