#include "integration/traps_fixture.hpp"

/// Traps of comparing: bytes, charsets, JSON and values that a server cuts.
namespace slicetool::test {
namespace {

SLICETOOL_TRAP(Trap07);
SLICETOOL_TRAP(Trap11);

// --- 7. bytes and charsets ---

TEST_P(Trap07, BinaryValuesKeepTheirTrailingZeros)
{
    on_both({"CREATE TABLE bytes (id INT NOT NULL PRIMARY KEY, b BINARY(16), v VARBINARY(20), l "
             "BLOB)"});
    const auto unlike =
        insert_pairs("bytes", {{"X'00112233445566778899AABBCCDDEE00','x','x'",
                                "X'00112233445566778899AABBCCDDEE20','x','x'"},
                               {"X'00000000000000000000000000000000','x','x'", "NULL,'x','x'"},
                               {"X'61','x','x'", "X'6120','x','x'"},
                               {"'x',X'6100','x'", "'x',X'61','x'"},
                               {"'x',X'00',X'00'", "'x','',X'00'"},
                               {"'x','x',X'6100'", "'x','x',X'6120'"},
                               {"'x','x',X'00'", "'x','x',''"}});
    expect_found_and_repaired("bytes", {0, 0, unlike});
}

TEST_P(Trap07, KeysOfSixteenBytesWithTrailingZerosAreFollowed)
{
    on_both({"CREATE TABLE bytes (b BINARY(16) NOT NULL PRIMARY KEY, v INT)"});
    std::vector<std::string> rows;
    for (int at = 1; at <= 1200; ++at)
        rows.push_back(fmt::format("(X'{:02X}{:04X}00000000000000000000{:02X}0000',{})", at % 256,
                                   at, at % 3, at));
    on_both(inserts("bytes", rows));
    on_both({"INSERT INTO bytes VALUES (REPEAT(X'00',16),-1),(REPEAT(X'FF',16),-2)"});
    m_up->run({"UPDATE bytes SET v = v + 5000 WHERE v % 100 = 0", "DELETE FROM bytes WHERE v = 77",
               "UPDATE bytes SET v = -3 WHERE v < 0"});
    expect_found_and_repaired("bytes", {0, 1, 14});
}

// As keys too: BINARY(16) in the database is not trimmed.
TEST_P(Trap07, EveryByteSurvivesInEveryBinaryColumn)
{
    on_both({"CREATE TABLE bytes (id INT NOT NULL PRIMARY KEY, b BINARY(3), v VARBINARY(300), l "
             "LONGBLOB)"});
    std::vector<std::string> rows;
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        all += fmt::format("{:02X}", byte);
        rows.push_back(
            fmt::format("({0},X'{0:02X}{0:02X}{0:02X}',X'{0:02X}{1:02X}',X'{1:02X}{0:02X}')", byte,
                        255 - byte));
    }
    rows.push_back("(256,'x',X'" + all + "',X'" + all + all + "')");
    m_up->run(inserts("bytes", {"(1000,'x','x','x')"}));
    for (auto& row : rows)
        m_up->run({"INSERT INTO bytes VALUES " + row});
    expect_found_and_repaired("bytes", {258, 0, 0});
}

TEST_P(Trap07, ColumnsOfManyCharsetsInOneTableAreCopiedByteForByte)
{
    on_both({"CREATE TABLE words (id INT NOT NULL PRIMARY KEY, l VARCHAR(20) CHARACTER SET latin1, "
             "g VARCHAR(20) CHARACTER SET gbk, "
             "t VARCHAR(20) CHARACTER SET utf8mb3, f VARCHAR(20) CHARACTER SET utf8mb4, u "
             "VARCHAR(20) CHARACTER SET utf16, "
             "s VARCHAR(20) CHARACTER SET sjis, a VARCHAR(20) CHARACTER SET ascii, n VARCHAR(20) "
             "CHARACTER SET ucs2)"});
    const std::string same = ",'x','x','x','x','x','x','x','x'";
    on_both({"INSERT INTO words VALUES (1" + same + "),(2" + same + "),(3" + same + "),(4" + same +
             "),(5" + same + "),(6" + same + "),(7" + same + "),(8" + same + ")"});
    m_up->run(
        {"UPDATE words SET l = _latin1 X'E9818D' WHERE id = 1",
         "UPDATE words SET g = _gbk X'815C815C27' WHERE id = 2", // a backslash and a quote as bytes
         "UPDATE words SET t = _utf8mb4 X'E282AC' WHERE id = 3",
         "UPDATE words SET f = _utf8mb4 X'F09F9880F09F9880' WHERE id = 4",
         "UPDATE words SET u = _utf16 X'D83DDE000041' WHERE id = 5",
         "UPDATE words SET s = _sjis X'835C8394' WHERE id = 6",
         "UPDATE words SET n = _ucs2 X'005C00270000' WHERE id = 7"});
    expect_found_and_repaired("words", {0, 0, 7});
}

TEST_P(Trap07, EveryByteOfLatin1IsCopied)
{
    on_both({"CREATE TABLE words (id INT NOT NULL PRIMARY KEY, l VARCHAR(20) CHARACTER SET latin1, "
             "t TEXT CHARACTER SET latin1)"});
    std::vector<std::string> rows;
    for (int byte = 1; byte < 256; ++byte)
        rows.push_back(fmt::format("({0},_latin1 X'{0:02X}61',_latin1 X'61{0:02X}')", byte));
    m_up->run(inserts("words", rows));
    expect_found_and_repaired("words", {255, 0, 0});
}

TEST_P(Trap07, BytesThatAreNoUtf8SurviveInBinaryColumns)
{
    on_both({"CREATE TABLE bytes (id INT NOT NULL PRIMARY KEY, v VARBINARY(20), l BLOB)"});
    const auto unlike = insert_pairs("bytes", {{"X'FF',''", "X'FE',''"},
                                               {"X'C3',X'A9'", "X'C3A9',''"},
                                               {"X'EDA080',''", "X'3F3F3F',''"},
                                               {"X'80',X'F0'", "X'3F',X'3F'"},
                                               {"X'C080',''", "X'00',''"},
                                               {"'',X'F8888080'", "'',X'3F'"}});
    expect_found_and_repaired("bytes", {0, 0, unlike});
}

TEST_P(Trap07, EmojiAreCopiedWhereOnlyTheUtf8mb4ColumnHoldsThem)
{
    on_both({"CREATE TABLE words (id INT NOT NULL PRIMARY KEY, t VARCHAR(20) CHARACTER SET "
             "utf8mb3, f VARCHAR(20) CHARACTER SET utf8mb4, x LONGTEXT CHARACTER SET utf8mb4) "
             "CHARACTER SET utf8mb3",
             "INSERT INTO words VALUES "
             "(1,'é','?','?'),(2,'é',REPEAT('?',4),REPEAT('?',4)),(3,'é','',NULL)"});
    m_up->run({"UPDATE words SET f = '😀', x = '👩‍👩‍👧‍👦' WHERE id IN (1,2)",
               "INSERT INTO words VALUES (4,'€','𝄞','🇩🇪')"});
    expect_found_and_repaired("words", {1, 0, 2});
}

// It could be converted; until then it is told, not guessed at.
TEST_P(Trap07, AnotherCharsetOfTheSameTextIsConverted)
{
    m_up->run(
        {"CREATE TABLE words (id INT NOT NULL PRIMARY KEY, v VARCHAR(20) CHARACTER SET latin1)",
         "INSERT INTO words VALUES (1,'é'),(2,'ß'),(3,'€'),(4,'a'),(5,NULL)"});
    m_down->run(
        {"CREATE TABLE words (id INT NOT NULL PRIMARY KEY, v VARCHAR(20) CHARACTER SET utf8mb4)",
         "INSERT INTO words VALUES (1,'é'),(2,'s'),(4,'a')"});
    EXPECT_EQ(slice(only("words")).exit_status(), 0) << result("words").reason;
    expect_counts(result("words"), {.missing = 2, .changed = 1});
    const std::string as_utf8 = "SELECT id, HEX(CONVERT(v USING utf8mb4)) FROM words ORDER BY id";
    EXPECT_EQ(ask(*m_up, as_utf8), ask(*m_down, as_utf8));
}

TEST_P(Trap07, ACharsetThatCannotHoldTheTextIsRefused)
{
    m_up->run(
        {"CREATE TABLE words (id INT NOT NULL PRIMARY KEY, v VARCHAR(20) CHARACTER SET utf8mb4)",
         "INSERT INTO words VALUES (1,'😀'),(2,'Ж')"});
    m_down->run(
        {"CREATE TABLE words (id INT NOT NULL PRIMARY KEY, v VARCHAR(20) CHARACTER SET latin1)",
         "INSERT INTO words VALUES (1,'?'),(3,'x')"});
    expect_refused("words", "latin1");
}

// --- 8. JSON ---

class Trap08 : public TrapTest
{
protected:
    /// Upstream holds JSON; downstream what can take it: JSON on the same family, else LONGTEXT.
    void make_documents()
    {
        m_up->run({"CREATE TABLE documents (id INT NOT NULL PRIMARY KEY, j JSON)"});
        if (same_family())
            m_down->run({"CREATE TABLE documents (id INT NOT NULL PRIMARY KEY, j JSON)"});
        else
            pull_definitions();
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap08, testing::ValuesIn(pairings()), pairing_name);
SLICETOOL_TRAP_ON(Trap08FromMySqlToMariaDb, TrapTest,
                  pairings_where([](bool up, bool down) { return !up && down; }));
SLICETOOL_TRAP_ON(Trap08FromMariaDbToMySql, TrapTest,
                  pairings_where([](bool up, bool down) { return up && !down; }));

const std::vector<std::string> k_documents = {R"('{"b": 1, "a": 2}')",
                                              R"('{"a": 9007199254740993}')",
                                              "'9007199254740993'",
                                              "'1.0'",
                                              "'1'",
                                              "'null'",
                                              "NULL",
                                              R"('"null"')",
                                              R"('""')",
                                              R"('{}')",
                                              R"('[]')",
                                              R"('[1, 2.50, -0.0, 1e308, 1e-7]')",
                                              R"('{"é": "😀", "q": "\\"\\\\\\n\\u0000"}')",
                                              "'18446744073709551615'",
                                              "'-9223372036854775808'",
                                              R"('{"deep": {"er": [[[{"x": null}]]]}}')",
                                              "'true'",
                                              R"('"true"')"};

TEST_P(Trap08, EveryDocumentIsCopiedAndProven)
{
    make_documents();
    std::vector<std::string> rows;
    for (std::size_t at = 0; at < k_documents.size(); ++at)
        rows.push_back(fmt::format("({},{})", at, k_documents[at]));
    m_up->run(inserts("documents", rows));
    expect_found_and_repaired("documents", {rows.size(), 0, 0});
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM documents WHERE j IS NULL").at(0), "1 ");
}

TEST_P(Trap08, EveryDocumentIsToldFromEveryOther)
{
    make_documents();
    std::vector<std::string> up;
    std::vector<std::string> down;
    for (const auto& first : k_documents)
        for (const auto& second : k_documents) {
            up.push_back(fmt::format("({},{})", up.size(), first));
            down.push_back(fmt::format("({},{})", down.size(), second));
        }
    m_up->run(inserts("documents", up));
    m_down->run(inserts("documents", down));
    // The server's own text decides which are alike, read without the program.
    const auto texts_up =
        ask(*m_up, "SELECT id, HEX(CAST(j AS BINARY)) FROM documents ORDER BY id");
    const auto texts_down =
        ask(*m_down, "SELECT id, HEX(CAST(j AS BINARY)) FROM documents ORDER BY id");
    std::uint64_t unlike = 0;
    for (std::size_t at = 0; at < texts_up.size(); ++at)
        unlike += texts_up[at] == texts_down[at] ? 0 : 1;
    EXPECT_GE(unlike, k_documents.size() * (k_documents.size() - 1));
    expect_found_and_repaired("documents", {0, 0, unlike});
}

TEST_P(Trap08, TheOrderOfKeysIsWhatTheServerKeeps)
{
    make_documents();
    m_up->run({R"(INSERT INTO documents VALUES (1, '{"a": 1, "b": 2}'), (2, '{"a": 1}'))"});
    m_down->run({R"(INSERT INTO documents VALUES (1, '{"b": 2, "a": 1}'), (2, '{"a":1}'))"});
    const bool same = dump(*m_up, "documents") == dump(*m_down, "documents");
    EXPECT_EQ(same, !upstream_is_mariadb() && !downstream_is_mariadb());
    EXPECT_EQ(verify(only("documents")).exit_status(), same ? 0 : 1);
    expect_made_equal("documents");
}

TEST_P(Trap08, JsonNullIsNotSqlNull)
{
    make_documents();
    m_up->run({"INSERT INTO documents VALUES (1, 'null'), (2, NULL), (3, 'null')"});
    m_down->run({"INSERT INTO documents VALUES (1, NULL), (2, 'null'), (3, 'null')"});
    expect_found_and_repaired("documents", {0, 0, 2});
}

TEST_P(Trap08, LargeNumbersAreNotRounded)
{
    make_documents();
    m_up->run(
        {R"(INSERT INTO documents VALUES (1, '9007199254740993'), (2, '[1.0]'), (3, '{"n": 18446744073709551615}'))"});
    m_down->run(
        {R"(INSERT INTO documents VALUES (1, '9007199254740992'), (2, '[1]'), (3, '{"n": 18446744073709551614}'))"});
    expect_found_and_repaired("documents", {0, 0, 3});
}

TEST_P(Trap08FromMySqlToMariaDb, JsonGoesIntoALongtext)
{
    m_up->run({"CREATE TABLE documents (id INT NOT NULL PRIMARY KEY, j JSON)",
               R"(INSERT INTO documents VALUES (1,'{"b":1,"a":[1.0,null]}'),(2,NULL),(3,'null'))"});
    m_down->run(
        {"CREATE TABLE documents (id INT NOT NULL PRIMARY KEY, j LONGTEXT CHARACTER SET utf8mb4)",
         R"(INSERT INTO documents VALUES (1,'{"b":1,"a":[1.0,null]}'),(2,'null'))"});
    expect_found_and_repaired("documents", {1, 0, 2});
}

TEST_P(Trap08FromMariaDbToMySql, ALongtextIsRefusedForAJsonColumn)
{
    m_up->run({"CREATE TABLE documents (id INT NOT NULL PRIMARY KEY, j JSON)",
               R"(INSERT INTO documents VALUES (1,'{"b":1,"a":1.0}'),(2,NULL))"});
    m_down->run({"CREATE TABLE documents (id INT NOT NULL PRIMARY KEY, j JSON)",
                 "INSERT INTO documents VALUES (2,NULL),(3,'null')"});
    expect_refused("documents", "JSON");
}

// --- 11. what the server cuts ---

TEST_P(Trap11, ADifferenceAtTheVeryEndOfAMillionBytesIsFound)
{
    on_both({"CREATE TABLE texts (id INT NOT NULL PRIMARY KEY, t VARCHAR(2000) CHARACTER SET "
             "latin1 NOT NULL)"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 1500; ++id)
        rows.push_back(fmt::format("({},REPEAT('same',350))", id));
    on_both(inserts("texts", rows));
    m_up->run({"UPDATE texts SET t = CONCAT(LEFT(t, 1399), 'E') WHERE id IN (1000, 1500)"});
    expect_found_and_repaired("texts", {0, 0, 2});
}

TEST_P(Trap11, RangesLargerThanAPacketAreSplit)
{
    on_both({"CREATE TABLE texts (id INT NOT NULL PRIMARY KEY, a VARCHAR(16000) NOT NULL, b "
             "VARCHAR(16000) NOT NULL, c VARCHAR(16000) NOT NULL, "
             "d VARCHAR(16000) NOT NULL) CHARACTER SET latin1"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 300; ++id)
        rows.push_back(fmt::format(
            "({},REPEAT('a',16000),REPEAT('b',16000),REPEAT('c',16000),REPEAT('d',16000))", id));
    on_both(inserts("texts", rows));
    m_up->run({"UPDATE texts SET d = CONCAT(LEFT(d, 15999), 'E') WHERE id IN (299, 300)",
               "UPDATE texts SET a = CONCAT('A', SUBSTRING(a, 2)) WHERE id = 150"});
    expect_found_and_repaired("texts", {0, 0, 3});
}

TEST_P(Trap11, EqualWideRowsAreEqual)
{
    on_both({"CREATE TABLE texts (id INT NOT NULL PRIMARY KEY, a VARCHAR(16000) NOT NULL, b "
             "VARCHAR(16000) NOT NULL, c VARCHAR(16000) NOT NULL) CHARACTER SET latin1"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 400; ++id)
        rows.push_back(
            fmt::format("({0},REPEAT('a',15990+{0}%10),REPEAT('b',16000),REPEAT('c',16000))", id));
    on_both(inserts("texts", rows));
    EXPECT_EQ(slice(only("texts")).exit_status(), 0) << result("texts").reason;
    EXPECT_EQ(result("texts").outcome, report::Outcome::equal) << result("texts").reason;
    EXPECT_EQ(result("texts").rows, 400U);
    EXPECT_LT(result("texts").bytes_upstream, 100'000U);
}

TEST_P(Trap11, LongTextsThatDifferInTheLastByteAreFound)
{
    on_both({"CREATE TABLE texts (id INT NOT NULL PRIMARY KEY, t LONGTEXT CHARACTER SET latin1, b "
             "MEDIUMBLOB)"});
    on_both({"INSERT INTO texts VALUES "
             "(1,REPEAT('t',2000000),REPEAT(X'00',2000000)),(2,REPEAT('t',2000000),REPEAT(X'00',"
             "2000000)),(3,REPEAT('t',70000),'')"});
    m_up->run({"UPDATE texts SET t = CONCAT(LEFT(t, 1999999), 'T') WHERE id = 1",
               "UPDATE texts SET b = CONCAT(LEFT(b, 1999999), X'01') WHERE id = 2",
               "UPDATE texts SET t = CONCAT(t, ' ') WHERE id = 3"});
    const std::string query =
        "SELECT id, LENGTH(t), SHA2(t, 256), LENGTH(b), SHA2(b, 256) FROM texts ORDER BY id";
    EXPECT_EQ(verify(only("texts")).exit_status(), 1);
    EXPECT_EQ(result("texts").changed, 3U);
    EXPECT_EQ(slice(only("texts")).exit_status(), 0) << result("texts").reason;
    EXPECT_EQ(ask(*m_up, query), ask(*m_down, query));
    EXPECT_EQ(verify(only("texts")).exit_status(), 0);
}

// Nine mebibytes are eighteen in hexadecimal: more than MariaDB's packet.
TEST_P(Trap11, ARowNearTheLargestPacketIsCopied)
{
    on_both({"CREATE TABLE texts (id INT NOT NULL PRIMARY KEY, b LONGBLOB)",
             "INSERT INTO texts VALUES (1,REPEAT(X'80',9000000)),(2,'x'),(3,'x')"});
    m_up->run({"UPDATE texts SET b = CONCAT(LEFT(b, 8999999), X'81') WHERE id = 1",
               "INSERT INTO texts VALUES (4,REPEAT(X'27',7000000))"});
    const std::string query = "SELECT id, LENGTH(b), SHA2(b, 256) FROM texts ORDER BY id";
    EXPECT_EQ(slice(only("texts")).exit_status(), 0) << result("texts").reason;
    EXPECT_EQ(result("texts").changed, 1U);
    EXPECT_EQ(ask(*m_up, query), ask(*m_down, query));
    EXPECT_EQ(verify(only("texts")).exit_status(), 0);
}

TEST_P(Trap11, ARowLargerThanAPacketIsCopiedOrLeftWithASentence)
{
    on_both({"CREATE TABLE texts (id INT NOT NULL PRIMARY KEY, a LONGBLOB, b LONGBLOB)",
             "INSERT INTO texts VALUES (1,'x','x'),(2,'x','x')"});
    m_up->run({"UPDATE texts SET a = REPEAT(X'80',12000000) WHERE id = 2",
               "UPDATE texts SET b = REPEAT(X'80',12000000) WHERE id = 2"});
    const std::string query =
        "SELECT id, LENGTH(a), SHA2(a, 256), LENGTH(b), SHA2(b, 256) FROM texts ORDER BY id";
    const auto before = ask(*m_down, query);
    EXPECT_EQ(verify(only("texts")).exit_status(), 1) << result("texts").reason;
    const int status = slice(only("texts")).exit_status();
    if (status == 0) {
        EXPECT_EQ(ask(*m_up, query), ask(*m_down, query));
        return;
    }
    EXPECT_EQ(status, 2);
    EXPECT_THAT(result("texts").reason, testing::HasSubstr("max_allowed_packet"));
    EXPECT_THAT(result("texts").reason, testing::HasSubstr("texts"));
    EXPECT_EQ(ask(*m_down, query), before) << "a row that could not be copied was deleted";
}

TEST_P(Trap11, ManyRowsOfManyColumnsAreNotCut)
{
    std::string columns;
    std::string values;
    for (int column = 0; column < 180; ++column) {
        columns += fmt::format(", c{} VARCHAR(300) NOT NULL", column);
        values += ",REPEAT('z',60)";
    }
    on_both({"CREATE TABLE texts (id INT NOT NULL PRIMARY KEY" + columns +
             ") CHARACTER SET latin1 ENGINE=InnoDB"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 200; ++id)
        rows.push_back(fmt::format("({}{})", id, values));
    on_both(inserts("texts", rows));
    m_up->run({"UPDATE texts SET c179 = CONCAT(LEFT(c179, 59), 'Z') WHERE id IN (100, 200)"});
    expect_found_and_repaired("texts", {0, 0, 2});
}

} // namespace
} // namespace slicetool::test
