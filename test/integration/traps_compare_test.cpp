#include "integration/traps_fixture.hpp"

/// Traps of comparing: edits that cancel out, values that look alike.
namespace slicetool::test {
namespace {

SLICETOOL_TRAP(Trap01);
SLICETOOL_TRAP(Trap02);
SLICETOOL_TRAP(Trap03);
SLICETOOL_TRAP(Trap04);
SLICETOOL_TRAP(Trap05);
SLICETOOL_TRAP(Trap06);

// --- 1. the same edit in several rows of one range ---

const std::string k_notes = "CREATE TABLE notes (id INT NOT NULL PRIMARY KEY, note VARCHAR(40), "
                            "amount INT NOT NULL, flag BIT(1) NOT NULL)";

std::string note_rows(int rows)
{
    std::string text = "INSERT INTO notes VALUES ";
    for (int id = 1; id <= rows; ++id)
        text += fmt::format("{}({},'the same text',1000,b'0')", id == 1 ? "" : ",", id);
    return text;
}

TEST_P(Trap01, TheSameEditInTwoOrFourRowsOfOneRangeIsFound)
{
    on_both({k_notes, note_rows(1500)});
    std::uint64_t rows = 2;
    for (const std::string ids :
         {"10, 11", "20, 21, 22, 23", "1, 2, 4, 8, 16, 32, 64, 128", "512, 1024"}) {
        m_up->run(
            {"UPDATE notes SET note = 'the sane text', amount = 1001, flag = b'1' WHERE id IN (" +
             ids + ")"});
        rows = static_cast<std::uint64_t>(std::count(ids.begin(), ids.end(), ',')) + 1;
        expect_found_and_repaired("notes", {0, 0, rows});
    }
}

TEST_P(Trap01, TwoRowsThatExchangeTheirContentsAreFound)
{
    on_both({k_notes, note_rows(1500), "UPDATE notes SET note = 'a', amount = 7 WHERE id = 30",
             "UPDATE notes SET note = 'b', amount = 9 WHERE id = 31"});
    m_up->run({"UPDATE notes SET note = 'b', amount = 9 WHERE id = 30",
               "UPDATE notes SET note = 'a', amount = 7 WHERE id = 31"});
    expect_found_and_repaired("notes", {0, 0, 2});
}

TEST_P(Trap01, TheSameEditInEveryRowIsFound)
{
    on_both({k_notes, note_rows(1024)});
    m_up->run({"UPDATE notes SET flag = b'1'"});
    expect_found_and_repaired("notes", {0, 0, 1024});
}

TEST_P(Trap01, ChangesOfSumZeroAreFound)
{
    on_both({k_notes, note_rows(1500)});
    m_up->run({"UPDATE notes SET amount = amount + 1 WHERE id = 40",
               "UPDATE notes SET amount = amount - 1 WHERE id = 41"});
    expect_found_and_repaired("notes", {0, 0, 2});
}

TEST_P(Trap01, AsManyRowsMissingAsExtraAreFound)
{
    on_both({k_notes, note_rows(1500)});
    m_up->run({"DELETE FROM notes WHERE id IN (100, 102)",
               "INSERT INTO notes VALUES (1501,'the same text',1000,b'0'),(1502,'the same "
               "text',1000,b'0')"});
    expect_found_and_repaired("notes", {2, 2, 0});
}

// --- 2. values that move over the border between columns ---

const std::vector<std::string> k_separators = {
    "#",    ",",    ";",  "~", "|",   "/",   "-",     ":",    " ",    "\t",
    "\\",   "'",    "\"", "`", ",~,", "#,#", ";1,1;", "NULL", "~,1;", std::string(1, '\0'),
    "\x1f", "\x1a", "\n"};

std::string hex_of(const std::string& bytes)
{
    std::string text = "X'";
    for (const char byte : bytes)
        text += fmt::format("{:02X}", static_cast<unsigned char>(byte));
    return text + "'";
}

TEST_P(Trap02, TextThatMovesToTheNeighbouringColumnIsFound)
{
    on_both({"CREATE TABLE cells (id INT NOT NULL PRIMARY KEY, a VARCHAR(20), b VARCHAR(20)) "
             "DEFAULT CHARSET utf8mb4"});
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& separator : k_separators)
        pairs.emplace_back(hex_of("a" + separator) + "," + hex_of("b"),
                           hex_of("a") + "," + hex_of(separator + "b"));
    const auto unlike = insert_pairs("cells", pairs);
    expect_found_and_repaired("cells", {0, 0, unlike});
}

TEST_P(Trap02, BytesThatMoveToTheNeighbouringColumnAreFound)
{
    on_both({"CREATE TABLE cells (id INT NOT NULL PRIMARY KEY, a VARBINARY(20), b BLOB, c TEXT)"});
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& separator : k_separators) {
        pairs.emplace_back(hex_of("a" + separator) + "," + hex_of("b") + ",''",
                           hex_of("a") + "," + hex_of(separator + "b") + ",''");
        pairs.emplace_back("'x'," + hex_of("a" + separator) + "," + hex_of("b"),
                           "'x'," + hex_of("a") + "," + hex_of(separator + "b"));
    }
    const auto unlike = insert_pairs("cells", pairs);
    expect_found_and_repaired("cells", {0, 0, unlike});
}

// Each row differs alone in a range of its own size, so that the whole table's fingerprint is at
// stake.
TEST_P(Trap02, TextThatMovesToTheNextRowIsFound)
{
    on_both({"CREATE TABLE cells (id INT NOT NULL PRIMARY KEY, a VARCHAR(40) NOT NULL, b "
             "VARCHAR(40) NOT NULL)",
             "INSERT INTO cells VALUES (1,'x','y2,1,1;xy'),(2,'x','y')"});
    m_up->run(
        {"UPDATE cells SET b = 'y' WHERE id = 1", "UPDATE cells SET a = '2,1,1;xyx' WHERE id = 2"});
    expect_found_and_repaired("cells", {0, 0, 2});
}

TEST_P(Trap02, NumbersAndTextsOfEveryNeighbourhoodStayApart)
{
    on_both({"CREATE TABLE cells (id INT NOT NULL PRIMARY KEY, n DECIMAL(9,1), a VARCHAR(9), m "
             "INT, b VARBINARY(9))"});
    insert_pairs("cells", {{"1.1,'1',1,'1'", "1.1,'11',1,''"},
                           {"1.0,'',11,'1'", "1.0,'1',1,'1'"},
                           {"NULL,'~',1,'1'", "NULL,NULL,1,'1'"},
                           {"1.0,'1,1',NULL,''", "1.0,'1',1,''"},
                           {"1.0,'1',1,'1;1'", "1.0,'1;1',1,'1'"},
                           {"1.0,'',NULL,'~'", "1.0,'~',NULL,''"}});
    expect_found_and_repaired("cells", {0, 0, 6});
}

// Every combination of treacherous values against every other: 81 × 81 rows.
TEST_P(Trap02, NoTwoOfManyTreacherousRowsAreTakenForEqual)
{
    on_both({"CREATE TABLE cells (id INT NOT NULL PRIMARY KEY, a VARCHAR(9), b VARCHAR(9))"});
    const std::vector<std::string> values = {"NULL", "''",   "'~'",   "','",   "';'",
                                             "'0'",  "'1;'", "'~;~'", "'1,1;'"};
    std::vector<std::string> rows;
    for (const auto& first : values)
        for (const auto& second : values)
            rows.push_back(first + "," + second);
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& up : rows)
        for (const auto& down : rows)
            pairs.emplace_back(up, down);
    const auto unlike = insert_pairs("cells", pairs);
    expect_found_and_repaired("cells", {0, 0, unlike});
}

// --- 3. NULL and what resembles it ---

TEST_P(Trap03, NullIsNeitherEmptyNorTheWordNorATilde)
{
    on_both({"CREATE TABLE cells (id INT NOT NULL PRIMARY KEY, a VARCHAR(9), b VARCHAR(9))"});
    const std::vector<std::string> values = {"NULL",   "''",      "'NULL'", "'~'",
                                             "'null'", "'\\\\N'", "'x'"};
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& up : values)
        for (const auto& down : values) {
            pairs.emplace_back(up + ",'x'", down + ",'x'");
            pairs.emplace_back("'x'," + up, "'x'," + down);
            pairs.emplace_back(up + "," + down, down + "," + up);
        }
    const auto unlike = insert_pairs("cells", pairs);
    expect_found_and_repaired("cells", {0, 0, unlike});
}

TEST_P(Trap03, NullInOneOfTwoColumnsIsNotNullInTheOther)
{
    on_both({"CREATE TABLE cells (id INT NOT NULL PRIMARY KEY, a VARCHAR(9), b VARCHAR(9))",
             "INSERT INTO cells VALUES (1,NULL,'x'),(2,'x',NULL),(3,NULL,NULL)"});
    m_up->run({"UPDATE cells SET a = 'x', b = NULL WHERE id = 1",
               "UPDATE cells SET a = NULL, b = 'x' WHERE id = 2"});
    expect_found_and_repaired("cells", {0, 0, 2});
}

TEST_P(Trap03, NullIsNoZeroInAnyType)
{
    on_both({"CREATE TABLE cells (id INT NOT NULL PRIMARY KEY, i INT, d DECIMAL(9,2), f FLOAT, g "
             "DOUBLE, t DATETIME, y YEAR, "
             "b BIT(8), e ENUM('','a'), s SET('a','b'), v VARBINARY(4), x TEXT, z BLOB)"});
    const std::vector<std::string> zeros = {"0",    "0",  "0",  "0",  "'1970-01-01'", "0",
                                            "b'0'", "''", "''", "''", "''",           "''"};
    std::vector<std::pair<std::string, std::string>> pairs;
    for (std::size_t at = 0; at < zeros.size(); ++at) {
        std::string up;
        std::string down;
        for (std::size_t column = 0; column < zeros.size(); ++column) {
            up += (column == 0 ? "" : ",") + zeros[column];
            down += (column == 0 ? "" : ",") + (column == at ? "NULL" : zeros[column]);
        }
        pairs.emplace_back(up, down);
        pairs.emplace_back(down, up);
    }
    const auto unlike = insert_pairs("cells", pairs);
    expect_found_and_repaired("cells", {0, 0, unlike});
}

// --- 4. floats and decimals ---

TEST_P(Trap04, FloatsThatPrintAlikeInSixDigitsAreFound)
{
    on_both({"CREATE TABLE measures (id INT NOT NULL PRIMARY KEY, f FLOAT)"});
    const auto unlike = insert_pairs("measures", {{"0", "NULL"},
                                                  {"39.998008", "39.998001"},
                                                  {"16777216", "16777215"},
                                                  {"1.0000001", "1"},
                                                  {"3.402823466e38", "3.4028232e38"},
                                                  {"1.1754944e-38", "1.1754945e-38"},
                                                  {"1.4e-45", "0"},
                                                  {"0.1", "0.10000001"},
                                                  {"-123456.7", "-123456.71"},
                                                  {"8388608.5", "8388609.5"}});
    expect_found_and_repaired("measures", {0, 0, unlike});
}

TEST_P(Trap04, DoublesAreCopiedToTheLastBit)
{
    on_both({"CREATE TABLE measures (id INT NOT NULL PRIMARY KEY, d DOUBLE)"});
    const auto unlike =
        insert_pairs("measures", {{"1e-12", "1.0000000000000002e-12"},
                                  {"1e308", "1.0000000000000002e308"},
                                  {"1.7976931348623157e308", "1.7976931348623155e308"},
                                  {"0.6836659150977301", "0.68366591509773"},
                                  {"0.30000000000000004", "0.3"},
                                  {"5e-324", "0"},
                                  {"9007199254740993", "9007199254740990"},
                                  {"1e15", "1.0000000000000001e15"},
                                  {"123456789012345.6", "123456789012345.7"},
                                  {"-1e-7", "-1.0000000000000002e-7"},
                                  {"0", "NULL"},
                                  {"1e22", "1.0000000000000003e22"}});
    expect_found_and_repaired("measures", {0, 0, unlike});
    for (const std::string where :
         {"id = 4 AND d = 0.6836659150977301e0", "id = 3 AND d = 1.7976931348623157e308",
          "id = 6 AND d > 0", "id = 5 AND d = 0.1e0 + 0.2e0"})
        EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM measures WHERE " + where).at(0), "1 ")
            << where;
}

// Longer than the 22 characters at which a server may cut a printed double. dump() would cut too,
// so the servers are asked for equality instead.
TEST_P(Trap04, DoublesOfTheMostCharactersAreCopiedToTheLastBit)
{
    on_both({"CREATE TABLE measures (id INT NOT NULL PRIMARY KEY, d DOUBLE)"});
    const std::vector<std::pair<std::string, std::string>> pairs = {
        {"2.2250738585072014e-308", "2.225073858507201e-308"},
        {"-2.2250738585072014e-308", "-2.225073858507201e-308"},
        {"-1.2345678901234567e-300", "-1.2345678901234565e-300"},
        {"-1.7976931348623157e308", "-1.7976931348623155e308"},
        {"1.2345678901234567e-100", "1.2345678901234562e-100"}};
    insert_pairs("measures", pairs);
    EXPECT_EQ(verify(only("measures")).exit_status(), 1) << result("measures").reason;
    EXPECT_EQ(result("measures").changed, pairs.size());
    EXPECT_EQ(slice(only("measures")).exit_status(), 0) << result("measures").reason;
    EXPECT_EQ(verify(only("measures")).exit_status(), 0) << result("measures").reason;
    for (std::size_t at = 0; at < pairs.size(); ++at)
        EXPECT_EQ(ask(*m_down, fmt::format("SELECT COUNT(*) FROM measures WHERE id = {} AND d = {}",
                                           at + 1, pairs[at].first))
                      .at(0),
                  "1 ")
            << pairs[at].first;
}

// MariaDB stores no negative zero, so between the families it counts as zero.
TEST_P(Trap04, NegativeZeroArrivesWhereBothServersKnowIt)
{
    on_both({"CREATE TABLE measures (id INT NOT NULL PRIMARY KEY, d DOUBLE, f FLOAT)",
             "INSERT INTO measures VALUES (1,0,0),(2,1,1),(3,0,0)"});
    m_up->run({"UPDATE measures SET d = '-0', f = '-0' WHERE id < 3"});
    EXPECT_EQ(slice(only("measures")).exit_status(), 0) << result("measures").reason;
    EXPECT_EQ(verify(only("measures")).exit_status(), 0) << result("measures").reason;
    const std::string numbers = "SELECT id, d + 0e0, f + 0e0 FROM measures ORDER BY id";
    EXPECT_EQ(ask(*m_up, numbers), ask(*m_down, numbers));
    if (same_family()) {
        EXPECT_EQ(dump(*m_up, "measures"), dump(*m_down, "measures"));
    }
}

TEST_P(Trap04, ANegativeZeroThatTheServerPrintsIsADifferenceWithinItsFamily)
{
    on_both({"CREATE TABLE measures (id INT NOT NULL PRIMARY KEY, d DOUBLE)",
             "INSERT INTO measures VALUES (1,0),(2,0),(3,1)"});
    m_up->run({"UPDATE measures SET d = -0e0 WHERE id = 1"});
    const bool seen =
        ask(*m_up, "SELECT CAST(d AS CHAR) FROM measures WHERE id = 1").at(0) == "-0 ";
    EXPECT_EQ(verify(only("measures")).exit_status(), seen && same_family() ? 1 : 0);
    EXPECT_EQ(slice(only("measures")).exit_status(), 0) << result("measures").reason;
    if (same_family()) {
        expect_equal("measures");
    }
}

TEST_P(Trap04, DecimalsAreComparedToTheLastDigit)
{
    on_both({"CREATE TABLE measures (id INT NOT NULL PRIMARY KEY, d DECIMAL(65,30), e "
             "DECIMAL(20,10), i DECIMAL(65,0))"});
    const std::string big(35, '9');
    const std::string digits(29, '9');
    const auto unlike = insert_pairs(
        "measures", {{big + "." + digits + "9,1.5,1", big + "." + digits + "8,1.5,1"},
                     {"-" + big + "." + digits + "9,1.5,1", big + "." + digits + "9,1.5,1"},
                     {"0." + std::string(29, '0') + "1,1.5,1", "0,1.5,1"},
                     {"1.5,1.0000000001,1", "1.5,1.0000000000,1"},
                     {"1.5,-0.0000000001,1", "1.5,0.0000000001,1"},
                     {"1.5,1," + std::string(65, '9'), "1.5,1," + std::string(64, '9') + "8"},
                     {"0,0,0", "NULL,0,0"}});
    expect_found_and_repaired("measures", {0, 0, unlike});
}

TEST_P(Trap04, TrailingZerosOfADecimalAreNoDifference)
{
    on_both({"CREATE TABLE measures (id INT NOT NULL PRIMARY KEY, d DECIMAL(65,30))"});
    insert_pairs("measures", {{"1.10", "1.1"}, {"100", "100.000"}, {"-0.0", "0"}, {"1e3", "1000"}});
    EXPECT_EQ(slice(only("measures")).exit_status(), 0);
    EXPECT_EQ(result("measures").outcome, report::Outcome::equal) << result("measures").reason;
}

// --- 5. tables that have no key to identify rows by ---

TEST_P(Trap05, DuplicatesOfATableWithoutKeyAreCounted)
{
    on_both({"CREATE TABLE piles (a INT, b VARCHAR(9))",
             "INSERT INTO piles VALUES (1,'a'),(1,'a'),(2,'b'),(2,'b'),(3,'c')"});
    m_up->run({"DELETE FROM piles WHERE a = 3", "INSERT INTO piles VALUES (1,'a'),(3,'c')"});
    expect_found_and_repaired("piles", {.missing = 1});
}

TEST_P(Trap05, ATableWhoseOnlyUniqueKeyIsNullableIsComparedWithoutIt)
{
    on_both({"CREATE TABLE piles (a INT NULL UNIQUE, b VARCHAR(9))",
             "INSERT INTO piles VALUES (NULL,'a'),(NULL,'a'),(2,'b')"});
    m_up->run({"INSERT INTO piles VALUES (NULL,'b'),(5,'c')"});
    expect_found_and_repaired("piles", {.missing = 2});
}

TEST_P(Trap05, AFloatingPointKeyIsNotReliedOn)
{
    for (const std::string type : {"FLOAT", "DOUBLE"}) {
        on_both({"DROP TABLE IF EXISTS piles",
                 "CREATE TABLE piles (a " + type + " NOT NULL PRIMARY KEY, b VARCHAR(9))",
                 "INSERT INTO piles VALUES (0.1,'a'),(2,'b')"});
        m_up->run({"UPDATE piles SET b = 'x'"});
        expect_found_and_repaired("piles", {.missing = 2, .extra = 2});
    }
}

// --- 6. what a _ci collation takes for equal ---

TEST_P(Trap06, CaseAccentAndTrailingSpaceAreFoundUnderEveryCollation)
{
    for (const std::string collation :
         {"utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb3_general_ci", "latin1_swedish_ci",
          "latin1_general_ci", "utf8mb4_bin"}) {
        const std::string charset = collation.substr(0, collation.find('_'));
        on_both({"DROP TABLE IF EXISTS words", "CREATE TABLE words (id INT NOT NULL PRIMARY KEY, v "
                                               "VARCHAR(20), t TEXT, c CHAR(20)) CHARACTER SET " +
                                                   charset + " COLLATE " + collation});
        const std::vector<std::pair<std::string, std::string>> words = {
            {"'a'", "'A'"},    {"'e'", "'é'"}, {"'a '", "'a'"}, {"'ss'", "'ß'"}, {"'a\\t'", "'a'"},
            {"'a\\0'", "'a'"}, {"' '", "''"},  {"'Ö'", "'ö'"},  {"'o'", "'ø'"}};
        std::vector<std::pair<std::string, std::string>> pairs;
        for (const auto& [up, down] : words) {
            pairs.emplace_back(up + ",'x','x'", down + ",'x','x'");
            pairs.emplace_back("'x'," + up + ",'x'", "'x'," + down + ",'x'");
        }
        pairs.emplace_back("'x','x','a'", "'x','x','A'");
        pairs.emplace_back("'x','x','e'", "'x','x','é'");
        const auto unlike = insert_pairs("words", pairs);
        SCOPED_TRACE(collation);
        expect_found_and_repaired("words", {0, 0, unlike});
    }
}

TEST_P(Trap06, ComposedAndDecomposedLettersAreNotTheSame)
{
    on_both({"CREATE TABLE words (id INT NOT NULL PRIMARY KEY, v VARCHAR(20)) CHARACTER SET "
             "utf8mb4 COLLATE utf8mb4_unicode_ci"});
    const auto unlike = insert_pairs("words", {{"'\u00e9'", "'e\u0301'"},
                                               {"'\u212b'", "'\u00c5'"},
                                               {"'\ufb01'", "'fi'"},
                                               {"'\u200ba'", "'a'"},
                                               {"'\u00a0'", "' '"}});
    expect_found_and_repaired("words", {0, 0, unlike});
}

TEST_P(Trap06, TheServersOwnDefaultCollationHidesNothing)
{
    m_up->run({"CREATE TABLE words (id INT NOT NULL PRIMARY KEY, v VARCHAR(20), t TEXT) CHARACTER "
               "SET utf8mb4",
               "INSERT INTO words VALUES (1,'a','a'),(2,'a ','a '),(3,'é','é')"});
    pull_definitions();
    m_down->run({"INSERT INTO words VALUES (1,'A','a'),(2,'a','a '),(3,'é','e')"});
    expect_found_and_repaired("words", {0, 0, 3});
}

} // namespace
} // namespace slicetool::test
