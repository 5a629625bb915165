#include "undo/folder.hpp"

#include "undo/reader.hpp"
#include "unit/undo/samples.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace slicetool::undo {
namespace {

using namespace test;

class UndoFolder : public FolderTest
{
protected:
    void make(const std::string& name, std::chrono::hours age)
    {
        write(path(name), "x");
        make_older(name, age);
    }

    void make_older(const std::string& name, std::chrono::hours age)
    {
        std::filesystem::last_write_time(path(name),
                                         std::filesystem::file_time_type::clock::now() - age);
    }

    std::vector<std::string> names() const
    {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(m_folder))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }
};

TEST_F(UndoFolder, IsMadeWithItsParentsForItsUserAlone)
{
    const std::string folder = path("state") + "/slicetool/undo";
    const mode_t mask = ::umask(0);
    prepare_folder(folder);
    ::umask(mask);
    for (const auto& made : {path("state"), folder}) {
        struct stat status = {};
        ASSERT_EQ(::stat(made.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 07777U, 0700U);
    }
    prepare_folder(folder);
}

TEST_F(UndoFolder, BelowAFileIsNone)
{
    write(path("file"), "x");
    EXPECT_THROW(prepare_folder(path("file") + "/undo"), base::Error);
}

TEST_F(UndoFolder, LosesWhatIsTooOldOrTooMany)
{
    const auto make_file = [&](const std::string& name, const std::string& downstream, int hours) {
        Header header = sample_header();
        header.downstream = downstream;
        Writer(path(name), header, {}).add_table(sample_table());
        make_older(name, std::chrono::hours(hours));
    };
    make_file("1.undo", "here", 1);
    make_file("2.undo", "here", 2);
    make_file("3.undo", "here", 3);
    make_file("4.undo", "here", 100);
    make("old.txt", std::chrono::hours(1000));
    EXPECT_EQ(prune(m_folder, {std::chrono::hours(50), 10}), 1U);
    EXPECT_THAT(names(), testing::ElementsAre("1.undo", "2.undo", "3.undo", "old.txt"));
    EXPECT_EQ(prune(m_folder, {std::chrono::hours(50), 2}), 1U);
    EXPECT_THAT(names(), testing::ElementsAre("1.undo", "2.undo", "old.txt"));
    EXPECT_EQ(prune(path("none"), {}), 0U);
    make_file("5.undo", "elsewhere", 3);
    make("a_program_of_mine.undo", std::chrono::hours(1000));
    EXPECT_EQ(prune(m_folder, {std::chrono::hours(50), 2}), 0U)
        << "two of one database, one of another, and one that is none of ours";
}

TEST_F(UndoFolder, KeepsWhatARunStillWrites)
{
    {
        Writer writer(path("long.undo"), sample_header(), {});
        writer.add_table(sample_table());
        make_older("long.undo", std::chrono::hours(1000));
        EXPECT_EQ(prune(m_folder, {std::chrono::hours(50), 10}), 0U);
    }
    EXPECT_EQ(prune(m_folder, {std::chrono::hours(50), 10}), 1U);
}

TEST_F(UndoFolder, ListsTheNewestFirstAndWhatCannotBeRead)
{
    Writer writer(path("good.undo"), sample_header(), {});
    writer.add_table(sample_table());
    make("bad.undo", std::chrono::hours(1));
    const auto files = list_files(m_folder);
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].path, path("good.undo"));
    EXPECT_EQ(files[0].header->run, "run-1");
    EXPECT_FALSE(files[1].header.has_value());
}

} // namespace
} // namespace slicetool::undo
