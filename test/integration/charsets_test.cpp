#include "integration/traps_fixture.hpp"

#include <fmt/format.h>

/// Text columns whose character sets differ: converted, after a proof that nothing is lost.
namespace slicetool::test {
namespace {

using testing::HasSubstr;

class Charsets : public TrapTest
{
protected:
    static std::string definition(const std::string& charset)
    {
        return "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(200), c CHAR(20), x TEXT, "
               "w TINYTEXT) CHARACTER SET " +
               charset;
    }

    void make(const std::string& up, const std::string& down) const
    {
        m_up->run({definition(up)});
        m_down->run({definition(down)});
    }

    /// Every value as utf8mb4, in the server's own words.
    static std::vector<std::string> as_utf8(const ScratchDatabase& database)
    {
        std::string list = "id";
        for (const std::string column : {"v", "c", "x", "w"})
            list += ", HEX(CONVERT(" + column + " USING utf8mb4))";
        return ask(database, "SELECT " + list + " FROM t ORDER BY id");
    }

    void expect_copied()
    {
        EXPECT_EQ(slice(only("t")).exit_status(), 0) << result("t").reason;
        EXPECT_EQ(as_utf8(*m_up), as_utf8(*m_down));
        EXPECT_EQ(verify(only("t")).exit_status(), 0) << result("t").reason;
        EXPECT_THAT(m_seen->text(), HasSubstr("proof that every value converts without loss"));
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Charsets, testing::ValuesIn(pairings()), pairing_name);

/// The longest values that fit, of characters that take more bytes there.
const std::vector<std::string> k_western = {
    "INSERT INTO t VALUES (1, REPEAT(_utf8mb4 x'E282AC', 200), REPEAT(_utf8mb4 x'C3A4', 20), "
    "REPEAT(_utf8mb4 x'C3BF', 20000), REPEAT(_utf8mb4 x'C3A9', 80)), "
    "(2, '', NULL, '', NULL), (3, NULL, 'a', NULL, 'b'), (4, 'a', 'A', 'a', 'A')"};

TEST_P(Charsets, Latin1GoesToUtf8mb4AndDifferencesAreFound)
{
    make("latin1", "utf8mb4");
    m_up->run(k_western);
    expect_copied();
    m_up->run({"UPDATE t SET v = CONCAT(LEFT(v, 199), 'x') WHERE id = 1",
               "UPDATE t SET c = NULL WHERE id = 3", "UPDATE t SET x = 'A' WHERE id = 4"});
    EXPECT_EQ(verify(only("t")).exit_status(), 1);
    EXPECT_EQ(result("t").changed, 3U);
    expect_copied();
}

TEST_P(Charsets, Utf8mb4GoesToLatin1WhereEveryCharacterExistsThere)
{
    make("utf8mb4", "latin1");
    m_up->run(k_western);
    expect_copied();
}

TEST_P(Charsets, ACharacterThatDownstreamLacksIsRefusedWithItsRow)
{
    make("utf8mb4", "latin1");
    m_up->run(k_western);
    expect_copied();
    m_up->run({"UPDATE t SET x = CONVERT(x'F09F9880' USING utf8mb4) WHERE id = 3"});
    expect_refused("t", "column x is utf8mb4 upstream and latin1 downstream, and upstream holds a "
                        "value (id=3) that does not survive the conversion");
}

TEST_P(Charsets, BytesThatComeBackAsOthersAreRefused)
{
    make("cp932", "utf8mb4");
    // Two codes of cp932 are one character of Unicode; the second comes back as the first.
    m_up->run({"INSERT INTO t (id, v) VALUES (7, _cp932 x'878A')"});
    expect_copied();
    m_up->run({"INSERT INTO t (id, v) VALUES (8, _cp932 x'FA58')"});
    expect_refused("t", "upstream holds a value (id=8) that does not survive");
}

TEST_P(Charsets, AnEmojiIsRefusedWhereDownstreamHasThreeBytesForACharacter)
{
    for (const std::string table :
         {"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, x TEXT) CHARACTER SET ",
          "CREATE TABLE t (id INT, x TEXT) CHARACTER SET "}) {
        SCOPED_TRACE(table);
        on_both({"DROP TABLE IF EXISTS t"});
        m_up->run({table + "utf8mb4"});
        m_down->run({table + "utf8mb3"});
        m_up->run(
            {"INSERT INTO t VALUES (1, CONVERT(x'E282AC' USING utf8mb4)), (2, NULL), (3, '')"});
        EXPECT_EQ(slice(only("t")).exit_status(), 0) << result("t").reason;
        m_up->run({"UPDATE t SET x = 'z' WHERE id = 1",
                   "UPDATE t SET x = CONVERT(x'F09F9880' USING utf8mb4) WHERE id = 3"});
        expect_refused("t", "column x is utf8mb4 upstream and utf8mb3 downstream, and upstream "
                            "holds a value");
    }
}

TEST_P(Charsets, TheLongestPieceOfTextIsNotCutInAFingerprint)
{
    make("latin1", "utf8mb4");
    m_up->run(k_western);
    expect_copied();
    // Only the last characters differ.
    m_down->run({"UPDATE t SET v = CONCAT(LEFT(v, 199), '-') WHERE id = 1"});
    EXPECT_EQ(verify(only("t")).exit_status(), 1);
    EXPECT_EQ(result("t").changed, 1U);
}

TEST_P(Charsets, AKeyOfConvertedTextIsComparedWithoutAKey)
{
    m_up->run({"CREATE TABLE t (k VARCHAR(20) NOT NULL PRIMARY KEY, n INT) CHARACTER SET latin1",
               "INSERT INTO t VALUES (_utf8mb4 x'C3A4', 1), ('b', 2)"});
    m_down->run({"CREATE TABLE t (k VARCHAR(20) NOT NULL PRIMARY KEY, n INT) CHARACTER SET "
                 "utf8mb4",
                 "INSERT INTO t VALUES ('b', 3)"});
    EXPECT_EQ(slice(only("t")).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(ask(*m_down, "SELECT HEX(k), n FROM t ORDER BY n"),
              (std::vector<std::string>{"C3A4 1 ", "62 2 "}));
}

/// Servers print every character beyond U+FFFF in a definition as a question mark.
TEST_P(Charsets, ElementsThatAServerPrintsAlikeAreComparedAsText)
{
    for (const std::string type : {"ENUM", "SET"}) {
        for (const std::string charset : {"utf8mb4", "utf16", "utf32"}) {
            SCOPED_TRACE(type + " " + charset);
            const auto table = [&](const std::string& elements) {
                return "CREATE TABLE thumbs (id INT PRIMARY KEY, e " + type + "(" + elements +
                       ") CHARACTER SET " + charset + " COLLATE " + charset + "_bin)";
            };
            on_both({"DROP TABLE IF EXISTS thumbs"});
            m_up->run({table("'👍','👎'"), "INSERT INTO thumbs VALUES (1, 1), (2, 2), (3, NULL), "
                                         "(4, 2), (5, 1)"});
            m_down->run({table("'👎','👍'"), "INSERT INTO thumbs VALUES (1, 1), (2, 2), (3, NULL), "
                                           "(4, 1)"});
            EXPECT_EQ(verify(only("thumbs")).exit_status(), 1) << result("thumbs").reason;
            EXPECT_EQ(result("thumbs").changed, 2U);
            EXPECT_EQ(slice(only("thumbs")).exit_status(), 0) << result("thumbs").reason;
            const std::string texts =
                "SELECT id, HEX(CONVERT(e USING utf8mb4)) FROM thumbs ORDER BY id";
            EXPECT_EQ(ask(*m_up, texts), ask(*m_down, texts));
            EXPECT_EQ(verify(only("thumbs")).exit_status(), 0) << result("thumbs").reason;
            EXPECT_THAT(m_seen->text(), HasSubstr("beyond U+FFFF"));
        }
    }
}

TEST_P(Charsets, AnElementThatDownstreamHasAsAQuestionMarkIsNoCopyOfAnEmoji)
{
    m_up->run({"CREATE TABLE thumbs (id INT PRIMARY KEY, e ENUM('a','👍') CHARACTER SET utf8mb4)",
               "INSERT INTO thumbs VALUES (1, 1), (2, 2)"});
    m_down->run({"CREATE TABLE thumbs (id INT PRIMARY KEY, e ENUM('a','?') CHARACTER SET utf8mb4)",
                 "INSERT INTO thumbs VALUES (1, 1), (2, 2)"});
    EXPECT_EQ(verify(only("thumbs")).exit_status(), 1) << result("thumbs").reason;
    EXPECT_EQ(slice(only("thumbs")).exit_status(), 2) << result("thumbs").reason;
}

TEST_P(Charsets, AKeyOfElementsThatAServerPrintsAlikeDoesNotServe)
{
    const auto table = [](const std::string& elements) {
        return "CREATE TABLE thumbs (e ENUM(" + elements +
               ") CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY, v INT)";
    };
    m_up->run({table("'👍','👎'"), "INSERT INTO thumbs VALUES (1, 10), (2, 20)"});
    m_down->run({table("'👎','👍'"), "INSERT INTO thumbs VALUES (1, 10), (2, 20)"});
    EXPECT_EQ(slice(only("thumbs")).exit_status(), 0) << result("thumbs").reason;
    const std::string texts = "SELECT HEX(CONVERT(e USING utf8mb4)), v FROM thumbs ORDER BY v";
    EXPECT_EQ(ask(*m_up, texts), ask(*m_down, texts));
}

} // namespace
} // namespace slicetool::test
