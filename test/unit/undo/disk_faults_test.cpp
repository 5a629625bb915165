#include "undo/reader.hpp"
#include "unit/undo/samples.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/// What the next calls say, instead of what the disk says; 0: what it says.
namespace {

int g_fsync_error = 0;
int g_fdatasync_error = 0;
bool g_ftruncate_fails = false;

int told(int error, long call, int file)
{
    if (error == 0)
        return static_cast<int>(::syscall(call, file));
    errno = error;
    return -1;
}

} // namespace

// These stand before the C library's.
extern "C" int fsync(int file)
{
    return told(g_fsync_error, SYS_fsync, file);
}

/// Linux tells of a page that could not be written once for each open file.
extern "C" int fdatasync(int file)
{
    return told(std::exchange(g_fdatasync_error, 0), SYS_fdatasync, file);
}

extern "C" int ftruncate(int file, off_t length) noexcept
{
    if (!g_ftruncate_fails)
        return static_cast<int>(::syscall(SYS_ftruncate, file, length));
    errno = EIO;
    return -1;
}

namespace slicetool::undo {
namespace {

using namespace test;
using testing::HasSubstr;

class UndoFileOnABadDisk : public FolderTest
{
protected:
    ~UndoFileOnABadDisk() override
    {
        g_fsync_error = 0;
        g_fdatasync_error = 0;
        g_ftruncate_fails = false;
    }

    static std::string failure_of(Writer& writer, std::uint64_t table, int number)
    {
        BatchWriter batch(writer, table);
        try {
            batch.add(row(number, "note"));
            batch.finish();
        } catch (const base::Error& error) {
            return error.what();
        }
        return "none";
    }
};

TEST_F(UndoFileOnABadDisk, IsNotUsedUnlessItsNameIsSynced)
{
    Writer writer(path(), sample_header(), {});
    g_fsync_error = EIO;
    EXPECT_THROW(writer.add_table(sample_table()), base::Error);
    EXPECT_FALSE(std::filesystem::exists(path()));
    EXPECT_THROW(writer.add_table(sample_table()), base::Error) << "the second table goes on";
    g_fsync_error = 0;
    const auto table = writer.add_table(sample_table());
    EXPECT_EQ(failure_of(writer, table, 1), "none");
    EXPECT_EQ(Reader(path()).batches().size(), 1U);
}

TEST_F(UndoFileOnABadDisk, IsUsedWhereFoldersCannotBeSynced)
{
    Writer writer(path(), sample_header(), {});
    g_fsync_error = EINVAL;
    EXPECT_EQ(failure_of(writer, writer.add_table(sample_table()), 1), "none");
    EXPECT_EQ(Reader(path()).batches().size(), 1U);
}

TEST_F(UndoFileOnABadDisk, IsNotUsedWithoutItsHeader)
{
    Writer writer(path(), sample_header(), {});
    rlimit usual = {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
    rlimit tight = usual;
    tight.rlim_cur = 20;
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    EXPECT_THROW(writer.add_table(sample_table()), base::Error);
    const bool left = std::filesystem::exists(path());
    ::setrlimit(RLIMIT_FSIZE, &usual);
    std::signal(SIGXFSZ, handler);
    EXPECT_FALSE(left);
    EXPECT_EQ(failure_of(writer, writer.add_table(sample_table()), 1), "none");
    EXPECT_EQ(Reader(path()).batches().size(), 1U);
}

TEST_F(UndoFileOnABadDisk, TakesNothingMoreOnceASyncFailed)
{
    Writer writer(path(), sample_header(), {});
    const auto table = writer.add_table(sample_table());
    EXPECT_EQ(failure_of(writer, table, 1), "none");
    g_fdatasync_error = EIO;
    EXPECT_THAT(failure_of(writer, table, 2), HasSubstr("Input/output error"));
    const std::string again = failure_of(writer, table, 3);
    EXPECT_THAT(again, HasSubstr("Input/output error"));
    EXPECT_THAT(again, HasSubstr("--no-undo"));
    Table other = sample_table();
    other.name = "other";
    EXPECT_THROW(writer.add_table(other), base::Error);
}

TEST_F(UndoFileOnABadDisk, TakesNothingMoreOnceATornFrameStaysInIt)
{
    Writer writer(path(), sample_header(), {});
    const auto table = writer.add_table(sample_table());
    EXPECT_EQ(failure_of(writer, table, 1), "none");
    rlimit usual = {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
    rlimit tight = usual;
    tight.rlim_cur = writer.bytes() + 20;
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    g_ftruncate_fails = true;
    const std::string first = failure_of(writer, table, 2);
    ::setrlimit(RLIMIT_FSIZE, &usual);
    std::signal(SIGXFSZ, handler);
    g_ftruncate_fails = false;
    EXPECT_NE(first, "none");
    EXPECT_NE(failure_of(writer, table, 3), "none");
    EXPECT_EQ(Reader(path()).batches().size(), 1U);
}

} // namespace
} // namespace slicetool::undo
