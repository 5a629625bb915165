#include "report/output.hpp"

#include "base/error.hpp"
#include "report/spool.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <unistd.h>

namespace slicetool::report {
namespace {

TEST(FdOutput, TellsThatTheDiskIsFull)
{
    const int fd = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(fd, 0);
    FdOutput output(fd, "the report to standard output", WriteErrors::fatal);
    try {
        output.write("text");
        FAIL() << "did not throw";
    } catch (const base::Error& error) {
        EXPECT_STREQ(error.what(),
                     "Cannot write the report to standard output: No space left on device.");
    }
    FdOutput forgiving(fd, "standard error", WriteErrors::ignored);
    EXPECT_NO_THROW(forgiving.write("text"));
    ::close(fd);
}

TEST(FdOutput, WaitsForAReaderThatIsSlow)
{
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    ASSERT_EQ(::fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    const std::string text(1 << 20, 'x');
    std::size_t read_bytes = 0;
    std::thread reader([&] {
        std::string piece(4096, ' ');
        for (ssize_t n = 0; (n = ::read(ends[0], piece.data(), piece.size())) > 0;)
            read_bytes += static_cast<std::size_t>(n);
    });
    FdOutput(ends[1], "a pipe", WriteErrors::fatal).write(text);
    ::close(ends[1]);
    reader.join();
    ::close(ends[0]);
    EXPECT_EQ(read_bytes, text.size());
}

std::string replayed(Spool& spool)
{
    std::string text;
    spool.replay([&text](std::string_view piece) { text += piece; });
    return text;
}

TEST(Spool, GivesBackWhatWasAppendedWhetherInMemoryOrOnDisk)
{
    for (const std::size_t limit : {std::size_t{0}, std::size_t{10}, std::size_t{1} << 20}) {
        Spool spool(limit);
        EXPECT_TRUE(spool.empty());
        std::string expected;
        for (int i = 0; i < 20'000; ++i) {
            const std::string line = "line " + std::to_string(i) + "\n";
            spool.append(line);
            expected += line;
        }
        EXPECT_FALSE(spool.empty());
        EXPECT_EQ(replayed(spool), expected) << limit;
    }
}

} // namespace
} // namespace slicetool::report
