#include "integration/traps_fixture.hpp"

#include <functional>

/// Traps of keys: every type that can be one, strings that a collation takes for equal, keys that
/// do not identify rows.
namespace slicetool::test {
namespace {

using Literal = std::function<std::string(int)>;

/// A key and its n-th value.
struct KeyCase
{
    const char* name;
    const char* columns; ///< definitions of the key's columns
    const char* key;     ///< their names
    Literal literal;
    int rows = 1200;
};

/// Tables with the columns of a key and `v`, which numbers the rows from 0.
class KeyedTrap : public TrapTest
{
protected:
    /// Differences at both ends, in the middle and beside each other, on both sides.
    void expect_followed(const KeyCase& key)
    {
        SCOPED_TRACE(key.name);
        on_both({"DROP TABLE IF EXISTS keyed", fmt::format("CREATE TABLE keyed ({}, v INT NOT "
                                                           "NULL, PRIMARY KEY ({}))",
                                                           key.columns, key.key)});
        std::vector<std::string> rows;
        for (int at = 0; at < key.rows; ++at)
            rows.push_back(fmt::format("({},{})", key.literal(at), at));
        on_both(inserts("keyed", rows));
        EXPECT_EQ(verify(only("keyed")).exit_status(), 0) << result("keyed").reason;
        EXPECT_EQ(result("keyed").rows, rows.size());
        const int middle = key.rows / 2;
        m_up->run({fmt::format("UPDATE keyed SET v = v + 100000 WHERE v IN (0, {}, {})", middle,
                               key.rows - 1),
                   fmt::format("DELETE FROM keyed WHERE v IN (3, {})", middle + 1)});
        m_down->run({fmt::format("DELETE FROM keyed WHERE v IN (2, {})", middle + 2)});
        expect_found_and_repaired("keyed", {2, 2, 3});
        m_down->run({"DELETE FROM keyed"});
        expect_found_and_repaired("keyed", {rows.size() - 2, 0, 0});
    }
};

SLICETOOL_TRAP_ON(Trap15, KeyedTrap, pairings());
SLICETOOL_TRAP_ON(Trap15OnMariaDb, KeyedTrap,
                  pairings_where([](bool up, bool down) { return up && down; }));
SLICETOOL_TRAP(Trap16);
SLICETOOL_TRAP_ON(Trap16OnMySql, TrapTest,
                  pairings_where([](bool up, bool down) { return !up && !down; }));
SLICETOOL_TRAP(Trap17);
SLICETOOL_TRAP_ON(Trap17OnMySql, TrapTest,
                  pairings_where([](bool up, bool down) { return !up && !down; }));
SLICETOOL_TRAP_ON(Trap17FromMySqlToMariaDb, TrapTest,
                  pairings_where([](bool up, bool down) { return !up && down; }));

// --- 15. types of keys ---

std::string day(int at)
{
    return fmt::format("{:04}-{:02}-{:02}", 1000 + at * 7, at % 12 + 1, at % 28 + 1);
}

TEST_P(Trap15, KeysOfNumbersAreFollowed)
{
    expect_followed({"decimal", "k DECIMAL(30,10) NOT NULL", "k", [](int at) {
                         return fmt::format("{}12345678901234.{:010}", at % 2 == 0 ? "-" : "",
                                            at * 7919);
                     }});
    expect_followed({"longest decimal", "k DECIMAL(65,30) NOT NULL", "k", [](int at) {
                         return std::string(35, '9') + fmt::format(".{:026}{:04}", 0, at);
                     }});
    expect_followed(
        {"year", "k YEAR NOT NULL", "k", [](int at) { return std::to_string(1901 + at); }, 200});
    expect_followed({"smallint", "k SMALLINT NOT NULL", "k",
                     [](int at) { return std::to_string(at * 50 - 32768); }});
}

TEST_P(Trap15, KeysOfDatesAndTimesAreFollowed)
{
    expect_followed({"date", "k DATE NOT NULL", "k", [](int at) { return "'" + day(at) + "'"; }});
    expect_followed({"datetime", "k DATETIME NOT NULL", "k",
                     [](int at) { return "'" + day(at) + " 23:59:59'"; }});
    expect_followed({"datetime with microseconds", "k DATETIME(6) NOT NULL", "k",
                     [](int at) { return fmt::format("'2024-02-29 12:00:00.{:06}'", at * 833); }});
    expect_followed(
        {"timestamp", "k TIMESTAMP(6) NOT NULL DEFAULT '2020-01-01 00:00:00'", "k", [](int at) {
             return fmt::format("'2024-10-27 0{}:{:02}:{:02}.5'", at / 3600, at / 60 % 60, at % 60);
         }});
    expect_followed({"time", "k TIME(3) NOT NULL", "k", [](int at) {
                         return fmt::format("'{}{:02}:{:02}:00.{:03}'", at < 600 ? "-" : "",
                                            at % 600 + 1, at % 60, at % 10);
                     }});
}

TEST_P(Trap15, KeysOfBytesAreFollowed)
{
    expect_followed({"binary", "k BINARY(8) NOT NULL", "k",
                     [](int at) { return fmt::format("X'{:04X}00{:02X}0000'", at, at % 256); }});
    // 00, 0000, 000000, … are different keys; so are all that end in zeros.
    expect_followed({"varbinary", "k VARBINARY(600) NOT NULL", "k", [](int at) {
                         return at < 300 ? fmt::format("REPEAT(X'00',{})", at)
                                         : fmt::format("X'{:06X}'", at * 4001);
                     }});
}

TEST_P(Trap15, KeysOfTextAreFollowed)
{
    expect_followed({"char", "k CHAR(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL",
                     "k", [](int at) { return fmt::format("'\u00e4{:05}'", at * 37 % 9973); }});
    expect_followed({"varchar",
                     "k VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci "
                     "NOT NULL",
                     "k", [](int at) { return fmt::format("'ключ 😀 {}'", at); }});
    expect_followed({"utf16", "k VARCHAR(20) CHARACTER SET utf16 COLLATE utf16_bin NOT NULL", "k",
                     [](int at) { return fmt::format("_utf16 X'D83DDE00{:04X}'", at + 0x3000); }});
    expect_followed({"gbk", "k VARCHAR(20) CHARACTER SET gbk COLLATE gbk_bin NOT NULL", "k",
                     [](int at) { return fmt::format("_gbk X'815C{:02X}5C27'", 0x81 + at); }, 40});
}

TEST_P(Trap15, CompositeKeysWithAConstantFirstColumnAreFollowed)
{
    expect_followed({"constant number", "a INT NOT NULL, b BIGINT NOT NULL", "a, b",
                     [](int at) { return fmt::format("7,{}", at * 1'000'000'007LL); }});
    expect_followed({"constant text",
                     "a VARCHAR(20) CHARACTER SET latin1 NOT NULL, b DATE NOT "
                     "NULL, c SMALLINT NOT NULL",
                     "a, b, c",
                     [](int at) { return fmt::format("'same','2024-01-01',{}", at - 600); }});
    expect_followed({"three columns",
                     "a DATE NOT NULL, b DECIMAL(5,2) NOT NULL, c BINARY(2) NOT "
                     "NULL",
                     "a, b, c", [](int at) {
                         return fmt::format("'2024-01-{:02}',{}.5,X'{:04X}'", at / 100 + 1,
                                            at / 10 % 10 - 5, at);
                     }});
    expect_followed({"other order than the columns", "a INT NOT NULL, b INT NOT NULL", "b, a",
                     [](int at) { return fmt::format("{},{}", at % 10, at); }});
}

/// Servers order them by their numbers, not by what they print.
TEST_P(Trap15, KeysOfBitsAndElementsAreFollowed)
{
    expect_followed({"bits", "k BIT(40) NOT NULL", "k",
                     [](int at) { return std::to_string(at * 916'000'003LL); }});
    expect_followed({"enum", "e ENUM('z','m','','a','B','10','9') NOT NULL, n INT NOT NULL", "e, n",
                     [](int at) { return fmt::format("{},{}", at % 7 + 1, at); }});
    expect_followed({"set", "s SET('d','c','b','a') NOT NULL, n INT NOT NULL", "s, n",
                     [](int at) { return fmt::format("{},{}", at % 16, at); }});
}

TEST_P(Trap15OnMariaDb, KeysOfUuidsAndAddressesAreFollowed)
{
    expect_followed({"uuid", "k UUID NOT NULL", "k", [](int at) {
                         return fmt::format("'{:08x}-{:04x}-1{:03x}-8{:03x}-{:012x}'",
                                            at * 7919 % 10007, at, 4095 - at, at, at * 31);
                     }});
    expect_followed({"inet4", "k INET4 NOT NULL", "k",
                     [](int at) { return fmt::format("'10.{}.{}.9'", at % 256, at / 256); }});
    expect_followed({"inet6", "k INET6 NOT NULL", "k",
                     [](int at) { return fmt::format("'2001:db8::{:x}:1'", at + 1); }});
}

/// With all 64 elements a SET's number is negative where it is compared, and great where it is
/// sorted.
TEST_P(Trap15, ASetOfSixtyFourElementsIsNoKey)
{
    std::string elements;
    for (int at = 0; at < 64; ++at)
        elements += fmt::format("{}'m{}'", at == 0 ? "" : ",", at);
    on_both({"CREATE TABLE sets (k SET(" + elements + ") NOT NULL PRIMARY KEY)",
             "INSERT INTO sets VALUES (2), (9223372036854775808)"});
    m_up->run({"INSERT INTO sets VALUES (18446744073709551615)"});
    m_down->run({"INSERT INTO sets VALUES (9223372036854775809), (16449489234799896375)"});
    expect_found_and_repaired("sets", {1, 2, 0});
}

/// 0.1 is another number in a FLOAT than in a statement: such rows are found without the key.
TEST_P(Trap15, TablesWhoseOnlyKeyIsNotSafeAreComparedWithoutIt)
{
    for (const std::string type : {"FLOAT", "DOUBLE"}) {
        SCOPED_TRACE(type);
        on_both({"DROP TABLE IF EXISTS keyed",
                 "CREATE TABLE keyed (k " + type + " NOT NULL PRIMARY KEY, v INT)",
                 "INSERT INTO keyed VALUES (0.1,0),(0.2,0),(1e10,0),(-3.3,0),(5,0)"});
        m_up->run({"UPDATE keyed SET v = 1 WHERE k > 1e9", "DELETE FROM keyed WHERE k = 5",
                   "INSERT INTO keyed VALUES (39.998001,7)"});
        EXPECT_EQ(verify(only("keyed")).exit_status(), 1);
        expect_made_equal("keyed");
    }
}

TEST_P(Trap15, DescendingKeysAreFollowed)
{
    expect_followed({"descending", "a INT NOT NULL, b INT NOT NULL", "a DESC, b ASC",
                     [](int at) { return fmt::format("{},{}", at / 100, at); }});
    expect_followed({"descending id", "k BIGINT NOT NULL", "k DESC",
                     [](int at) { return std::to_string(at * 3); }});
}

/// What the servers may order or round in ways of their own is not walked; another key is used.
TEST_P(Trap15, AnotherUniqueKeyStandsInForOneThatIsNotSafe)
{
    for (const std::string type :
         {"FLOAT", "DOUBLE", "BIT(40)", "ENUM('9','8','7','6','5','4','3','2','1','0')",
          "SET('d','c','b','a')"}) {
        SCOPED_TRACE(type);
        on_both({"DROP TABLE IF EXISTS keyed",
                 "CREATE TABLE keyed (k " + type +
                     " NOT NULL PRIMARY KEY, n INT NOT NULL, v "
                     "INT, UNIQUE KEY numbers (n))",
                 "INSERT INTO keyed VALUES (1,10,0),(2,20,0),(3,30,0),(4,40,0),(5,50,0),(6,60,0)"});
        // Number 3 goes, 7 comes, and 1 and 2 exchange their places under the key not used.
        m_up->run({"DELETE FROM keyed WHERE n = 30", "INSERT INTO keyed VALUES (7,70,0)",
                   "UPDATE keyed SET n = -1 WHERE n = 10", "UPDATE keyed SET n = 10 WHERE n = 20",
                   "UPDATE keyed SET n = 20 WHERE n = -1", "UPDATE keyed SET v = 1 WHERE n = 60"});
        expect_found_and_repaired("keyed", {1, 1, 3});
    }
}

TEST_P(Trap15OnMariaDb, AnotherUniqueKeyStandsInForAUuidOrAnAddress)
{
    const std::vector<std::pair<std::string, std::string>> types = {
        {"UUID", "'123e4567-e89b-12d3-a456-42661417400{}'"},
        {"INET4", "'10.0.0.{}'"},
        {"INET6", "'2001:db8::{}'"}};
    for (const auto& [type, literal] : types) {
        SCOPED_TRACE(type);
        on_both({"DROP TABLE IF EXISTS keyed",
                 "CREATE TABLE keyed (k " + type +
                     " NOT NULL PRIMARY KEY, n INT NOT NULL UNIQUE, v INT)"});
        for (int at = 1; at <= 6; ++at)
            on_both({fmt::format("INSERT INTO keyed VALUES ({},{},0)",
                                 fmt::format(fmt::runtime(literal), at), at)});
        m_up->run({"DELETE FROM keyed WHERE n = 3", "UPDATE keyed SET n = -1 WHERE n = 1",
                   "UPDATE keyed SET n = 1 WHERE n = 2", "UPDATE keyed SET n = 2 WHERE n = -1",
                   "UPDATE keyed SET v = 1 WHERE n = 6"});
        expect_found_and_repaired("keyed", {0, 1, 3});
    }
}

// --- 16. keys of text ---

struct Words
{
    const char* collation;
    std::vector<std::string> distinct; ///< keys that this collation tells apart
};

const std::string k_composed = "'caf\u00e9'";
const std::string k_decomposed = "'cafe\u0301'";

const std::vector<Words> k_words = {
    {"utf8mb4_general_ci",
     {"'a'", "'b'", "'ß'", "'ss'", "'sS!'", "' a'", "''", "'é!'", "'😀'", k_decomposed, "'caf'"}},
    {"utf8mb4_unicode_ci",
     {"'a'", "'b'", "'ß'", "'sst'", "' a'", "''", "'éé'", "'z'", "'æ'", k_composed}},
    {"utf8mb4_unicode_520_ci",
     {"'a'", "'b'", "'ß'", "'sst'", "' a'", "''", "'éé'", "'z'", "'😀'", k_composed}},
    {"utf8mb4_bin",
     {"'a'", "'A'", "'ß'", "'ss'", "'SS'", "' a'", "''", "'é'", "'E'", "'😀'", k_composed,
      k_decomposed}},
    {"latin1_swedish_ci", {"'a'", "'b'", "'ß'", "'ss'", "'ü'", "'å'", "''", "'ö'"}},
    {"latin1_general_cs", {"'a'", "'A'", "'ß'", "'ss'", "'SS'", "'å'", "''", "'ö'", "'Ö'"}}};

TEST_P(Trap16, KeysOfEveryCollationAreFollowed)
{
    for (const auto& words : k_words) {
        SCOPED_TRACE(words.collation);
        const std::string collation = words.collation;
        on_both({"DROP TABLE IF EXISTS words",
                 fmt::format("CREATE TABLE words (w VARCHAR(40) CHARACTER SET {} COLLATE {} NOT "
                             "NULL PRIMARY KEY, v INT)",
                             collation.substr(0, collation.find('_')), collation)});
        std::vector<std::string> rows;
        for (std::size_t at = 0; at < words.distinct.size(); ++at)
            rows.push_back(fmt::format("({},{})", words.distinct[at], at));
        on_both(inserts("words", rows));
        EXPECT_EQ(verify(only("words")).exit_status(), 0) << result("words").reason;
        m_up->run({"UPDATE words SET v = v + 100 WHERE v < 4", "DELETE FROM words WHERE v = 5"});
        m_down->run({"DELETE FROM words WHERE v = 4"});
        expect_found_and_repaired("words", {1, 1, 4});
        m_down->run({"DELETE FROM words"});
        expect_found_and_repaired("words", {rows.size() - 1, 0, 0});
    }
}

/// To the server the row is the same; to us its key reads otherwise.
TEST_P(Trap16, AKeyWrittenOtherwiseIsReplaced)
{
    on_both({"CREATE TABLE words (w VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci "
             "NOT NULL PRIMARY KEY, v INT)"});
    m_up->run({"INSERT INTO words VALUES ('anna',1),('b ',2),('caf\u00e9',3),('s',4),('same',5)"});
    m_down->run({"INSERT INTO words VALUES ('Anna',1),('b',2),('cafe',3),('ß',4),('same',5)"});
    expect_made_equal("words");
    EXPECT_EQ(result("words").copied, 4U);
}

TEST_P(Trap16, AKeyWrittenOtherwiseIsReplacedAmongMany)
{
    on_both({"CREATE TABLE words (w VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci "
             "NOT NULL PRIMARY KEY, v INT)"});
    std::vector<std::string> rows;
    for (int at = 0; at < 3000; ++at)
        rows.push_back(fmt::format("('Wort {:05}',{})", at, at));
    on_both(inserts("words", rows));
    m_up->run({"UPDATE words SET w = UPPER(w) WHERE v IN (0, 1, 1500, 2999)",
               "UPDATE words SET w = CONCAT(w, ' ') WHERE v = 100",
               "UPDATE words SET w = REPLACE(w, 'o', '\u00f6') WHERE v = 200"});
    expect_made_equal("words");
    EXPECT_EQ(result("words").copied, 6U);
}

TEST_P(Trap16, ACompositeKeyWrittenOtherwiseIsReplaced)
{
    on_both({"CREATE TABLE words (w VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci "
             "NOT NULL, n INT NOT NULL, v INT, PRIMARY KEY (w, n))"});
    m_up->run({"INSERT INTO words VALUES ('a',1,1),('A',2,2),('a',3,3),('B',1,4),('b',2,5)"});
    m_down->run({"INSERT INTO words VALUES ('A',1,1),('A',2,2),('A',4,3),('b',1,4),('b',2,6)"});
    expect_made_equal("words");
}

TEST_P(Trap16OnMySql, KeysWithoutPaddingTellTrailingSpacesApart)
{
    on_both({"CREATE TABLE words (w VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci "
             "NOT NULL PRIMARY KEY, v INT)",
             "INSERT INTO words VALUES ('a',1),('a ',2),('a  ',3),('b',4),('',5),(' ',6)"});
    m_up->run({"UPDATE words SET v = v + 10 WHERE w = 'a '", "DELETE FROM words WHERE w = ' '",
               "INSERT INTO words VALUES ('b ',7)"});
    expect_found_and_repaired("words", {1, 1, 1});
}

/// An order of its own on either side: another key, of numbers, is used.
TEST_P(Trap16, ADifferentlyOrderedKeyGivesWayToAnother)
{
    const auto table = [](const std::string& collation) {
        return "CREATE TABLE words (w VARCHAR(40) CHARACTER SET utf8mb4 COLLATE " + collation +
               " NOT NULL PRIMARY KEY, n INT NOT NULL UNIQUE, v INT)";
    };
    m_up->run({table("utf8mb4_general_ci")});
    m_down->run({table("utf8mb4_bin")});
    on_both({"INSERT INTO words VALUES ('b',1,0),('A',2,0),('c',3,0),('d',4,0)"});
    m_up->run({"UPDATE words SET w = 'a' WHERE n = 2", "UPDATE words SET v = 1 WHERE n = 3",
               "DELETE FROM words WHERE n = 4"});
    expect_found_and_repaired("words", {0, 1, 2});
}

TEST_P(Trap16, ADifferentlyOrderedKeyAloneIsNotReliedOn)
{
    const auto table = [](const std::string& collation) {
        return "CREATE TABLE words (w VARCHAR(40) CHARACTER SET utf8mb4 COLLATE " + collation +
               " NOT NULL PRIMARY KEY, v INT)";
    };
    m_up->run({table("utf8mb4_general_ci"), "INSERT INTO words VALUES ('b',1),('A',2),('Ä!',3)"});
    m_down->run({table("utf8mb4_bin"), "INSERT INTO words VALUES ('b',1),('a',2),('c',4)"});
    EXPECT_EQ(verify(only("words")).exit_status(), 1);
    expect_made_equal("words");
}

TEST_P(Trap16, TwoKeysThatAreOneDownstreamAreNamed)
{
    const auto table = [](const std::string& collation) {
        return "CREATE TABLE words (id INT NOT NULL PRIMARY KEY, w VARCHAR(40) CHARACTER SET "
               "utf8mb4 COLLATE " +
               collation + " NOT NULL UNIQUE)";
    };
    m_up->run({table("utf8mb4_bin"),
               "INSERT INTO words VALUES (1,'anna'),(2,'bert'),(3,'Anna'),(4,'c')"});
    m_down->run({table("utf8mb4_general_ci"), "INSERT INTO words VALUES (1,'anna'),(2,'x')"});
    expect_refused("words", "stricter unique key");
    EXPECT_THAT(result("words").reason, testing::HasSubstr("id=1, id=3"));
}

// --- 17. keys that do not identify rows, and some that do ---

TEST_P(Trap17, ManyNullsInAUniqueKeyBesideThePrimaryKeyAreNoObstacle)
{
    on_both({"CREATE TABLE cards (id INT NOT NULL PRIMARY KEY, badge VARCHAR(20) UNIQUE, v INT)"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 3000; ++id)
        rows.push_back(
            fmt::format("({},{},0)", id, id % 10 == 0 ? fmt::format("'b{}'", id) : "NULL"));
    on_both(inserts("cards", rows));
    m_up->run({"UPDATE cards SET badge = NULL WHERE id = 10",
               "UPDATE cards SET badge = 'b10' WHERE id = 2999",
               "UPDATE cards SET v = 1 WHERE id IN (1, 1500)"});
    expect_found_and_repaired("cards", {0, 0, 4});
}

/// The unique key comes first in the table, but does not identify every row.
TEST_P(Trap17, AUniqueKeyWithoutNullsIsPreferredToOneWithNulls)
{
    on_both({"CREATE TABLE cards (badge INT NULL, n INT NOT NULL, v INT, UNIQUE KEY first (badge), "
             "UNIQUE KEY second (n))",
             "INSERT INTO cards VALUES (NULL,1,0),(NULL,2,0),(7,3,0),(NULL,4,0)"});
    m_up->run({"UPDATE cards SET v = 1 WHERE n IN (2, 4)", "DELETE FROM cards WHERE n = 1",
               "INSERT INTO cards VALUES (NULL,5,0)"});
    expect_found_and_repaired("cards", {1, 1, 2});
}

TEST_P(Trap17, AUniqueKeyWithoutAPrimaryKeyIsFollowed)
{
    on_both({"CREATE TABLE cards (n BIGINT UNSIGNED NOT NULL, v INT, UNIQUE KEY (n))"});
    std::vector<std::string> rows;
    for (int n = 1; n <= 2500; ++n)
        rows.push_back(fmt::format("({},0)", n));
    on_both(inserts("cards", rows));
    m_up->run(
        {"UPDATE cards SET v = -1 WHERE n IN (1, 1250, 2500)", "DELETE FROM cards WHERE n = 1000"});
    m_down->run({"DELETE FROM cards WHERE n = 1001"});
    expect_found_and_repaired("cards", {1, 1, 3});
}

TEST_P(Trap17, AUniqueBeginningAloneIsNotReliedOn)
{
    on_both({"CREATE TABLE pages (url TEXT NOT NULL, v INT, UNIQUE KEY (url(5))) CHARACTER SET "
             "utf8mb4 COLLATE utf8mb4_bin",
             "INSERT INTO pages VALUES ('12345-a',1),('12346-a',1),('12347-a',1)"});
    m_up->run({"UPDATE pages SET url = '12345-b' WHERE url LIKE '12345%'",
               "DELETE FROM pages WHERE url LIKE '12346%'", "INSERT INTO pages VALUES ('x',2)"});
    EXPECT_EQ(verify(only("pages")).exit_status(), 1);
    expect_made_equal("pages");
}

TEST_P(Trap17, ANullableUniqueKeyAloneIsNotReliedOn)
{
    on_both({"CREATE TABLE cards (badge INT NULL UNIQUE, v INT)",
             "INSERT INTO cards VALUES (NULL,1),(NULL,1),(NULL,2),(7,1),(8,1)"});
    m_up->run({"DELETE FROM cards WHERE v = 2", "INSERT INTO cards VALUES (NULL,1),(9,3)",
               "UPDATE cards SET badge = 0 WHERE badge = 7",
               "UPDATE cards SET badge = 7 WHERE badge = 8"});
    EXPECT_EQ(verify(only("cards")).exit_status(), 1);
    expect_made_equal("cards");
}

/// Values that share the unique beginning move from row to row.
TEST_P(Trap17, UniqueBeginningsBesideThePrimaryKeyAreSwapped)
{
    on_both(
        {"CREATE TABLE pages (id INT NOT NULL PRIMARY KEY, url TEXT NOT NULL, UNIQUE KEY (url(5))) "
         "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 12'000; ++id)
        rows.push_back(fmt::format("({0},'{0:05}/page')", id));
    on_both(inserts("pages", rows));
    m_up->run({"UPDATE pages SET url = 'x' WHERE id = 1",
               "UPDATE pages SET url = '00001/moved' WHERE id = 12000",
               "UPDATE pages SET url = '12000/moved' WHERE id = 1",
               "DELETE FROM pages WHERE id = 6000",
               "UPDATE pages SET url = '06000/new' WHERE id = 9"});
    expect_found_and_repaired("pages", {0, 1, 3});
}

TEST_P(Trap17, AUniqueGeneratedColumnBesideThePrimaryKeyIsSwapped)
{
    on_both({"CREATE TABLE mails (id INT NOT NULL PRIMARY KEY, mail VARCHAR(40) NOT NULL, folded "
             "VARCHAR(40) GENERATED ALWAYS AS (LOWER(mail)) STORED, UNIQUE KEY (folded)) CHARACTER "
             "SET utf8mb4 COLLATE utf8mb4_bin"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 12'000; ++id)
        rows.push_back(fmt::format("({0},'M{0}')", id));
    on_both(inserts("mails (id, mail)", rows));
    m_up->run({"UPDATE mails SET mail = 'x' WHERE id = 1",
               "UPDATE mails SET mail = 'm1' WHERE id = 12000",
               "UPDATE mails SET mail = 'm12000' WHERE id = 1"});
    expect_found_and_repaired("mails", {0, 0, 2});
}

TEST_P(Trap17, AGeneratedKeyGivesWayToAnother)
{
    on_both({"CREATE TABLE codes (a INT NOT NULL, twice INT GENERATED ALWAYS AS (a * 2) STORED, v "
             "INT, UNIQUE KEY doubled (twice), UNIQUE KEY plain (a))",
             "INSERT INTO codes (a, v) VALUES (1,0),(2,0),(3,0)"});
    m_up->run({"UPDATE codes SET v = 1 WHERE a = 2", "DELETE FROM codes WHERE a = 3",
               "INSERT INTO codes (a, v) VALUES (4,0)"});
    expect_found_and_repaired("codes", {1, 1, 1});
}

TEST_P(Trap17OnMySql, TheInvisibleKeyThatTheServerMadeIsFollowed)
{
    on_both({"SET sql_generate_invisible_primary_key = 1",
             "CREATE TABLE piles (a INT, b VARCHAR(9))",
             "INSERT INTO piles VALUES (1,'a'),(1,'a'),(2,'b'),(3,'c')"});
    m_up->run({"DELETE FROM piles WHERE a = 3", "INSERT INTO piles VALUES (1,'a'),(4,'d')",
               "UPDATE piles SET b = 'x' WHERE a = 2"});
    expect_found_and_repaired("piles", {2, 1, 1});
    EXPECT_EQ(ask(*m_up, "SELECT my_row_id, a, b FROM piles ORDER BY my_row_id"),
              ask(*m_down, "SELECT my_row_id, a, b FROM piles ORDER BY my_row_id"));
}

TEST_P(Trap17OnMySql, AnInvisibleKeyOfOneSideOnlyIsRefused)
{
    m_up->run({"SET sql_generate_invisible_primary_key = 1", "CREATE TABLE piles (a INT, b INT)",
               "INSERT INTO piles VALUES (1,1)"});
    m_down->run({"CREATE TABLE piles (a INT, b INT)", "INSERT INTO piles VALUES (2,2)"});
    expect_refused("piles", "my_row_id is missing downstream");
}

TEST_P(Trap17FromMySqlToMariaDb, TheInvisibleKeyThatTheServerMadeIsFollowed)
{
    m_up->run({"SET sql_generate_invisible_primary_key = 1",
               "CREATE TABLE piles (a INT, b VARCHAR(9))",
               "INSERT INTO piles VALUES (1,'a'),(1,'a'),(2,'b')"});
    pull_definitions();
    m_down->run({"INSERT INTO piles (my_row_id, a, b) VALUES (1,1,'a'),(2,1,'x'),(9,2,'b')"});
    expect_found_and_repaired("piles", {1, 1, 1});
}

} // namespace
} // namespace slicetool::test
