#include "undo/frame.hpp"
#include "undo/reader.hpp"
#include "undo/writer.hpp"
#include "unit/undo/samples.hpp"

#include <csignal>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace slicetool::undo {
namespace {

using namespace test;
using testing::HasSubstr;

class UndoFile : public FolderTest
{
protected:
    /// Two batches of a table; the bytes of the file after each of them.
    std::vector<std::string> write_two()
    {
        Writer writer(path(), sample_header(), {});
        const auto table = writer.add_table(sample_table());
        std::vector<std::string> after;
        for (int number = 1; number <= 2; ++number) {
            BatchWriter batch(writer, table);
            batch.add(row(number, "before"));
            batch.add(After{{std::to_string(number)}, "digest"});
            batch.finish();
            after.push_back(contents(path()));
        }
        return after;
    }

    static std::string refusal_of(const std::string& path)
    {
        try {
            const Reader reader(path);
        } catch (const base::Error& error) {
            return error.what();
        }
        return "none";
    }
};

TEST_F(UndoFile, IsMadeForItsUserAloneWhenThereIsSomethingToSave)
{
    Writer writer(path(), sample_header(), {});
    EXPECT_FALSE(std::filesystem::exists(path()));
    const mode_t mask = ::umask(0);
    writer.add_table(sample_table());
    ::umask(mask);
    struct stat status = {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(UndoFile, TellsWhatWasWritten)
{
    write_two();
    const Reader reader(path());
    EXPECT_EQ(reader.header().run, "run-1");
    EXPECT_EQ(reader.header().downstream, "mysql://u@down/y");
    EXPECT_EQ(reader.header().started, 1700000000U);
    EXPECT_EQ(read_header(path()).run, "run-1");
    ASSERT_EQ(reader.tables().size(), 1U);
    EXPECT_EQ(reader.tables()[0].name, "orders");
    ASSERT_EQ(reader.batches().size(), 2U);
    const auto& frames = reader.batches()[1].frames;
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(reader.read(frames[0]).rows.at(0), row(2, "before"));
    EXPECT_EQ(reader.read(frames[1]).afters.at(0).key, Key{"2"});
    EXPECT_FALSE(reader.is_incomplete());
}

TEST_F(UndoFile, CountsABatchOnlyWithItsEndWhereverTheFileEnds)
{
    const auto after = write_two();
    const std::string& whole = after[1];
    for (std::size_t length = after[0].size(); length <= whole.size(); ++length) {
        write(path("cut.undo"), whole.substr(0, length));
        const std::size_t batches = length == whole.size() ? 2 : 1;
        EXPECT_EQ(Reader(path("cut.undo")).batches().size(), batches) << length;
    }
}

TEST_F(UndoFile, WithRubbishBehindItsLastBatchIsAsGoodAsWithout)
{
    const auto after = write_two();
    write(path("long.undo"), after[0] + std::string(5000, '\0'));
    EXPECT_EQ(Reader(path("long.undo")).batches().size(), 1U);
    // Parts of the second batch that a disk may have kept without what was before them.
    const std::string second = after[1].substr(after[0].size());
    write(path("hole.undo"),
          after[0] + std::string(20, '\0') + second.substr(20, second.size() / 2));
    EXPECT_EQ(Reader(path("hole.undo")).batches().size(), 1U);
}

TEST_F(UndoFile, ThatIsDamagedBeforeAWholeBatchIsRefused)
{
    const auto after = write_two();
    std::string bytes = after[1];
    bytes[after[0].size() - 30] = static_cast<char>(bytes[after[0].size() - 30] ^ 1);
    write(path("bad.undo"), bytes);
    EXPECT_THAT(refusal_of(path("bad.undo")), HasSubstr("is damaged at byte"));
}

TEST_F(UndoFile, WithAHoleInABatchThatWasPerhapsNeverSyncedIsReadUpToThere)
{
    const auto after = write_two();
    // A power cut: the disk has the end of the second batch, and not a page before it.
    std::string bytes = after[1];
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(after[0].size()) + 4, 30, '\0');
    write(path("hole.undo"), bytes);
    EXPECT_EQ(refusal_of(path("hole.undo")), "none");
    const Reader reader(path("hole.undo"));
    EXPECT_EQ(reader.batches().size(), 1U);
    EXPECT_EQ(reader.hole(), after[0].size());
    EXPECT_EQ(Reader(path()).hole(), std::nullopt);
    write(path("torn.undo"), after[1].substr(0, after[1].size() - 3));
    EXPECT_EQ(Reader(path("torn.undo")).hole(), std::nullopt);
}

TEST_F(UndoFile, OfAnotherKindIsRefused)
{
    write(path("text"), "id,name\n1,one\n");
    EXPECT_THAT(refusal_of(path("text")), HasSubstr("is no undo file"));
    write(path("empty"), "");
    EXPECT_THAT(refusal_of(path("empty")), HasSubstr("is empty"));
    EXPECT_THAT(refusal_of(path("none")), HasSubstr("No such file"));
    std::string content = encode_head(Kind::header, 0, 0);
    Header later = sample_header();
    later.format = 2;
    append(content, later);
    write(path("later"), pack(content));
    EXPECT_THAT(refusal_of(path("later")), HasSubstr("has format 2"));
}

TEST_F(UndoFile, DescribesATableOnceForEachWayOfTellingItsRowsApart)
{
    Writer writer(path(), sample_header(), {});
    Table without_key = sample_table();
    without_key.key.clear();
    EXPECT_EQ(writer.add_table(sample_table()), 0U);
    EXPECT_EQ(writer.add_table(without_key), 1U);
    EXPECT_EQ(writer.add_table(sample_table()), 0U);
    EXPECT_EQ(Reader(path()).tables().size(), 2U);
}

TEST_F(UndoFile, IsNeverWrittenOver)
{
    write(path(), "precious");
    Writer writer(path(), sample_header(), {});
    EXPECT_THROW(writer.add_table(sample_table()), base::Error);
    EXPECT_EQ(contents(path()), "precious");
}

TEST_F(UndoFile, TakesBatchesThatTakeTurns)
{
    Writer writer(path(), sample_header(), {});
    const auto table = writer.add_table(sample_table());
    const std::string long_note(700'000, 'x');
    BatchWriter one(writer, table);
    BatchWriter two(writer, table);
    for (int number = 0; number < 4; ++number) {
        one.add(row(10 + number, long_note));
        two.add(row(20 + number, long_note));
    }
    two.finish();
    one.finish();
    const Reader reader(path());
    ASSERT_EQ(reader.batches().size(), 2U);
    std::vector<std::string> ids;
    for (const auto& batch : reader.batches()) {
        EXPECT_EQ(batch.frames.size(), 2U);
        for (const auto place : batch.frames) {
            for (const auto& values : reader.read(place).rows)
                ids.push_back(*values[0]);
        }
    }
    EXPECT_THAT(ids, testing::ElementsAre("20", "21", "22", "23", "10", "11", "12", "13"));
}

TEST_F(UndoFile, ThatIsFullStopsTheWork)
{
    Limits limits;
    limits.max_bytes = 2000;
    Writer writer(path(), sample_header(), limits);
    const auto table = writer.add_table(sample_table());
    BatchWriter small(writer, table);
    small.add(row(1, "small"));
    small.finish();
    BatchWriter large(writer, table);
    std::string noise;
    for (unsigned at = 0; at < 4000; ++at)
        noise += static_cast<char>(at * at * 2654435761U >> 13U);
    large.add(row(2, noise));
    EXPECT_THROW(large.finish(), base::Refusal);
    const Reader reader(path());
    EXPECT_EQ(reader.batches().size(), 1U);
    EXPECT_FALSE(reader.is_incomplete());
}

TEST_F(UndoFile, ThatIsFullSaysSoOnceAndTakesNothingMoreIfTheRunGoesOn)
{
    Limits limits;
    limits.max_bytes = 500;
    limits.when_full = WhenFull::go_on;
    std::vector<std::string> told;
    limits.full = [&](const std::string& sentence) { told.push_back(sentence); };
    Writer writer(path(), sample_header(), limits);
    const auto table = writer.add_table(sample_table());
    for (int number = 0; number < 30; ++number) {
        BatchWriter batch(writer, table);
        batch.add(row(number, "note"));
        batch.finish();
    }
    EXPECT_EQ(told.size(), 1U);
    const Reader reader(path());
    EXPECT_TRUE(reader.is_incomplete());
    EXPECT_GT(reader.batches().size(), 0U);
    EXPECT_LT(reader.batches().size(), 10U);
}

TEST_F(UndoFile, ThatFoundNoRoomIsWholeAgainWhenThereIs)
{
    Writer writer(path(), sample_header(), {});
    const auto table = writer.add_table(sample_table());
    rlimit usual = {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
    rlimit tight = usual;
    tight.rlim_cur = writer.bytes() + 20;
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    std::string told;
    try {
        BatchWriter batch(writer, table);
        batch.add(row(1, "does not fit"));
        batch.finish();
    } catch (const base::Error& error) {
        told = error.what();
    }
    ::setrlimit(RLIMIT_FSIZE, &usual);
    std::signal(SIGXFSZ, handler);
    EXPECT_THAT(told, HasSubstr("File too large"));
    EXPECT_THAT(told, HasSubstr("--no-undo"));
    BatchWriter batch(writer, table);
    batch.add(row(2, "fits"));
    batch.finish();
    EXPECT_EQ(Reader(path()).batches().size(), 1U);
}

} // namespace
} // namespace slicetool::undo
