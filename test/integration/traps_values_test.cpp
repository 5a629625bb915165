#include "integration/traps_fixture.hpp"

/// Traps of values: shapes, bits, years, ENUM and SET, dates that no calendar has.
namespace slicetool::test {
namespace {

SLICETOOL_TRAP(Trap09);
SLICETOOL_TRAP_ON(Trap09OnMySql, TrapTest,
                  pairings_where([](bool up, bool down) { return !up && !down; }));
SLICETOOL_TRAP(Trap10);

// --- 9. shapes, bits, years, ENUM and SET ---

std::string shape(const std::string& text, int srid = 0)
{
    return fmt::format("ST_GeomFromText('{}', {})", text, srid);
}

TEST_P(Trap09, ShapesAreToldApartByReferenceSystemTypeAndEveryCoordinate)
{
    on_both({"CREATE TABLE places (id INT NOT NULL PRIMARY KEY, g GEOMETRY)"});
    const auto unlike = insert_pairs(
        "places",
        {{shape("POINT(1 2)"), shape("POINT(1 2)", 3857)},
         {shape("POINT(1 2)", 3857), shape("POINT(1 2)")},
         {shape("POINT(0.1 0.2)"), shape("POINT(0.1 0.20000000000000004)")},
         {shape("MULTIPOINT(1 2)"), shape("POINT(1 2)")},
         {shape("LINESTRING(0 0,1 1)"), shape("LINESTRING(1 1,0 0)")},
         {shape("POINT(1 2)"), shape("POINT(2 1)")},
         {shape("POLYGON((0 0,0 1,1 1,0 0))", 3857), shape("POLYGON((0 0,0 1,1 1,0 0))", 3857)}});
    expect_found_and_repaired("places", {0, 0, unlike});
    EXPECT_EQ(ask(*m_down, "SELECT ST_SRID(g) FROM places WHERE id IN (1, 2) ORDER BY id"),
              (std::vector<std::string>{"0 ", "3857 "}));
}

TEST_P(Trap09, ANullShapeIsNotAnEmptyOne)
{
    on_both({"CREATE TABLE places (id INT NOT NULL PRIMARY KEY, g GEOMETRY, p POINT)"});
    const auto unlike =
        insert_pairs("places", {{"NULL,NULL", shape("GEOMETRYCOLLECTION EMPTY") + ",NULL"},
                                {shape("GEOMETRYCOLLECTION EMPTY") + ",NULL", "NULL,NULL"},
                                {"NULL," + shape("POINT(0 0)"), shape("POINT(0 0)") + ",NULL"},
                                {"NULL,NULL", "NULL,NULL"}});
    expect_found_and_repaired("places", {0, 0, unlike});
}

TEST_P(Trap09, ShapesOnTheGlobeKeepTheirBytes)
{
    on_both({"CREATE TABLE places (id INT NOT NULL PRIMARY KEY, g GEOMETRY NOT NULL)"});
    m_up->run({"INSERT INTO places VALUES (1," + shape("POINT(48.5 9.25)", 4326) + "),(2," +
               shape("LINESTRING(10 20,11 21)", 4326) + ")"});
    m_down->run({"INSERT INTO places VALUES (1," + shape("POINT(9.25 48.5)", 4326) + ")"});
    EXPECT_EQ(verify(only("places")).exit_status(), 1) << result("places").reason;
    expect_made_equal("places");
    EXPECT_EQ(ask(*m_down, "SELECT ST_SRID(g) FROM places ORDER BY id"),
              (std::vector<std::string>{"4326 ", "4326 "}));
}

TEST_P(Trap09OnMySql, AColumnForAnotherReferenceSystemIsRefused)
{
    m_up->run({"CREATE TABLE places (id INT NOT NULL PRIMARY KEY, g POINT)",
               "INSERT INTO places VALUES (1," + shape("POINT(1 2)", 4326) + ")"});
    m_down->run({"CREATE TABLE places (id INT NOT NULL PRIMARY KEY, g POINT SRID 3857)",
                 "INSERT INTO places VALUES (2,NULL)"});
    expect_refused("places", "SRID");
}

TEST_P(Trap09OnMySql, AColumnOfOneReferenceSystemGoesIntoOneOfAny)
{
    m_up->run({"CREATE TABLE places (id INT NOT NULL PRIMARY KEY, g POINT SRID 4326)",
               "INSERT INTO places VALUES (1," + shape("POINT(1 2)", 4326) + ")"});
    m_down->run({"CREATE TABLE places (id INT NOT NULL PRIMARY KEY, g GEOMETRY)"});
    expect_found_and_repaired("places", {1, 0, 0});
}

TEST_P(Trap09, AColumnForAnotherKindOfShapeIsRefused)
{
    m_up->run({"CREATE TABLE places (id INT NOT NULL PRIMARY KEY, g GEOMETRY)",
               "INSERT INTO places VALUES (1," + shape("POINT(1 2)") + ")"});
    m_down->run({"CREATE TABLE places (id INT NOT NULL PRIMARY KEY, g POLYGON)",
                 "INSERT INTO places VALUES (2,NULL)"});
    expect_refused("places", "column g is geometry upstream and polygon downstream");
}

/// Row n differs in the highest bit of the column of n bits alone.
TEST_P(Trap09, TheHighestBitOfEveryWidthCounts)
{
    std::string columns;
    for (int width = 1; width <= 64; ++width)
        columns += fmt::format(", b{0} BIT({0})", width);
    on_both({"CREATE TABLE flags (id INT NOT NULL PRIMARY KEY" + columns + ")"});
    std::vector<std::pair<std::string, std::string>> pairs;
    for (int row = 1; row <= 64; ++row) {
        std::string up;
        std::string down;
        for (int width = 1; width <= 64; ++width) {
            const std::string highest = fmt::format("b'1{}'", std::string(width - 1, '0'));
            up += (width == 1 ? "" : ",") + (width == row ? highest : "b'0'");
            down += width == 1 ? "b'0'" : ",b'0'";
        }
        pairs.emplace_back(up, down);
    }
    const auto unlike = insert_pairs("flags", pairs);
    ASSERT_EQ(unlike, 64U);
    expect_found_and_repaired("flags", {0, 0, unlike});
}

TEST_P(Trap09, BitsAreNeitherTextNorNull)
{
    on_both({"CREATE TABLE flags (id INT NOT NULL PRIMARY KEY, a BIT(8), b BIT(64))"});
    const auto unlike = insert_pairs("flags", {{"b'0',1", "NULL,1"},
                                               {"48,1", "0,1"}, // the digit 0 is byte 48
                                               {"126,1", "NULL,1"},
                                               {"1,18446744073709551615", "1,9223372036854775807"},
                                               {"1,9223372036854775808", "1,NULL"},
                                               {"b'11111111',~0", "b'11111111',~0"}});
    expect_found_and_repaired("flags", {0, 0, unlike});
}

TEST_P(Trap09, YearsKeepTheirCentury)
{
    on_both({"CREATE TABLE films (id INT NOT NULL PRIMARY KEY, y YEAR)"});
    const auto unlike = insert_pairs("films", {{"1901", "2001"},
                                               {"2155", "1955"},
                                               {"0", "2000"}, // the year 0000
                                               {"'0'", "0"},  // the text 0 is the year 2000
                                               {"NULL", "0"},
                                               {"1970", "1970"}});
    expect_found_and_repaired("films", {0, 0, unlike});
}

/// The value 0 prints as '', just as a legal '' does.
TEST_P(Trap09, TheInvalidElementIsNotALegalEmptyOne)
{
    on_both({"CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, e ENUM('a','','b'), s "
             "SET('x','','y'))"});
    const std::string lenient = "SET sql_mode = ''";
    m_up->run({lenient, "INSERT INTO lights VALUES (1,0,1),(2,2,1),(3,'',0),(4,3,2),(5,0,4),"
                        "(6,NULL,NULL),(7,1,7)"});
    m_down->run({lenient, "INSERT INTO lights VALUES (1,2,1),(2,0,1),(3,'',2),(4,3,0),(5,NULL,4),"
                          "(6,0,NULL),(7,1,5)"});
    expect_found_and_repaired("lights", {0, 0, 7});
    const std::string numbers = "SELECT id, e + 0, s + 0 FROM lights ORDER BY id";
    EXPECT_EQ(ask(*m_up, numbers), ask(*m_down, numbers));
}

/// Equal numbers mean different colours here, and the same colours have different numbers.
TEST_P(Trap09, ElementsInAnotherOrderAreComparedAsText)
{
    m_up->run({"CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, e ENUM('red','green','blue'))",
               "INSERT INTO lights VALUES (1,'red'),(2,'green'),(3,'blue'),(4,NULL),(5,'red'),"
               "(6,'blue')"});
    m_down->run({"CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, e "
                 "ENUM('blue','red','grey','green'))",
                 "INSERT INTO lights VALUES (1,'blue'),(2,'red'),(3,'grey'),(4,NULL),(5,'red')"});
    EXPECT_EQ(verify(only("lights")).exit_status(), 1) << result("lights").reason;
    EXPECT_EQ(slice(only("lights")).exit_status(), 0) << result("lights").reason;
    EXPECT_EQ(result("lights").changed, 3U);
    EXPECT_EQ(result("lights").missing, 1U);
    const std::string texts = "SELECT id, e FROM lights ORDER BY id";
    EXPECT_EQ(ask(*m_up, texts), ask(*m_down, texts));
    EXPECT_EQ(verify(only("lights")).exit_status(), 0) << result("lights").reason;
    EXPECT_THAT(m_seen->notes, testing::Contains(testing::HasSubstr("another order")));
}

TEST_P(Trap09, ElementsAddedAtTheEndDownstreamChangeNothing)
{
    m_up->run({"CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, e ENUM('a','b'), s SET('x'))",
               "INSERT INTO lights VALUES (1,'a','x'),(2,'b',''),(3,NULL,NULL)"});
    m_down->run(
        {"CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, e ENUM('a','b','c'), s SET('x','y'))",
         "INSERT INTO lights VALUES (1,'a','x'),(2,'c','y'),(3,NULL,NULL)"});
    expect_found_and_repaired("lights", {0, 0, 1});
}

TEST_P(Trap09, AnElementThatDownstreamLacksIsRefused)
{
    for (const std::string type : {"ENUM", "SET"}) {
        SCOPED_TRACE(type);
        m_up->run({"DROP TABLE IF EXISTS lights",
                   "CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, e " + type + "('a','b'))",
                   "INSERT INTO lights VALUES (1,'a')"});
        m_down->run({"DROP TABLE IF EXISTS lights",
                     "CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, e " + type + "('b','c'))",
                     "INSERT INTO lights VALUES (1,'b')"});
        expect_refused("lights", "downstream has no element 'a'");
    }
}

TEST_P(Trap09, ASetWhoseElementsStandInAnotherOrderIsRefused)
{
    m_up->run({"CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, s SET('a','b'))",
               "INSERT INTO lights VALUES (1,'a,b')"});
    m_down->run({"CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, s SET('b','a'))",
                 "INSERT INTO lights VALUES (1,'a')"});
    expect_refused("lights", "another order");
}

TEST_P(Trap09, AnEmptyElementAmongReorderedOnesIsRefused)
{
    m_up->run({"CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, e ENUM('a',''))",
               "INSERT INTO lights VALUES (1,'')"});
    m_down->run({"CREATE TABLE lights (id INT NOT NULL PRIMARY KEY, e ENUM('','a'))",
                 "INSERT INTO lights VALUES (1,'a')"});
    expect_refused("lights", "empty text");
}

// --- 10. dates and times ---

TEST_P(Trap10, DatesThatNoCalendarHasAreComparedAndCopied)
{
    on_both({"CREATE TABLE days (id INT NOT NULL PRIMARY KEY, d DATE, t DATETIME(6))"});
    const std::string noon = ",'2020-01-01 12:00:00'";
    const auto unlike = insert_pairs(
        "days",
        {{"'0000-00-00'" + noon, "NULL" + noon},
         {"'2020-00-10'" + noon, "'2020-01-10'" + noon},
         {"'2020-01-00'" + noon, "'2020-01-01'" + noon},
         {"'0000-01-01'" + noon, "'0000-00-00'" + noon},
         {"'2020-02-31'" + noon, "'2020-03-02'" + noon},
         {"'2020-01-01','0000-00-00 00:00:00'", "'2020-01-01',NULL"},
         {"'2020-01-01','0000-00-00 00:00:00.000001'", "'2020-01-01','0000-00-00 00:00:00'"},
         {"'2020-01-01','2020-00-10 23:59:59.999999'", "'2020-01-01','2020-00-10 23:59:59.999998'"},
         {"'2021-02-29'" + noon, "'2021-02-29'" + noon}});
    expect_found_and_repaired("days", {0, 0, unlike});
    EXPECT_EQ(ask(*m_down, "SELECT d FROM days WHERE id IN (1, 2, 5) ORDER BY id"),
              (std::vector<std::string>{"0000-00-00 ", "2020-00-10 ", "2020-02-31 "}));
}

TEST_P(Trap10, DatesThatNoCalendarHasFillAnEmptyTable)
{
    on_both({"CREATE TABLE days (id INT NOT NULL PRIMARY KEY, d DATE NOT NULL, t DATETIME NOT "
             "NULL, s TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00')"});
    m_up->run({"INSERT INTO days VALUES (1,'0000-00-00','0000-00-00 00:00:00','0000-00-00 "
               "00:00:00'),(2,'2020-00-10','2020-02-31 10:00:00','1970-01-01 00:00:01'),"
               "(3,'9999-12-31','9999-12-31 23:59:59','2038-01-19 03:14:07')"});
    expect_found_and_repaired("days", {3, 0, 0});
}

TEST_P(Trap10, DatesThatNoCalendarHasAreFollowedAsKeys)
{
    on_both({"CREATE TABLE days (d DATE NOT NULL, v INT NOT NULL, PRIMARY KEY (d))"});
    std::vector<std::string> rows = {"('0000-00-00',-1)"};
    for (int at = 0; at < 1200; ++at)
        rows.push_back(
            fmt::format("('{:04}-{:02}-{:02}',{})", 2000 + at / 416, at / 32 % 13, at % 32, at));
    on_both(inserts("days", rows));
    m_up->run({"UPDATE days SET v = v + 5000 WHERE v IN (-1, 0, 10, 500, 1199)",
               "DELETE FROM days WHERE v IN (31, 800)"});
    m_down->run({"DELETE FROM days WHERE v IN (1, 900)"});
    expect_found_and_repaired("days", {2, 2, 5});
}

TEST_P(Trap10, MicrosecondsAndNegativeTimesCount)
{
    on_both({"CREATE TABLE spans (id INT NOT NULL PRIMARY KEY, t TIME(6), w TIME, d DATETIME(6))"});
    const std::string rest = ",'01:00:00','2020-01-01 00:00:00.000000'";
    const auto unlike =
        insert_pairs("spans", {{"'-00:00:00.000001'" + rest, "'00:00:00.000001'" + rest},
                               {"'-838:59:59'" + rest, "'838:59:59'" + rest},
                               {"'838:59:58.999999'" + rest, "'838:59:59'" + rest},
                               {"'00:00:00',NULL,NULL", "NULL,NULL,NULL"},
                               {"'-00:59:59.5'" + rest, "'-00:59:59.4'" + rest},
                               {"'01:00:00','-838:59:59','2020-01-01 00:00:00.000001'",
                                "'01:00:00','-838:59:59','2020-01-01 00:00:00'"},
                               {"'01:00:00','-00:00:01',NULL", "'01:00:00','00:00:01',NULL"},
                               {"'00:00:00','00:00:00',NULL", "'-00:00:00','-00:00:00',NULL"}});
    expect_found_and_repaired("spans", {0, 0, unlike - 1}); // there is no negative zero time
}

TEST_P(Trap10, TheFirstAndTheLastTimestampAreCopied)
{
    on_both({"CREATE TABLE stamps (id INT NOT NULL PRIMARY KEY, s TIMESTAMP(6) NULL)"});
    const auto unlike =
        insert_pairs("stamps", {{"'1970-01-01 00:00:01'", "'1970-01-01 00:00:02'"},
                                {"'2038-01-19 03:14:07.999999'", "'2038-01-19 03:14:07'"},
                                {"'0000-00-00 00:00:00'", "NULL"},
                                {"'2024-10-27 00:30:00'", "'2024-10-27 01:30:00'"}});
    expect_found_and_repaired("stamps", {0, 0, unlike});
}

TEST_P(Trap10, FewerDigitsOfASecondDownstreamAreRefused)
{
    for (const std::string type : {"DATETIME", "TIMESTAMP", "TIME"}) {
        SCOPED_TRACE(type);
        m_up->run({"DROP TABLE IF EXISTS spans",
                   "CREATE TABLE spans (id INT NOT NULL PRIMARY KEY, t " + type + "(6) NULL)",
                   "INSERT INTO spans VALUES (1,NULL)"});
        m_down->run({"DROP TABLE IF EXISTS spans",
                     "CREATE TABLE spans (id INT NOT NULL PRIMARY KEY, t " + type + "(3) NULL)",
                     "INSERT INTO spans VALUES (2,NULL)"});
        expect_refused("spans", "fraction of a second");
    }
}

} // namespace
} // namespace slicetool::test
