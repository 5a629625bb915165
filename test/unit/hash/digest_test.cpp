#include "hash/digest.hpp"

#include <gmock/gmock.h>

namespace slicetool::hash {
namespace {

std::string md5(std::string_view bytes)
{
    return digest_hex(DigestKind::md5, bytes);
}

std::string sha256(std::string_view bytes)
{
    return digest_hex(DigestKind::sha256, bytes);
}

TEST(Digest, Md5HasTheAnswersOfRfc1321)
{
    EXPECT_EQ(md5(""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(md5("a"), "0cc175b9c0f1b6a831c399e269772661");
    EXPECT_EQ(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(md5("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
    EXPECT_EQ(md5("abcdefghijklmnopqrstuvwxyz"), "c3fcd3d76192e4007dfb496cca67e13b");
    EXPECT_EQ(md5("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
              "d174ab98d277d9f5a5611c2c9f419d9f");
    EXPECT_EQ(md5("1234567890123456789012345678901234567890123456789012345678901234567890123456789"
                  "0"),
              "57edf4a22be3c955ac49da2e2107b67a");
}

TEST(Digest, Sha256HasTheAnswersOfFips180)
{
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, DoesNotDependOnHowTheBytesArrive)
{
    for (const auto kind : {DigestKind::md5, DigestKind::sha256}) {
        Digest digest(kind);
        digest.update("mess");
        digest.update("");
        digest.update("age digest");
        EXPECT_EQ(to_hex(digest.finish()), digest_hex(kind, "message digest"));
    }
}

TEST(Digest, StartsAnewAfterFinish)
{
    Digest digest(DigestKind::md5);
    digest.update("a");
    digest.finish();
    EXPECT_EQ(to_hex(digest.finish()), md5(""));
    digest.update("abc");
    EXPECT_EQ(to_hex(digest.finish()), md5("abc"));
}

TEST(Digest, TakesNulBytesForBytes)
{
    using namespace std::string_view_literals;
    EXPECT_EQ(md5("\0"sv), "93b885adfe0da089cdf634904fd59f71");
    EXPECT_NE(md5("a\0b"sv), md5("a\0c"sv));
}

TEST(Digest, KeepsItsStateWhenMoved)
{
    Digest digest(DigestKind::sha256);
    digest.update("ab");
    Digest moved(std::move(digest));
    moved.update("c");
    EXPECT_EQ(to_hex(moved.finish()), sha256("abc"));
}

TEST(Digest, HasNamesLengthsAndSql)
{
    EXPECT_EQ(digest_name(DigestKind::md5), "md5");
    EXPECT_EQ(digest_name(DigestKind::sha256), "sha256");
    EXPECT_EQ(digest_bytes(DigestKind::md5), 16U);
    EXPECT_EQ(digest_bytes(DigestKind::sha256), 32U);
    EXPECT_EQ(digest_hex_sql(DigestKind::md5, "`a`"), "MD5(`a`)");
    EXPECT_EQ(digest_hex_sql(DigestKind::sha256, "`a`"), "SHA2(`a`, 256)");
    EXPECT_EQ(digest_raw_sql(DigestKind::md5, "`a`"), "UNHEX(MD5(`a`))");
    EXPECT_EQ(digest_raw_sql(DigestKind::sha256, "`a`"), "UNHEX(SHA2(`a`, 256))");
}

TEST(Digest, RawDigestsHaveTheLengthTheyAnnounce)
{
    for (const auto kind : {DigestKind::md5, DigestKind::sha256})
        EXPECT_EQ(Digest(kind).finish().size(), digest_bytes(kind));
}

TEST(ToHex, PrintsEveryByteInTwoDigits)
{
    using namespace std::string_view_literals;
    EXPECT_EQ(to_hex(""), "");
    EXPECT_EQ(to_hex("\x00\x09\x7f\x80\xff"sv), "00097f80ff");
}

} // namespace
} // namespace slicetool::hash
