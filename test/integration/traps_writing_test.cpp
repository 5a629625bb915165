#include "integration/traps_fixture.hpp"

/// Traps of writing: unique values on the move.
namespace slicetool::test {
namespace {

SLICETOOL_TRAP(Trap18);

const std::string k_seats = "CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat INT, who "
                            "VARCHAR(20), UNIQUE KEY by_seat (seat))";

/// Rows (1,1,'w') … (rows,rows,'w').
std::vector<std::string> seats(int rows)
{
    std::string text = "INSERT INTO seats VALUES ";
    for (int id = 1; id <= rows; ++id)
        text += fmt::format("{}({},{},'w')", id == 1 ? "" : ",", id, id);
    return {k_seats, text};
}

/// Statements that give the seats of `ids` to each other: the first gets the second's, …, the last
/// the first's.
std::vector<std::string> rotate(const std::vector<int>& ids)
{
    std::vector<std::string> statements;
    for (const int id : ids)
        statements.push_back(
            fmt::format("UPDATE seats SET seat = seat + 1000000 WHERE id = {}", id));
    for (std::size_t at = 0; at < ids.size(); ++at)
        statements.push_back(fmt::format("UPDATE seats SET seat = {} WHERE id = {}",
                                         ids[(at + 1) % ids.size()], ids[at]));
    return statements;
}

TEST_P(Trap18, TwoNeighboursSwapTheirUniqueValues)
{
    on_both(seats(2));
    m_up->run(rotate({1, 2}));
    expect_found_and_repaired("seats", {0, 0, 2});
}

TEST_P(Trap18, TwoRowsOfFarRangesSwapTheirUniqueValues)
{
    on_both(seats(30'000));
    m_up->run(rotate({1, 30'000}));
    m_up->run(rotate({2, 15'000}));
    expect_found_and_repaired("seats", {0, 0, 4});
}

TEST_P(Trap18, CyclesOfThreeGoRoundWithinAndAcrossRanges)
{
    on_both(seats(25'000));
    m_up->run(rotate({10, 11, 12}));
    m_up->run(rotate({5, 12'500, 24'995}));
    m_up->run(rotate({24'000, 13'000, 7}));
    expect_found_and_repaired("seats", {0, 0, 9});
}

TEST_P(Trap18, ALongCycleThroughEveryRangeGoesRound)
{
    on_both(seats(20'000));
    std::vector<int> ids;
    for (int id = 500; id <= 20'000; id += 500)
        ids.push_back(id);
    m_up->run(rotate(ids));
    expect_found_and_repaired("seats", {0, 0, ids.size()});
}

TEST_P(Trap18, SwapsGoThroughWithSeveralWorkersToo)
{
    on_both(seats(30'000));
    m_up->run(rotate({1, 30'000}));
    m_up->run(rotate({9'999, 10'001, 20'001}));
    m_up->run({"UPDATE seats SET seat = -1 WHERE id = 100", "DELETE FROM seats WHERE id = 29000",
               "UPDATE seats SET seat = 29000 WHERE id = 100"});
    auto options = only("seats");
    options.jobs = 3;
    expect_found_and_repaired("seats", {0, 1, 6}, options);
}

TEST_P(Trap18, SeveralWorkersWriteNoRowTwiceWhenEveryValueMoves)
{
    on_both(seats(5000));
    m_up->run({"UPDATE seats SET seat = seat + 1 ORDER BY id DESC", "DELETE FROM seats WHERE id % 500 = 0"});
    auto options = only("seats");
    options.jobs = 4;
    expect_found_and_repaired("seats", {0, 10, 4990}, options);
}

// Every row's value moves: in each batch nearly every insertion meets a row that still holds the
// value.
TEST_P(Trap18, EveryValueOfTheTableMovesByOne)
{
    on_both(seats(5000));
    m_up->run({"UPDATE seats SET seat = seat + 1 ORDER BY id DESC"});
    expect_found_and_repaired("seats", {0, 0, 5000});
    m_up->run({"UPDATE seats SET seat = seat - 1 ORDER BY id ASC"});
    expect_found_and_repaired("seats", {0, 0, 5000});
}

TEST_P(Trap18, TheValuesOfTheTableAreReversed)
{
    on_both(seats(4000));
    m_up->run({"UPDATE seats SET seat = -id", "UPDATE seats SET seat = 4001 - id"});
    expect_found_and_repaired("seats", {0, 0, 4000});
}

TEST_P(Trap18, AValueIsTakenOverFromADeletedRow)
{
    on_both(seats(12'000));
    m_up->run({"DELETE FROM seats WHERE id IN (11999, 3)",
               "UPDATE seats SET seat = 11999 WHERE id = 2",
               "UPDATE seats SET seat = 3 WHERE id = 11998"});
    expect_found_and_repaired("seats", {0, 2, 2});
}

TEST_P(Trap18, AValueIsTakenOverByANewRowBeforeAndBehindTheOldOne)
{
    on_both(seats(12'000));
    m_up->run({"DELETE FROM seats WHERE id IN (6000, 6001)",
               "INSERT INTO seats VALUES (0, 6000, 'new'), (12001, 6001, 'new')"});
    expect_found_and_repaired("seats", {2, 2, 0});
}

TEST_P(Trap18, AStrayDownstreamRowThatHoldsANeededValueGoes)
{
    on_both(seats(100));
    m_up->run({"INSERT INTO seats VALUES (101, 101, 'w')"});
    m_down->run({"INSERT INTO seats VALUES (99999, 101, 'stray'), (-4, 102, 'stray')"});
    expect_found_and_repaired("seats", {1, 2, 0});
}

TEST_P(Trap18, StrayRowsThatHoldNeededValuesStayWhereTooManyWouldBeDeleted)
{
    on_both(seats(3000));
    m_down->run({"UPDATE seats SET id = id + 100000 WHERE id <= 5"});
    auto options = only("seats");
    options.delete_limit.rows = 4;
    EXPECT_EQ(slice(options).exit_status(), 2);
    EXPECT_THAT(result("seats").reason, testing::HasSubstr("Not one of them was deleted"));
    EXPECT_EQ(result("seats").deleted, 0U);
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM seats WHERE id > 100000").at(0), "5 ");
    options.delete_limit.rows = 5;
    expect_made_equal("seats", options);
    EXPECT_EQ(result("seats").deleted, 5U);
}

// The servers' estimate of a table's rows may be days old; --max-delete goes by rows counted.
TEST_P(Trap18, AShareOfRowsToDeleteIsOneOfTheRowsThatAreThere)
{
    on_both(seats(3000));
    m_down->run({"UPDATE seats SET id = id + 100000 WHERE id <= 1200"});
    auto options = only("seats");
    options.delete_limit.fraction = 0.5;
    expect_found_and_repaired("seats", {1200, 1200, 0}, options);
}

TEST_P(Trap18, ARowRenumberedWithItsUniqueValueIsMoved)
{
    on_both(seats(3000));
    m_up->run({"UPDATE seats SET id = id + 100000 WHERE id IN (5, 1500)",
               "UPDATE seats SET id = -7 WHERE id = 2900"});
    expect_found_and_repaired("seats", {3, 3, 0});
}

TEST_P(Trap18, SwapsUnderACaseInsensitiveKeyGoThrough)
{
    on_both({"CREATE TABLE names (id INT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE) "
             "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
             "INSERT INTO names VALUES (1,'anna'),(2,'BERT'),(3,'c'),(4,'dé'),(5,'e')"});
    m_up->run({"UPDATE names SET name = 'tmp' WHERE id = 1",
               "UPDATE names SET name = 'Anna' WHERE id = 2",
               "UPDATE names SET name = 'bert' WHERE id = 1",
               "UPDATE names SET name = 'C' WHERE id = 3", "DELETE FROM names WHERE id = 5",
               "UPDATE names SET name = 'E' WHERE id = 4", "INSERT INTO names VALUES (6,'DE')"});
    expect_found_and_repaired("names", {1, 1, 4});
}

TEST_P(Trap18, TrailingSpacesAndAccentsOfAUniqueValueChange)
{
    on_both({"CREATE TABLE names (id INT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE) "
             "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
             "INSERT INTO names VALUES (1,'a'),(2,'e'),(3,'x')"});
    m_up->run(
        {"UPDATE names SET name = 'a ' WHERE id = 1", "UPDATE names SET name = 'y' WHERE id = 3",
         "UPDATE names SET name = 'X' WHERE id = 2", "UPDATE names SET name = 'É' WHERE id = 3"});
    expect_found_and_repaired("names", {0, 0, 3});
}

TEST_P(Trap18, TwoUniqueKeysAreSwappedAtOnce)
{
    on_both({"CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat INT NOT NULL, badge "
             "VARCHAR(20) NOT NULL, UNIQUE KEY (seat), UNIQUE KEY (badge))"});
    std::string rows = "INSERT INTO seats VALUES ";
    for (int id = 1; id <= 6000; ++id)
        rows += fmt::format("{}({},{},'b{}')", id == 1 ? "" : ",", id, id, id);
    on_both({rows});
    m_up->run(rotate({1, 5999}));
    m_up->run({"UPDATE seats SET badge = 'tmp' WHERE id = 1",
               "UPDATE seats SET badge = 'b1' WHERE id = 3000",
               "UPDATE seats SET badge = 'b3000' WHERE id = 1", "DELETE FROM seats WHERE id = 6000",
               "UPDATE seats SET badge = 'b6000' WHERE id = 2",
               "INSERT INTO seats VALUES (7000, 6000, 'b2')"});
    expect_found_and_repaired("seats", {1, 1, 4});
}

TEST_P(Trap18, ValuesOfAKeyOfSeveralColumnsAreSwapped)
{
    on_both(
        {"CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, hall VARCHAR(10) NOT NULL, seat INT NOT "
         "NULL, v INT, UNIQUE KEY (hall, seat))",
         "INSERT INTO seats VALUES (1,'a',1,0),(2,'a',2,0),(3,'b',1,0),(4,'b',2,0),(5,'A ',3,0)"});
    m_up->run(rotate({1, 2}));
    m_up->run({"UPDATE seats SET hall = 'x' WHERE id = 3", "DELETE FROM seats WHERE id = 5",
               "UPDATE seats SET hall = 'a', seat = 3 WHERE id = 4"});
    expect_found_and_repaired("seats", {0, 1, 4});
}

TEST_P(Trap18, NullsInAUniqueKeyDoNotCollide)
{
    on_both(seats(3000));
    on_both({"UPDATE seats SET seat = NULL WHERE id % 3 = 0"});
    m_up->run({"UPDATE seats SET seat = NULL WHERE id = 1",
               "UPDATE seats SET seat = 1 WHERE id = 2999",
               "UPDATE seats SET seat = 2999 WHERE id = 3",
               "INSERT INTO seats VALUES (3001, NULL, 'n'), (3002, NULL, 'n')",
               "DELETE FROM seats WHERE id = 6"});
    expect_found_and_repaired("seats", {2, 1, 3});
}

TEST_P(Trap18, NullsInAKeyOfSeveralColumnsDoNotCollide)
{
    on_both({"CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, hall VARCHAR(10), seat INT, UNIQUE "
             "KEY (hall, seat))",
             "INSERT INTO seats VALUES (1,'a',NULL),(2,'a',NULL),(3,'b',1),(4,NULL,1),(5,NULL,1)"});
    m_up->run({"UPDATE seats SET hall = NULL WHERE id = 3",
               "UPDATE seats SET hall = 'b' WHERE id = 4",
               "INSERT INTO seats VALUES (6,'a',NULL),(7,'a',1)"});
    expect_found_and_repaired("seats", {2, 0, 2});
}

TEST_P(Trap18, SwapsOfTheIdAndTheUniqueValueTogetherGoThrough)
{
    on_both(seats(2000));
    // Two rows exchange their ids: seen by id, their seats and names are swapped.
    m_up->run({"UPDATE seats SET who = 'one' WHERE id = 1", "UPDATE seats SET id = 0 WHERE id = 1",
               "UPDATE seats SET id = 1 WHERE id = 2000",
               "UPDATE seats SET id = 2000 WHERE id = 0"});
    expect_found_and_repaired("seats", {0, 0, 2});
}

TEST_P(Trap18, AClassicZoomOfBlocksSwapsToo)
{
    on_both(seats(3000));
    m_up->run(rotate({1, 1500, 2999}));
    sync::TableChoices choices;
    choices.zoom = {100};
    expect_made_equal("seats", only("seats", choices));
}

TEST_P(Trap18, SwapsUnderAStringKeyGoThrough)
{
    on_both({"CREATE TABLE seats (id VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL "
             "PRIMARY KEY, seat INT NOT NULL UNIQUE)"});
    std::string rows = "INSERT INTO seats VALUES ";
    for (int id = 1; id <= 4000; ++id)
        rows += fmt::format("{}('k{}',{})", id == 1 ? "" : ",", id, id);
    on_both({rows});
    m_up->run({"UPDATE seats SET seat = 0 WHERE id = 'k1'",
               "UPDATE seats SET seat = 1 WHERE id = 'k4000'",
               "UPDATE seats SET seat = 4000 WHERE id = 'k999'",
               "UPDATE seats SET seat = 999 WHERE id = 'k1'"});
    expect_found_and_repaired("seats", {0, 0, 3});
}

} // namespace
} // namespace slicetool::test
