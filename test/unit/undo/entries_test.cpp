#include "undo/entries.hpp"

#include "undo/bytes.hpp"
#include "unit/undo/samples.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace slicetool::undo {
namespace {

using namespace std::string_literals;
using namespace test;

TEST(Numbers, OfEveryLengthComeBack)
{
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                       std::uint64_t{300}, std::uint64_t{1} << 35U, most}) {
        std::string bytes;
        append_number(bytes, number);
        ByteReader reader(bytes);
        EXPECT_EQ(reader.number(), number);
        EXPECT_TRUE(reader.at_end());
    }
}

TEST(Numbers, ThatDoNotEndAreDamage)
{
    EXPECT_THROW(ByteReader("\x80"s).number(), Damaged);
    EXPECT_THROW(ByteReader(std::string(11, '\xFF')).number(), Damaged);
    EXPECT_THROW(ByteReader("").number(), Damaged);
}

TEST(Bytes, TellNoneFromEmpty)
{
    std::string bytes;
    append_optional(bytes, std::nullopt);
    append_optional(bytes, "");
    append_optional(bytes, "\0\xFF"s);
    ByteReader reader(bytes);
    EXPECT_EQ(reader.optional_bytes(), std::nullopt);
    EXPECT_EQ(reader.optional_bytes(), "");
    EXPECT_EQ(reader.optional_bytes(), "\0\xFF"s);
}

TEST(Bytes, LongerThanWhatIsThereAreDamage)
{
    EXPECT_THROW(ByteReader("\x05"
                            "abc")
                     .bytes(),
                 Damaged);
    EXPECT_THROW(ByteReader("\x05"
                            "abc")
                     .count(),
                 Damaged);
}

TEST(Entries, ComeBackAsTheyWere)
{
    std::string bytes = encode_head(Kind::rows, 7, 300);
    append(bytes, Values{"1", std::nullopt, ""});
    append(bytes, Values{"2", "x", "\0"s});
    const Frame rows = decode(bytes);
    EXPECT_EQ(rows.batch, 7U);
    EXPECT_EQ(rows.table, 300U);
    ASSERT_EQ(rows.rows.size(), 2U);
    EXPECT_EQ(rows.rows[0], (Values{"1", std::nullopt, ""}));
    EXPECT_EQ(rows.rows[1], (Values{"2", "x", "\0"s}));

    bytes = encode_head(Kind::pieces, 1, 0);
    append(bytes, Piece{Bound{{"a", "b"}, true}, std::nullopt, 1000, "digest"});
    const Frame pieces = decode(bytes);
    ASSERT_EQ(pieces.pieces.size(), 1U);
    EXPECT_EQ(pieces.pieces[0].lower->key, (Key{"a", "b"}));
    EXPECT_TRUE(pieces.pieces[0].lower->after);
    EXPECT_FALSE(pieces.pieces[0].upper.has_value());
    EXPECT_EQ(pieces.pieces[0].rows, 1000U);

    bytes = encode_head(Kind::counts, 1, 0);
    append(bytes, Count{"digest", 3, 2});
    EXPECT_EQ(decode(bytes).counts.at(0).before, 3U);
    EXPECT_EQ(decode(bytes).counts.at(0).after, 2U);

    bytes = encode_head(Kind::table, 0, 0);
    append(bytes, sample_table());
    EXPECT_EQ(decode(bytes).description.columns, sample_table().columns);
    EXPECT_EQ(decode(bytes).description.key, Key{"id"});
}

TEST(Entries, CutAnywhereAreDamage)
{
    std::string bytes = encode_head(Kind::afters, 1, 0);
    append(bytes, After{{"1", "2"}, "digest"});
    for (std::size_t length = 4; length < bytes.size(); ++length)
        EXPECT_THROW(decode(bytes.substr(0, length)), Damaged) << length;
}

TEST(Entries, OfAnUnknownKindAreDamage)
{
    EXPECT_THROW(decode("\x09\x01\x01"), Damaged);
    EXPECT_THROW(decode(""), Damaged);
}

} // namespace
} // namespace slicetool::undo
