#include "hash/fingerprint.hpp"

#include <gmock/gmock.h>

namespace slicetool::hash {
namespace {

constexpr std::uint64_t k_limit = 16 * 1024 * 1024;
const std::string k_digest(16, 'd');

/// 22 bytes a row at most, none of them varying.
RowEncoding narrow()
{
    return {{{"id", Form::plain, false, 20}}, DigestKind::md5};
}

/// 30 fixed bytes a row and up to 10,000 more.
RowEncoding wide()
{
    return {{{"id", Form::plain, false, 20}, {"s", Form::bytes, false, 10'000}}, DigestKind::md5};
}

TEST(FingerprintQuery, HashesTheRowsOfARange)
{
    EXPECT_EQ(FingerprintQuery(narrow(), k_limit, "").select_list(),
              "COUNT(*), 0, UNHEX(MD5(GROUP_CONCAT(CONCAT_WS(',', `id`), CAST(';' AS BINARY) "
              "SEPARATOR '')))");
}

TEST(FingerprintQuery, SortsWhereTheScanMayNot)
{
    EXPECT_EQ(FingerprintQuery(narrow(), k_limit, "`id`, `x`").select_list(),
              "COUNT(*), 0, UNHEX(MD5(GROUP_CONCAT(CONCAT_WS(',', `id`), CAST(';' AS BINARY) "
              "ORDER BY `id`, `x` SEPARATOR '')))");
}

TEST(FingerprintQuery, SumsLengthsUpWhereDeclaredLengthsBoundTooLittle)
{
    EXPECT_EQ(FingerprintQuery(wide(), k_limit, "").select_list(),
              "COUNT(*), IFNULL(SUM(LENGTH(`s`)), 0), UNHEX(MD5(GROUP_CONCAT(CONCAT_WS(',', `id`, "
              "LENGTH(`s`)), CAST(';' AS BINARY), `s` SEPARATOR '')))");
}

TEST(FingerprintQuery, TrustsDeclaredLengthsOnlyBelowTheLimit)
{
    const std::uint64_t edge = wide().longest_row() * 16'384;
    EXPECT_THAT(FingerprintQuery(wide(), edge, "").select_list(), testing::HasSubstr("SUM("));
    EXPECT_THAT(FingerprintQuery(wide(), edge + 1, "").select_list(),
                testing::Not(testing::HasSubstr("SUM(")));
}

TEST(FingerprintQuery, NeverSumsWhereNothingVaries)
{
    EXPECT_THAT(FingerprintQuery(narrow(), 1024, "").select_list(),
                testing::Not(testing::HasSubstr("SUM(")));
}

TEST(Fingerprint, IsCompleteBelowTheLimitOnly)
{
    const FingerprintQuery query(narrow(), 22 * 100 + 1, "");
    EXPECT_TRUE(query.read(100, 0, k_digest).complete);
    EXPECT_FALSE(query.read(101, 0, k_digest).complete);
    const FingerprintQuery exactly(narrow(), 22 * 100, "");
    EXPECT_FALSE(exactly.read(100, 0, k_digest).complete) << "at the limit means cut";
}

TEST(Fingerprint, CountsTheBytesThatWereSummedUp)
{
    const FingerprintQuery query(wide(), k_limit, "");
    const std::uint64_t fixed = 30 * 1000;
    EXPECT_TRUE(query.read(1000, k_limit - fixed - 1, k_digest).complete);
    EXPECT_FALSE(query.read(1000, k_limit - fixed, k_digest).complete);
}

TEST(Fingerprint, WithoutADigestOfItsRowsProvesNothing)
{
    const FingerprintQuery query(narrow(), k_limit, "");
    EXPECT_FALSE(query.read(5, 0, "").complete);
    EXPECT_FALSE(query.read(5, 0, k_digest.substr(1)).complete);
    EXPECT_FALSE(query.read(5, 0, k_digest + k_digest).complete);
    EXPECT_TRUE(query.read(0, 0, "").complete);
}

TEST(Fingerprint, ExpectsTheLengthOfItsDigest)
{
    const RowEncoding sha256({{"id", Form::plain, false, 20}}, DigestKind::sha256);
    const FingerprintQuery query(sha256, k_limit, "");
    EXPECT_TRUE(query.read(5, 0, std::string(32, 'd')).complete);
    EXPECT_FALSE(query.read(5, 0, std::string(16, 'd')).complete);
}

TEST(FingerprintQuery, KnowsHowManyRowsAlwaysFit)
{
    for (const std::uint64_t limit : {23U, 44U, 45U, 1024U, 100'000U}) {
        const FingerprintQuery query(narrow(), limit, "");
        const auto rows = query.always_complete_rows();
        EXPECT_TRUE(query.read(rows, 0, k_digest).complete) << limit;
        EXPECT_FALSE(query.read(rows + 1, 0, k_digest).complete) << limit;
    }
    const FingerprintQuery summing(wide(), k_limit, "");
    const auto rows = summing.always_complete_rows();
    EXPECT_TRUE(summing.read(rows, rows * 10'000, k_digest).complete);
}

TEST(FingerprintQuery, AlwaysLetsOneRowThrough)
{
    EXPECT_EQ(FingerprintQuery(wide(), 100, "").always_complete_rows(), 1U);
}

TEST(ProvesEqual, TakesTwoCompleteAndEqualFingerprints)
{
    const Fingerprint one{3, k_digest, true};
    EXPECT_TRUE(proves_equal(one, one));
    EXPECT_TRUE(proves_equal({}, {}));
    EXPECT_FALSE(proves_equal(one, {4, k_digest, true}));
    EXPECT_FALSE(proves_equal(one, {3, std::string(16, 'e'), true}));
    EXPECT_FALSE(proves_equal(one, {0, "", true}));
}

TEST(ProvesEqual, NeverBelievesATextThatMayHaveBeenCut)
{
    const Fingerprint whole{3, k_digest, true};
    const Fingerprint cut{3, k_digest, false};
    EXPECT_FALSE(proves_equal(cut, cut));
    EXPECT_FALSE(proves_equal(whole, cut));
    EXPECT_FALSE(proves_equal(cut, whole));
}

} // namespace
} // namespace slicetool::hash
