#include "integration/slice_fixture.hpp"

/// What the random search has found, as small as it made it. Each failed once.
namespace slicetool::test {
namespace {

class Found : public SliceTest
{
};

INSTANTIATE_TEST_SUITE_P(Pairings, Found, testing::ValuesIn(pairings()), pairing_name);

/// MySQL has no NOPAD collations of that kind.
class FoundOnMariaDb : public Found
{
};

INSTANTIATE_TEST_SUITE_P(
    Pairings, FoundOnMariaDb,
    testing::ValuesIn(pairings_where([](bool up, bool down) { return up && down; })), pairing_name);

/// Sampling joined the key's columns as text: an illegal mix of collations.
TEST_P(Found, AKeyOfTextsInUnlikeCharacterSets)
{
    on_both({"CREATE TABLE mixed (a VARCHAR(9) CHARACTER SET sjis COLLATE sjis_japanese_ci, "
             "b VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_swedish_ci, v INT, "
             "PRIMARY KEY (a, b))",
             "INSERT INTO mixed VALUES (_sjis X'835C', _latin1 X'E4', 1), ('a', 'b', 2)",
             "CREATE TABLE wide (a VARCHAR(9) COLLATE utf8mb4_bin, b DECIMAL(1,0), "
             "c VARCHAR(9) CHARACTER SET utf16 COLLATE utf16_general_ci, v INT, "
             "PRIMARY KEY (a, b, c))",
             "INSERT INTO wide VALUES ('a', 1, _utf16 X'4E2D', 1), ('a', 2, 'b', 2)"});
    for (const char* table : {"mixed", "wide"}) {
        m_up->run({std::string("UPDATE ") + table + " SET v = 3 WHERE v = 2"});
        expect_made_equal(table);
        EXPECT_EQ(result(table).changed, 1U) << table;
    }
}

/// A strict server does not store 0 again.
TEST_P(Found, AnExcludedEnumColumnKeepsItsInvalidValue)
{
    on_both({"CREATE TABLE kept (id INT PRIMARY KEY, v INT, e ENUM('only'))", "SET sql_mode = ''",
             "INSERT INTO kept VALUES (1, 1, 0)"});
    m_up->run({"UPDATE kept SET v = 2, e = 'only'"});
    sync::TableChoices choices;
    choices.excluded = {"e"};
    EXPECT_EQ(slice(only("kept", choices)).exit_status(), 0) << result("kept").reason;
    db::Session session = m_down->open(db::Role::reader);
    EXPECT_EQ(session.query_value("ask", "SELECT CONCAT(v, ' ', CAST(e AS UNSIGNED)) FROM kept"),
              "2 0");
}

/// MariaDB's range scans leave such rows out: the empty text is less than X'001A', and indexed
/// behind it.
TEST_P(FoundOnMariaDb, ACharThatIsIndexedInAnotherOrderThanItCompares)
{
    on_both({"CREATE TABLE blanks (c CHAR(9) COLLATE utf8mb4_general_nopad_ci PRIMARY KEY)",
             "INSERT INTO blanks VALUES (X'001A')"});
    m_up->run({"INSERT INTO blanks VALUES ('')"});
    EXPECT_EQ(verify(only("blanks")).exit_status(), 1);
    EXPECT_EQ(result("blanks").missing, 1U);
    expect_made_equal("blanks");
}

/// The question for foreign keys that refer to them had their names as binary literals, which MySQL
/// does not compare with names outside of ASCII.
TEST_P(Found, ATableWhoseNameIsNotAscii)
{
    on_both({"CREATE TABLE `\xc3\xbc` (id INT PRIMARY KEY)",
             "CREATE TABLE plain (id INT PRIMARY KEY)"});
    m_up->run({"INSERT INTO `\xc3\xbc` VALUES (1)", "INSERT INTO plain VALUES (1)"});
    EXPECT_EQ(slice().exit_status(), 0);
    expect_equal("\xc3\xbc");
    expect_equal("plain");
}

/// The connector takes an error in the midst of the rows for their end, unless the connection was
/// lost.
TEST_P(Found, AStatementThatTheServerEndsInTheMidstOfItsRows)
{
    m_up->run({"CREATE TABLE many (id INT PRIMARY KEY)"});
    std::string values;
    for (int at = 0; at < 3000; ++at)
        values += (at == 0 ? "(" : ",(") + std::to_string(at) + ")";
    m_up->run({"INSERT INTO many VALUES " + values});
    db::Session reader = m_up->open(db::Role::reader);
    db::Session other = m_up->open(db::Role::reader);
    db::Result rows = reader.query("read", "SELECT a.id, REPEAT('x', 500) FROM many a, many b");
    ASSERT_TRUE(rows.next());
    other.execute("end it", "KILL QUERY " + std::to_string(reader.connection_id()));
    EXPECT_THROW(
        {
            while (rows.next()) {
            }
        },
        db::Error);
}

} // namespace
} // namespace slicetool::test
