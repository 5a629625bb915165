#include "integration/traps_fixture.hpp"

#include <chrono>

/// Traps of keys and ranges.
namespace slicetool::test {
namespace {

SLICETOOL_TRAP(Trap12);
SLICETOOL_TRAP(Trap13);
SLICETOOL_TRAP(Trap14);

// --- 12. the ends of the integer types ---

struct KeyType
{
    const char* type;
    std::vector<std::string> keys;
};

const std::vector<KeyType> k_key_types = {
    {"BIGINT",
     {"-9223372036854775808", "-9223372036854775807", "-9007199254740993", "-9007199254740992",
      "-9007199254740991", "-4294967296", "-2", "-1", "0", "1", "2", "4294967295", "4294967296",
      "9007199254740991", "9007199254740992", "9007199254740993", "9223372036854775806",
      "9223372036854775807"}},
    {"BIGINT UNSIGNED",
     {"0", "1", "9007199254740991", "9007199254740992", "9007199254740993", "9223372036854775806",
      "9223372036854775807", "9223372036854775808", "9223372036854775809", "13835058055282163712",
      "18446744073709551613", "18446744073709551614", "18446744073709551615"}},
    {"INT", {"-2147483648", "-2147483647", "-1", "0", "1", "2147483646", "2147483647"}},
    {"INT UNSIGNED", {"0", "1", "2147483647", "2147483648", "4294967294", "4294967295"}},
    {"MEDIUMINT", {"-8388608", "-1", "0", "8388607"}},
    {"SMALLINT UNSIGNED", {"0", "32767", "32768", "65535"}},
    {"TINYINT", {"-128", "-127", "-1", "0", "1", "126", "127"}},
    {"BIGINT UNSIGNED AUTO_INCREMENT",
     {"0", "1", "9007199254740993", "9223372036854775807", "9223372036854775808",
      "18446744073709551614", "18446744073709551615"}},
    {"BIGINT AUTO_INCREMENT",
     {"-9223372036854775808", "-1", "0", "1", "9007199254740993", "9223372036854775807"}},
    {"INT AUTO_INCREMENT", {"-5", "0", "1", "2147483647"}}};

class Trap12Types : public TrapTest
{
protected:
    void make(const KeyType& type)
    {
        m_rows.clear();
        for (const auto& key : type.keys)
            m_rows.push_back("(" + key + ",'v')");
        const std::vector<std::string> statements = {
            "DROP TABLE IF EXISTS ends", std::string("CREATE TABLE ends (id ") + type.type +
                                             " NOT NULL PRIMARY KEY, v VARCHAR(20))"};
        on_both(statements);
    }
    static void insert(const ScratchDatabase& database, const std::vector<std::string>& rows)
    {
        std::vector<std::string> statements = {
            "SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')"};
        for (const auto& statement : inserts("ends", rows))
            statements.push_back(statement);
        database.run(statements);
    }
    /// Rows 0, 2, 4, … for 0; 1, 3, 5, … for 1.
    std::vector<std::string> every_second(std::size_t first) const
    {
        std::vector<std::string> rows;
        for (std::size_t at = first; at < m_rows.size(); at += 2)
            rows.push_back(m_rows[at]);
        return rows;
    }

    std::vector<std::string> m_rows;
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap12Types, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Trap12Types, AChangeAtEveryExtremeKeyIsFound)
{
    for (const auto& type : k_key_types) {
        SCOPED_TRACE(type.type);
        make(type);
        insert(*m_up, m_rows);
        insert(*m_down, m_rows);
        EXPECT_EQ(verify(only("ends")).exit_status(), 0) << result("ends").reason;
        EXPECT_EQ(result("ends").rows, m_rows.size());
        m_up->run({"UPDATE ends SET v = 'w'"});
        expect_found_and_repaired("ends", {0, 0, m_rows.size()});
    }
}

TEST_P(Trap12Types, EveryExtremeKeyIsCopiedIntoAnEmptyTable)
{
    for (const auto& type : k_key_types) {
        SCOPED_TRACE(type.type);
        make(type);
        insert(*m_up, m_rows);
        expect_found_and_repaired("ends", {m_rows.size(), 0, 0});
    }
}

TEST_P(Trap12Types, MissingAndExtraRowsAtExtremeKeysAreFound)
{
    for (const auto& type : k_key_types)
        for (std::size_t first : {0U, 1U}) {
            SCOPED_TRACE(fmt::format("{} from {}", type.type, first));
            make(type);
            insert(*m_up, every_second(first));
            insert(*m_down, every_second(1 - first));
            expect_found_and_repaired(
                "ends", {every_second(first).size(), every_second(1 - first).size(), 0});
        }
}

TEST_P(Trap12, IdZeroOfAnAutoIncrementColumnStaysZero)
{
    on_both({"CREATE TABLE counted (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20))",
             "INSERT INTO counted VALUES (1,'v 1'),(2,'v 2')"});
    m_up->run({"SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
               "INSERT INTO counted VALUES (0,'zero')"});
    expect_found_and_repaired("counted", {1, 0, 0});
    m_up->run({"UPDATE counted SET v = 'changed' WHERE id = 0"});
    expect_found_and_repaired("counted", {0, 0, 1});
    m_up->run({"DELETE FROM counted WHERE id = 0"});
    expect_found_and_repaired("counted", {0, 1, 0});
}

TEST_P(Trap12, AnAutoIncrementTableStillCountsOnAfterASlice)
{
    on_both({"CREATE TABLE counted (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20))"});
    m_up->run({"INSERT INTO counted VALUES (1,'a'),(41,'b')"});
    expect_made_equal("counted");
    m_down->run({"INSERT INTO counted (v) VALUES ('next')"});
    EXPECT_EQ(ask(*m_down, "SELECT MAX(id) FROM counted").at(0), "42 ");
}

TEST_P(Trap12, NeighboursBeyondTheExactRangeOfDoublesAreNotConfused)
{
    on_both({"CREATE TABLE ids (id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(40))"});
    on_both(numbered("ids", 3000, 9007199254740992 - 1500));
    m_up->run({"UPDATE ids SET v = 'x' WHERE id IN (9007199254740991, 9007199254740992, "
               "9007199254740993)",
               "DELETE FROM ids WHERE id = 9007199254740995",
               "INSERT INTO ids VALUES (9007199254742493, 'new')"});
    m_down->run({"DELETE FROM ids WHERE id = 9007199254740994"});
    expect_found_and_repaired("ids", {2, 1, 3});
}

TEST_P(Trap12, DenseUnsignedKeysUpToTheLastOneAreFollowed)
{
    on_both({"CREATE TABLE ids (id BIGINT UNSIGNED NOT NULL PRIMARY KEY, v INT)"});
    std::vector<std::string> rows;
    for (unsigned at = 0; at < 2500; ++at)
        rows.push_back(fmt::format("({},{})", UINT64_MAX - at, at));
    for (unsigned at = 0; at < 2500; ++at)
        rows.push_back(fmt::format("({},{})", (std::uint64_t{1} << 63) - 1250 + at, 10'000 + at));
    on_both(inserts("ids", rows));
    m_up->run({"UPDATE ids SET v = -1 WHERE v IN (0, 1, 999, 1000, 1001, 2499, 11249, 11250, "
               "11251, 12499)"});
    m_down->run({"DELETE FROM ids WHERE v = 2", "DELETE FROM ids WHERE v = 10000"});
    expect_found_and_repaired("ids", {2, 0, 10});
}

// --- 13. clusters, edges, one row more ---

const std::string k_ids = "CREATE TABLE ids (id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(40))";

TEST_P(Trap13, TwoClustersFarApartAreComparedInFewSteps)
{
    on_both({k_ids});
    const long long far = 1LL << 60;
    on_both(numbered("ids", 800));
    on_both(numbered("ids", 800, far));
    m_up->run({"UPDATE ids SET v = 'x' WHERE id IN (1, 800)",
               fmt::format("UPDATE ids SET v = 'x' WHERE id IN ({}, {})", far, far + 799),
               fmt::format("INSERT INTO ids VALUES ({}, 'lone')", far / 2),
               fmt::format("DELETE FROM ids WHERE id = {}", far + 400)});
    const auto started = std::chrono::steady_clock::now();
    expect_found_and_repaired("ids", {1, 1, 4});
    EXPECT_LT(result("ids").statements_upstream, 300U);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(20));
}

TEST_P(Trap13, ClustersAtBothEndsOfTheTypeAreCompared)
{
    on_both({k_ids});
    on_both(numbered("ids", 600, INT64_MIN));
    on_both(numbered("ids", 600, INT64_MAX - 599));
    m_up->run({"UPDATE ids SET v = 'x' WHERE id IN (-9223372036854775808, -9223372036854775209, "
               "9223372036854775208, 9223372036854775807)"});
    m_down->run({"DELETE FROM ids WHERE id IN (-9223372036854775807, 9223372036854775806)",
                 "INSERT INTO ids VALUES (0, 'stray')"});
    expect_found_and_repaired("ids", {2, 1, 4});
    EXPECT_LT(result("ids").statements_upstream, 300U);
}

TEST_P(Trap13, SnowflakesWithGapsAreFollowed)
{
    on_both({k_ids});
    on_both(numbered("ids", 3000, 5, 1LL << 40));
    m_up->run({fmt::format("UPDATE ids SET v = 'x' WHERE id IN ({}, {})", 5 + (7LL << 40),
                           5 + (2999LL << 40)),
               fmt::format("INSERT INTO ids VALUES ({}, 'between')", 6 + (1234LL << 40))});
    m_down->run({fmt::format("DELETE FROM ids WHERE id = {}", 5 + (1000LL << 40)),
                 fmt::format("INSERT INTO ids VALUES ({}, 'between')", 4 + (500LL << 40))});
    expect_found_and_repaired("ids", {2, 1, 2});
    EXPECT_LT(result("ids").statements_upstream, 3000U);
}

TEST_P(Trap13, ChangesOnAndBesideEveryRangeEdgeAreFound)
{
    const std::string edges =
        "(id % 1000 IN (999, 0, 1) OR id IN "
        "(1023,1024,1025,2047,2048,2049,4095,4096,4097,8191,8192,8193,16383,16384,16385))";
    on_both({k_ids});
    on_both(numbered("ids", 21'000));
    m_up->run({"UPDATE ids SET v = 'x' WHERE " + edges});
    const auto changed = std::stoull(ask(*m_up, "SELECT COUNT(*) FROM ids WHERE v = 'x'").at(0));
    expect_found_and_repaired("ids", {0, 0, changed});
    m_up->run({"DELETE FROM ids WHERE id % 1000 = 0"});
    m_down->run({"DELETE FROM ids WHERE id % 1000 IN (1, 999)"});
    auto options = only("ids");
    options.delete_limit.rows = 50;
    expect_found_and_repaired("ids", {42, 21, 0}, options);
}

TEST_P(Trap13, EdgesOfTheClassicZoomAreNotForgotten)
{
    on_both({k_ids});
    on_both(numbered("ids", 5001, 0));
    for (const std::vector<std::uint64_t>& zoom :
         std::vector<std::vector<std::uint64_t>>{{1000, 1}, {1000, 100, 10, 1}, {100}, {1}}) {
        sync::TableChoices choices;
        choices.zoom = zoom;
        m_up->run({"UPDATE ids SET v = CONCAT(v, 'x') WHERE id % 1000 IN (999, 0, 1)"});
        expect_made_equal("ids", only("ids", choices));
        EXPECT_EQ(result("ids").changed, 16U);
        m_down->run({"DELETE FROM ids WHERE id IN (0, 1000, 5000)"});
        m_up->run({"DELETE FROM ids WHERE id IN (999, 2001)"});
        expect_made_equal("ids", only("ids", choices));
        EXPECT_EQ(result("ids").missing, 3U);
        EXPECT_EQ(result("ids").extra, 2U);
        m_up->run({"INSERT INTO ids VALUES (999,'a'),(2001,'b')"});
        expect_made_equal("ids", only("ids", choices));
    }
}

TEST_P(Trap13, ExactlyOneNewRowAtTheEndIsFoundWhateverTheSize)
{
    for (const int rows : {0, 1, 2, 999, 1000, 1001, 1999, 2000, 2001, 4096, 10'000}) {
        SCOPED_TRACE(rows);
        on_both({"DROP TABLE IF EXISTS ids", k_ids});
        on_both(numbered("ids", rows));
        m_up->run({fmt::format("INSERT INTO ids VALUES ({}, 'new')", rows + 1)});
        expect_found_and_repaired("ids", {1, 0, 0});
        m_up->run({fmt::format("UPDATE ids SET v = 'newer' WHERE id = {}", rows + 1)});
        expect_found_and_repaired("ids", {0, 0, 1});
    }
}

TEST_P(Trap13, ExactlyOneRowTooManyAtTheEndIsRemoved)
{
    for (const int rows : {1, 999, 1000, 1001, 5000}) {
        SCOPED_TRACE(rows);
        on_both({"DROP TABLE IF EXISTS ids", k_ids});
        on_both(numbered("ids", rows));
        m_down->run({fmt::format("INSERT INTO ids VALUES ({}, 'stray')", rows + 1)});
        expect_found_and_repaired("ids", {0, 1, 0});
    }
}

// --- 14. rows outside upstream's bounds, empty and missing tables ---

TEST_P(Trap14, RowsBelowTheMinimumAndAboveTheMaximumGo)
{
    on_both({k_ids});
    on_both(numbered("ids", 2500, 100));
    m_down->run({"INSERT INTO ids VALUES "
                 "(-9223372036854775808,'a'),(-1,'b'),(0,'c'),(99,'d'),(2600,'e'),(2601,'f'),("
                 "9223372036854775807,'g')"});
    expect_found_and_repaired("ids", {0, 7, 0});
}

TEST_P(Trap14, RowsOutsideTheBoundsOfAnUnsignedKeyGo)
{
    on_both({"CREATE TABLE ids (id BIGINT UNSIGNED NOT NULL PRIMARY KEY, v VARCHAR(40))"});
    on_both(numbered("ids", 50, 100));
    m_down->run(
        {"INSERT INTO ids VALUES "
         "(0,'a'),(99,'b'),(150,'c'),(9223372036854775808,'d'),(18446744073709551615,'e')"});
    expect_found_and_repaired("ids", {0, 5, 0});
}

TEST_P(Trap14, RowsOutsideTheBoundsOfAStringKeyGo)
{
    on_both({"CREATE TABLE names (n VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL "
             "PRIMARY KEY, v INT)"});
    std::vector<std::string> rows;
    for (int at = 0; at < 1500; ++at)
        rows.push_back(fmt::format("('m{:05}',{})", at, at));
    on_both(inserts("names", rows));
    m_down->run({"INSERT INTO names VALUES "
                 "('',1),('a',1),('m',1),('m01500',1),('z',1),('\u00ff',1),('😀',1)"});
    expect_found_and_repaired("names", {0, 7, 0});
}

TEST_P(Trap14, RowsOutsideTheBoundsOfACompositeKeyGo)
{
    on_both({"CREATE TABLE cells (a INT NOT NULL, b INT NOT NULL, v INT, PRIMARY KEY (a, b))"});
    std::vector<std::string> rows;
    for (int at = 0; at < 1500; ++at)
        rows.push_back(fmt::format("({},{},{})", at / 500 + 5, at % 500 + 5, at));
    on_both(inserts("cells", rows));
    m_down->run({"INSERT INTO cells VALUES "
                 "(5,4,0),(4,2000000000,0),(-2147483648,-2147483648,0),(5,505,0),(6,0,0),(7,505,0),"
                 "(8,-5,0),(2147483647,2147483647,0)"});
    m_up->run({"INSERT INTO cells VALUES (5,-1,0),(7,600,0),(9,0,0)"});
    expect_found_and_repaired("cells", {3, 8, 0});
}

TEST_P(Trap14, DownstreamThatLiesWhollyBesideUpstreamIsReplaced)
{
    on_both({k_ids});
    m_up->run(numbered("ids", 900, 1'000'000));
    m_down->run(numbered("ids", 900, 1));
    auto options = only("ids");
    options.delete_limit.rows = 900;
    expect_found_and_repaired("ids", {900, 900, 0}, options);
}

TEST_P(Trap14, AnEmptyUpstreamIsRefusedUntilAllowed)
{
    on_both({k_ids});
    m_down->run(numbered("ids", 300));
    expect_refused("ids", "--allow-empty-upstream");
    auto options = only("ids");
    options.allowances.empty_upstream = true;
    EXPECT_EQ(slice(options).exit_status(), 0) << result("ids").reason;
    EXPECT_EQ(result("ids").deleted, 300U);
    EXPECT_TRUE(dump(*m_down, "ids").empty());
}

TEST_P(Trap14, VerifyToldOfAnEmptyUpstreamSaysHowManyRowsAreExtra)
{
    on_both({k_ids});
    m_down->run(numbered("ids", 30));
    EXPECT_NE(verify(only("ids")).exit_status(), 0);
    EXPECT_EQ(dump(*m_down, "ids").size(), 30U);
}

TEST_P(Trap14, AnEmptyDownstreamIsFilled)
{
    on_both({k_ids});
    m_up->run(numbered("ids", 3001, -1500));
    expect_found_and_repaired("ids", {3001, 0, 0});
}

TEST_P(Trap14, TwoEmptyTablesAreEqual)
{
    for (const std::string key :
         {"id BIGINT NOT NULL PRIMARY KEY", "id BIGINT UNSIGNED NOT NULL PRIMARY KEY",
          "id VARCHAR(9) CHARACTER SET latin1 NOT NULL PRIMARY KEY",
          "id INT NOT NULL, k INT NOT NULL, PRIMARY KEY (id, k)"}) {
        on_both({"DROP TABLE IF EXISTS ids", "CREATE TABLE ids (" + key + ")"});
        EXPECT_EQ(verify(only("ids")).exit_status(), 0) << result("ids").reason;
        EXPECT_EQ(slice(only("ids")).exit_status(), 0) << result("ids").reason;
        EXPECT_EQ(result("ids").outcome, report::Outcome::equal);
        EXPECT_EQ(result("ids").rows, 0U);
    }
}

TEST_P(Trap14, ATableMissingDownstreamIsToldAndTheOthersAreMadeEqual)
{
    m_up->run(
        {"CREATE TABLE lonely (id INT NOT NULL PRIMARY KEY)", "INSERT INTO lonely VALUES (1)"});
    on_both({k_ids});
    m_up->run(numbered("ids", 10));
    EXPECT_EQ(slice().exit_status(), 2);
    EXPECT_EQ(result("lonely").outcome, report::Outcome::refused);
    EXPECT_THAT(result("lonely").reason, testing::HasSubstr("pull_schema"));
    EXPECT_EQ(result("ids").outcome, report::Outcome::made_equal) << result("ids").reason;
    EXPECT_EQ(ask(*m_down,
                  "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")
                  .at(0),
              "1 ");
}

TEST_P(Trap14, ATableMissingUpstreamIsLeftAlone)
{
    on_both({k_ids});
    on_both(numbered("ids", 10));
    m_down->run(
        {"CREATE TABLE stranger (id INT NOT NULL PRIMARY KEY)", "INSERT INTO stranger VALUES (1)"});
    EXPECT_EQ(slice().exit_status(), 0);
    EXPECT_EQ(m_seen->tables.count("stranger"), 0U);
    EXPECT_EQ(dump(*m_down, "stranger").size(), 1U);
}

TEST_P(Trap14, ANamedTableThatUpstreamLacksIsAnErrorAndLosesNoRow)
{
    m_down->run(
        {"CREATE TABLE stranger (id INT NOT NULL PRIMARY KEY)", "INSERT INTO stranger VALUES (1)"});
    std::string sentence;
    try {
        EXPECT_EQ(slice(only("stranger")).exit_status(), 2);
        sentence = result("stranger").reason;
    } catch (const std::exception& error) {
        sentence = error.what();
    }
    EXPECT_THAT(sentence, testing::HasSubstr("stranger"));
    EXPECT_EQ(dump(*m_down, "stranger").size(), 1U);
}

} // namespace
} // namespace slicetool::test
