#include "integration/traps_fixture.hpp"

#include "sql/quote.hpp"

/// Traps of definitions: keys that are stricter downstream, what fires or follows when rows are
/// written, columns that are not plain, kinds of tables.
namespace slicetool::test {
namespace {

bool on_mariadb(bool up, bool down)
{
    return up && down;
}

bool on_mysql(bool up, bool down)
{
    return !up && !down;
}

SLICETOOL_TRAP(Trap19);
SLICETOOL_TRAP(Trap20);
SLICETOOL_TRAP(Trap21);
SLICETOOL_TRAP_ON(Trap21OnMariaDb, TrapTest, pairings_where(on_mariadb));
SLICETOOL_TRAP_ON(Trap21OnMySql, TrapTest, pairings_where(on_mysql));
/// Whatever `boxes` is made of: 1,500 rows with `value` on both sides, and differences.
class Trap24Boxes : public TrapTest
{
protected:
    void expect_followed(const std::string& definition, const std::string& value)
    {
        SCOPED_TRACE(definition);
        on_both({"DROP TABLE IF EXISTS boxes", "CREATE TABLE boxes " + definition});
        std::vector<std::string> rows;
        for (int id = 1; id <= 1500; ++id)
            rows.push_back(fmt::format("({0},{1},{0})", id, fmt::format(fmt::runtime(value), id)));
        on_both(inserts("boxes", rows));
        m_up->run({"UPDATE boxes SET v = 'x' WHERE id IN (1, 700)",
                   "DELETE FROM boxes WHERE id = 1499", "UPDATE boxes SET seat = 0 WHERE id = 5",
                   "UPDATE boxes SET seat = 5 WHERE id = 1400",
                   "UPDATE boxes SET seat = 1400 WHERE id = 5"});
        m_down->run({"DELETE FROM boxes WHERE id = 20"});
        expect_found_and_repaired("boxes", {1, 1, 4});
    }
};

SLICETOOL_TRAP_ON(Trap24, Trap24Boxes, pairings());
SLICETOOL_TRAP_ON(Trap24OnMariaDb, Trap24Boxes, pairings_where(on_mariadb));
SLICETOOL_TRAP_ON(Trap24FromMariaDb, TrapTest, pairings_where([](bool up, bool) { return up; }));

// --- 19. a stricter unique key downstream ---

/// Upstream's twins 1 and 9000 lie in ranges far apart; between them are other differences.
TEST_P(Trap19, AStricterUniqueKeyIsRefusedBeforeAnythingIsWritten)
{
    const std::string columns = "CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat INT";
    m_up->run({columns + ")"});
    m_down->run({columns + ", UNIQUE KEY by_seat (seat))"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 9000; ++id)
        rows.push_back(fmt::format("({0},{0})", id));
    on_both(inserts("seats", rows));
    m_up->run({"UPDATE seats SET seat = -5 WHERE id IN (5, 4000)",
               "UPDATE seats SET seat = 1 WHERE id = 9000",
               "UPDATE seats SET seat = -6 WHERE id = 4001"});
    expect_refused("seats", "stricter unique key");
    EXPECT_THAT(result("seats").reason, testing::HasSubstr("by_seat"));
}

TEST_P(Trap19, AStricterKeyThatUpstreamHappensToSatisfyIsNoObstacle)
{
    const std::string columns =
        "CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat INT, v VARCHAR(9)";
    m_up->run({columns + ")"});
    m_down->run({columns + ", UNIQUE KEY by_seat (seat))"});
    on_both({"INSERT INTO seats VALUES (1,1,'a'),(2,2,'b'),(3,NULL,'c'),(4,NULL,'d')"});
    m_up->run({"UPDATE seats SET seat = 9 WHERE id = 1", "UPDATE seats SET seat = 1 WHERE id = 2",
               "INSERT INTO seats VALUES (5,NULL,'e')"});
    expect_found_and_repaired("seats", {1, 0, 2});
}

TEST_P(Trap19, AKeyOfFewerColumnsIsStricter)
{
    const std::string columns =
        "CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, hall INT NOT NULL, seat INT NOT NULL, ";
    m_up->run(
        {columns + "UNIQUE KEY (hall, seat))", "INSERT INTO seats VALUES (1,1,1),(2,2,1),(3,1,2)"});
    m_down->run({columns + "UNIQUE KEY alone (seat))", "INSERT INTO seats VALUES (1,1,1)"});
    expect_refused("seats", "stricter unique key");
}

TEST_P(Trap19, AKeyOfTheBeginningIsStricter)
{
    const std::string columns =
        "CREATE TABLE pages (id INT NOT NULL PRIMARY KEY, url VARCHAR(40) NOT NULL, ";
    m_up->run({columns + "UNIQUE KEY (url)) CHARACTER SET latin1",
               "INSERT INTO pages VALUES (1,'abc-1'),(2,'abc-2'),(3,'x')"});
    m_down->run({columns + "UNIQUE KEY start (url(3))) CHARACTER SET latin1",
                 "INSERT INTO pages VALUES (1,'abc-1')"});
    expect_refused("pages", "stricter unique key");
}

TEST_P(Trap19, ALenientKeyDownstreamIsNoObstacle)
{
    const std::string columns =
        "CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat INT NOT NULL, ";
    m_up->run({columns + "UNIQUE KEY (seat))", "INSERT INTO seats VALUES (1,2),(2,1),(3,3)"});
    m_down->run({columns + "KEY (seat))", "INSERT INTO seats VALUES (1,1),(2,1),(4,1)"});
    expect_found_and_repaired("seats", {1, 1, 1});
}

// --- 20. foreign keys, triggers, ON UPDATE ---

std::vector<std::string> family(const std::string& rule)
{
    return {"CREATE TABLE parents (id INT NOT NULL PRIMARY KEY, v INT)",
            "CREATE TABLE children (id INT NOT NULL PRIMARY KEY, parent INT, v INT, CONSTRAINT "
            "of_parent FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE " +
                rule + " ON UPDATE CASCADE)",
            "INSERT INTO parents VALUES (1,0),(2,0),(3,0)",
            "INSERT INTO children VALUES (10,1,0),(11,1,0),(20,2,0),(30,3,0)"};
}

/// A changed parent is deleted and inserted again: a cascade would take its children along.
TEST_P(Trap20, NoCascadeFiresWhenAParentIsRewritten)
{
    for (const std::string rule : {"CASCADE", "SET NULL", "RESTRICT"}) {
        SCOPED_TRACE(rule);
        on_both({"DROP TABLE IF EXISTS children, parents"});
        on_both(family(rule));
        const auto children = dump(*m_down, "children");
        m_up->run({"UPDATE parents SET v = 1 WHERE id IN (1, 2)"});
        expect_found_and_repaired("parents", {0, 0, 2});
        EXPECT_EQ(dump(*m_down, "children"), children);
    }
}

TEST_P(Trap20, ChildrenOfADeletedParentGoOnlyWithTheirOwnTable)
{
    on_both(family("CASCADE"));
    m_up->run({"SET foreign_key_checks = 1", "DELETE FROM parents WHERE id = 1"});
    ASSERT_EQ(dump(*m_up, "children").size(), 2U);
    expect_found_and_repaired("parents", {0, 1, 0});
    EXPECT_EQ(dump(*m_down, "children").size(), 4U);
    expect_found_and_repaired("children", {0, 2, 0});
}

/// The table of parents alone is sliced: what dangles then is told, whichever table it is in.
TEST_P(Trap20, ChildrenLeftWithoutAParentAreTold)
{
    on_both(family("CASCADE"));
    m_up->run({"SET foreign_key_checks = 1", "DELETE FROM parents WHERE id = 1"});
    EXPECT_EQ(slice(only("parents")).exit_status(), 0) << result("parents").reason;
    EXPECT_THAT(m_seen->notes,
                testing::Contains(testing::AllOf(testing::HasSubstr("2 rows of children"),
                                                 testing::HasSubstr("of_parent"))));
}

TEST_P(Trap20, ParentsThatAreMissingAreTold)
{
    on_both(family("RESTRICT"));
    m_up->run({"INSERT INTO parents VALUES (4,0)", "INSERT INTO children VALUES (40,4,0)"});
    EXPECT_EQ(slice(only("children")).exit_status(), 0) << result("children").reason;
    EXPECT_THAT(m_seen->notes, testing::Contains(testing::HasSubstr("slice parents too")));
}

TEST_P(Trap20, SelfReferencesInAnyOrderAreCopied)
{
    on_both(
        {"CREATE TABLE staff (id INT NOT NULL PRIMARY KEY, boss INT, CONSTRAINT of_boss FOREIGN "
         "KEY (boss) REFERENCES staff (id) ON DELETE CASCADE)"});
    m_up->run({"SET foreign_key_checks = 0",
               "INSERT INTO staff VALUES (1,9),(2,1),(3,2),(4,4),(9,1),(10,NULL)"});
    expect_found_and_repaired("staff", {6, 0, 0});
    m_up->run({"SET foreign_key_checks = 0", "UPDATE staff SET boss = 3 WHERE id = 1",
               "DELETE FROM staff WHERE id = 9", "UPDATE staff SET boss = 1 WHERE id = 10"});
    expect_found_and_repaired("staff", {0, 1, 2});
    EXPECT_EQ(dump(*m_down, "staff").size(), 5U);
}

TEST_P(Trap20, AParentTableThatDownstreamLacksIsNamed)
{
    const std::string children = "CREATE TABLE children (id INT NOT NULL PRIMARY KEY, parent INT, "
                                 "FOREIGN KEY (parent) REFERENCES parents (id))";
    m_up->run({"CREATE TABLE parents (id INT NOT NULL PRIMARY KEY)", children,
               "INSERT INTO parents VALUES (1)", "INSERT INTO children VALUES (1,1)"});
    m_down->run({"SET foreign_key_checks = 0", children});
    EXPECT_EQ(slice(only("children")).exit_status(), 0) << result("children").reason;
    EXPECT_THAT(m_seen->text(), testing::HasSubstr("Downstream has no table parents, to which "
                                                   "children refers by foreign key"));
}

TEST_P(Trap20, CyclesOfForeignKeysAreCopied)
{
    on_both({"SET foreign_key_checks = 0",
             "CREATE TABLE hens (id INT NOT NULL PRIMARY KEY, egg INT NOT NULL, CONSTRAINT of_egg "
             "FOREIGN KEY (egg) REFERENCES eggs (id) ON DELETE CASCADE)",
             "CREATE TABLE eggs (id INT NOT NULL PRIMARY KEY, hen INT NOT NULL, CONSTRAINT of_hen "
             "FOREIGN KEY (hen) REFERENCES hens (id) ON DELETE CASCADE)"});
    m_up->run({"SET foreign_key_checks = 0", "INSERT INTO hens VALUES (1,1),(2,2)",
               "INSERT INTO eggs VALUES (1,2),(2,1)"});
    m_down->run({"SET foreign_key_checks = 0", "INSERT INTO hens VALUES (1,7)",
                 "INSERT INTO eggs VALUES (7,1)"});
    EXPECT_EQ(slice().exit_status(), 0);
    EXPECT_THAT(m_seen->notes, testing::Not(testing::Contains(testing::HasSubstr("refer"))));
    expect_equal("hens");
    expect_equal("eggs");
}

TEST_P(Trap20, TriggersDownstreamAreRefusedUntilAllowed)
{
    on_both({"CREATE TABLE orders (id INT NOT NULL PRIMARY KEY, v INT)",
             "CREATE TABLE log (n INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what INT)",
             "INSERT INTO orders VALUES (1,0),(2,0)"});
    m_down->run({"CREATE TRIGGER gone AFTER DELETE ON orders FOR EACH ROW INSERT INTO log (what) "
                 "VALUES (OLD.id)"});
    m_up->run({"UPDATE orders SET v = 1 WHERE id = 1"});
    expect_refused("orders", "--allow-triggers");
    EXPECT_TRUE(dump(*m_down, "log").empty());
    auto options = only("orders");
    options.allowances.triggers = true;
    expect_found_and_repaired("orders", {0, 0, 1}, options);
    EXPECT_EQ(dump(*m_down, "log").size(), 1U);
}

TEST_P(Trap20, TriggersUpstreamFireNothing)
{
    on_both({"CREATE TABLE orders (id INT NOT NULL PRIMARY KEY, v INT)"});
    m_up->run({"CREATE TRIGGER doubled BEFORE INSERT ON orders FOR EACH ROW SET NEW.v = NEW.v * 2",
               "INSERT INTO orders VALUES (1,5)"});
    expect_found_and_repaired("orders", {1, 0, 0});
    EXPECT_EQ(ask(*m_down, "SELECT v FROM orders").at(0), "10 ");
}

/// A trigger that changes what is written would make the copy differ: the proof finds it.
TEST_P(Trap20, AnAllowedTriggerThatAltersRowsIsNotCalledEqual)
{
    on_both({"CREATE TABLE orders (id INT NOT NULL PRIMARY KEY, v INT)",
             "INSERT INTO orders VALUES (1,0),(2,0)"});
    m_down->run({"CREATE TRIGGER doubled BEFORE INSERT ON orders FOR EACH ROW SET NEW.v = NEW.v * "
                 "2"});
    m_up->run({"UPDATE orders SET v = 1 WHERE id = 1"});
    const auto before = dump(*m_down, "orders");
    auto options = only("orders");
    options.allowances.triggers = true;
    EXPECT_EQ(slice(options).exit_status(), 2);
    EXPECT_EQ(result("orders").outcome, report::Outcome::failed);
    EXPECT_EQ(dump(*m_down, "orders"), before);
}

TEST_P(Trap20, OnUpdateColumnsKeepUpstreamsTime)
{
    on_both({"CREATE TABLE notes (id INT NOT NULL PRIMARY KEY, v INT, seen TIMESTAMP(6) NOT NULL "
             "DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), made DATETIME NOT NULL "
             "DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)",
             "INSERT INTO notes VALUES (1,0,'2001-01-01 00:00:00','2002-01-01 00:00:00'),"
             "(2,0,'2001-01-01 00:00:00','2002-01-01 00:00:00')"});
    m_up->run({"UPDATE notes SET v = 1, seen = '2003-01-01 00:00:00.5', made = made WHERE id = 1",
               "INSERT INTO notes VALUES (3,0,'2004-01-01 00:00:00','2005-01-01 00:00:00')"});
    expect_found_and_repaired("notes", {1, 0, 1});
}

TEST_P(Trap20, AnExcludedOnUpdateColumnKeepsDownstreamsTime)
{
    on_both({"CREATE TABLE notes (id INT NOT NULL PRIMARY KEY, v INT, seen TIMESTAMP NOT NULL "
             "DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)"});
    m_up->run({"INSERT INTO notes VALUES (1,1,'2001-01-01 00:00:00')"});
    m_down->run({"INSERT INTO notes VALUES (1,0,'2002-01-01 00:00:00')"});
    sync::TableChoices choices;
    choices.excluded = {"seen"};
    EXPECT_EQ(slice(only("notes", choices)).exit_status(), 0) << result("notes").reason;
    EXPECT_EQ(ask(*m_down, "SELECT v, seen FROM notes").at(0), "1 2002-01-01 00:00:00 ");
}

// --- 21. columns that are not plain ---

TEST_P(Trap21, GeneratedColumnsFollowFromTheOthers)
{
    on_both({"CREATE TABLE boxes (a INT NOT NULL PRIMARY KEY, area INT GENERATED ALWAYS AS (w * h) "
             "STORED, w INT, label VARCHAR(40) GENERATED ALWAYS AS (CONCAT('no. ', a)) VIRTUAL, h "
             "INT)",
             "INSERT INTO boxes (a, w, h) VALUES (1,2,3),(2,4,5),(3,6,7)"});
    m_up->run({"UPDATE boxes SET w = 10 WHERE a = 2", "DELETE FROM boxes WHERE a = 1",
               "INSERT INTO boxes (a, w, h) VALUES (4,1,NULL)"});
    expect_found_and_repaired("boxes", {1, 1, 1});
    EXPECT_EQ(ask(*m_down, "SELECT area FROM boxes ORDER BY a"),
              (std::vector<std::string>{"50 ", "42 ", "NULL "}));
}

TEST_P(Trap21, AColumnGeneratedOnOneSideOnlyIsRefused)
{
    const std::string plain = "CREATE TABLE boxes (a INT NOT NULL PRIMARY KEY, twice INT)";
    const std::string generated = "CREATE TABLE boxes (a INT NOT NULL PRIMARY KEY, twice INT "
                                  "GENERATED ALWAYS AS (a * 2) STORED)";
    m_up->run({plain, "INSERT INTO boxes VALUES (1,2)"});
    m_down->run({generated, "INSERT INTO boxes (a) VALUES (2)"});
    expect_refused("boxes", "column twice is generated downstream only");
    m_up->run({"DROP TABLE boxes", generated, "INSERT INTO boxes (a) VALUES (1)"});
    m_down->run({"DROP TABLE boxes", plain, "INSERT INTO boxes VALUES (2,2)"});
    expect_refused("boxes", "column twice is generated upstream only");
}

TEST_P(Trap21, ACommentThatSaysGeneratedChangesNothing)
{
    on_both({"CREATE TABLE boxes (a INT NOT NULL PRIMARY KEY COMMENT 'GENERATED ALWAYS AS (b) "
             "STORED', b INT COMMENT 'auto_increment, generated; INVISIBLE) VIRTUAL', c "
             "VARCHAR(20) DEFAULT 'VIRTUAL GENERATED' COMMENT 'it''s STORED GENERATED') "
             "COMMENT='generated by hand, PRIMARY KEY (b), PARTITION BY HASH (a)'",
             "INSERT INTO boxes VALUES (1,1,'x'),(2,2,'y')"});
    m_up->run({"UPDATE boxes SET b = 9 WHERE a = 1", "UPDATE boxes SET c = 'z' WHERE a = 2"});
    expect_found_and_repaired("boxes", {0, 0, 2});
}

TEST_P(Trap21, InvisibleColumnsAreComparedAndCopied)
{
    on_both({"CREATE TABLE boxes (a INT NOT NULL PRIMARY KEY, hidden INT INVISIBLE DEFAULT 7, b "
             "INT)",
             "INSERT INTO boxes (a, hidden, b) VALUES (1,1,1),(2,2,2),(3,3,3)"});
    m_up->run({"UPDATE boxes SET hidden = 99 WHERE a = 2",
               "INSERT INTO boxes (a, hidden, b) VALUES (4,4,4)"});
    expect_found_and_repaired("boxes", {1, 0, 1});
}

TEST_P(Trap21, AColumnInvisibleOnOneSideIsCopied)
{
    m_up->run({"CREATE TABLE boxes (a INT NOT NULL PRIMARY KEY, b INT INVISIBLE DEFAULT 7)",
               "INSERT INTO boxes (a, b) VALUES (1,1),(2,2)"});
    m_down->run({"CREATE TABLE boxes (a INT NOT NULL PRIMARY KEY, b INT)",
                 "INSERT INTO boxes (a, b) VALUES (1,7)"});
    expect_found_and_repaired("boxes", {1, 0, 1});
}

TEST_P(Trap21, ReorderedAndCaseChangedColumnsAreMatchedByName)
{
    m_up->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, name VARCHAR(20), width INT, "
               "height INT, mail VARCHAR(20) UNIQUE)"});
    m_down->run({"CREATE TABLE boxes (Height INT, MAIL VARCHAR(20) UNIQUE, WIDTH INT, Name "
                 "VARCHAR(20), ID INT NOT NULL PRIMARY KEY)"});
    m_up->run({"INSERT INTO boxes VALUES (1,'a',1,2,'x'),(2,'b',3,4,'y'),(3,'c',5,6,'z')"});
    m_down->run({"INSERT INTO boxes VALUES (2,'x',1,'a',1),(3,'z',4,'b',2),(6,'y',5,'c',3)"});
    EXPECT_EQ(slice(only("boxes")).exit_status(), 0) << result("boxes").reason;
    EXPECT_EQ(result("boxes").changed, 2U);
    const std::string query = "SELECT id, name, width, height, mail FROM boxes ORDER BY id";
    EXPECT_EQ(ask(*m_up, query), ask(*m_down, query));
    EXPECT_EQ(verify(only("boxes")).exit_status(), 0);
}

TEST_P(Trap21, AColumnOnOneSideOnlyIsRefusedByName)
{
    const std::string one = "CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT)";
    const std::string two = "CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT, extra INT)";
    m_up->run({two, "INSERT INTO boxes VALUES (1,1,1)"});
    m_down->run({one, "INSERT INTO boxes VALUES (2,2)"});
    expect_refused("boxes", "column extra is missing downstream");
    m_up->run({"DROP TABLE boxes", one, "INSERT INTO boxes VALUES (1,1)"});
    m_down->run({"DROP TABLE boxes", two, "INSERT INTO boxes VALUES (2,2,2)"});
    expect_refused("boxes", "column extra exists downstream only");
}

TEST_P(Trap21, AnExcludedColumnOfOneSideIsLeftAlone)
{
    m_up->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT, up_only INT)",
               "INSERT INTO boxes VALUES (1,1,1),(2,2,2),(3,3,3)"});
    m_down->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT, down_only INT DEFAULT 5)",
                 "INSERT INTO boxes VALUES (1,1,10),(2,0,20)"});
    sync::TableChoices choices;
    choices.excluded = {"up_only", "down_only"};
    EXPECT_EQ(slice(only("boxes", choices)).exit_status(), 0) << result("boxes").reason;
    EXPECT_EQ(ask(*m_down, "SELECT id, a, down_only FROM boxes ORDER BY id"),
              (std::vector<std::string>{"1 1 10 ", "2 2 20 ", "3 3 5 "}));
}

/// MariaDB adds the end of a row's time, which may be NULL, to every unique key: the keyless way.
TEST_P(Trap21OnMariaDb, RowBoundsOfVersionedTablesTakeNoPart)
{
    on_both({"CREATE TABLE boxes (a INT NOT NULL PRIMARY KEY, b INT, began "
             "TIMESTAMP(6) GENERATED ALWAYS AS ROW START, ended TIMESTAMP(6) GENERATED ALWAYS AS "
             "ROW END, PERIOD FOR SYSTEM_TIME (began, ended)) WITH SYSTEM VERSIONING",
             "INSERT INTO boxes (a, b) VALUES (1,1),(2,2)"});
    EXPECT_EQ(verify(only("boxes")).exit_status(), 0) << result("boxes").reason;
    m_up->run({"UPDATE boxes SET b = 3 WHERE a = 1"});
    EXPECT_EQ(slice(only("boxes")).exit_status(), 0) << result("boxes").reason;
    EXPECT_EQ(result("boxes").copied, 1U);
    EXPECT_EQ(ask(*m_down, "SELECT a, b FROM boxes ORDER BY a"),
              (std::vector<std::string>{"1 3 ", "2 2 "}));
}

TEST_P(Trap21OnMySql, FunctionalIndexesAreNoObstacle)
{
    on_both({"CREATE TABLE boxes (a INT NOT NULL PRIMARY KEY, b INT, UNIQUE KEY twice ((b * 2)))",
             "INSERT INTO boxes VALUES (1,1),(2,2),(3,3)"});
    m_up->run({"UPDATE boxes SET b = 0 WHERE a = 1", "UPDATE boxes SET b = 1 WHERE a = 2",
               "UPDATE boxes SET b = 2 WHERE a = 1"});
    expect_found_and_repaired("boxes", {0, 0, 2});
}

// --- 24. defaults, checks, kinds of tables ---

TEST_P(Trap24, AColumnWithoutDefaultThatIsNotCopiedIsRefused)
{
    m_up->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT)",
               "INSERT INTO boxes VALUES (1,1),(2,2)"});
    m_down->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT, needed INT NOT NULL)",
                 "INSERT INTO boxes VALUES (1,0,7)"});
    const auto before = dump(*m_down, "boxes");
    sync::TableChoices choices;
    choices.excluded = {"needed"};
    EXPECT_EQ(slice(only("boxes", choices)).exit_status(), 2);
    EXPECT_EQ(result("boxes").outcome, report::Outcome::refused) << result("boxes").reason;
    EXPECT_THAT(result("boxes").reason, testing::HasSubstr("column needed is left out"));
    EXPECT_EQ(dump(*m_down, "boxes"), before);
}

TEST_P(Trap24, AnExcludedKeyThatCountsByItselfIsNoObstacle)
{
    on_both(
        {"CREATE TABLE boxes (name VARCHAR(20) CHARACTER SET latin1 NOT NULL UNIQUE, id INT NOT "
         "NULL AUTO_INCREMENT PRIMARY KEY, a INT)"});
    m_up->run({"INSERT INTO boxes VALUES ('x',10,1),('y',20,2)"});
    m_down->run({"INSERT INTO boxes VALUES ('x',1,0)"});
    sync::TableChoices choices;
    choices.excluded = {"id"};
    EXPECT_EQ(slice(only("boxes", choices)).exit_status(), 0) << result("boxes").reason;
    EXPECT_EQ(ask(*m_down, "SELECT name, a FROM boxes ORDER BY name"),
              (std::vector<std::string>{"x 1 ", "y 2 "}));
}

TEST_P(Trap24, NullsThatDownstreamDoesNotTakeAreRefusedByName)
{
    m_up->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT NULL)",
               "INSERT INTO boxes VALUES (1,1),(2,NULL)"});
    m_down->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT NOT NULL)",
                 "INSERT INTO boxes VALUES (1,0)"});
    expect_refused("boxes", "column a is NULL upstream in the row with id=2");
    m_up->run({"UPDATE boxes SET a = 5"});
    expect_found_and_repaired("boxes", {1, 0, 1});
}

TEST_P(Trap24, NarrowerColumnsAreRefusedByTheirDefinitions)
{
    const std::vector<std::pair<std::string, std::string>> types = {
        {"INT", "SMALLINT"},
        {"INT UNSIGNED", "INT"},
        {"INT", "BIGINT UNSIGNED"},
        {"VARCHAR(20)", "VARCHAR(19)"},
        {"VARBINARY(20)", "VARBINARY(10)"},
        {"TEXT", "TINYTEXT"},
        {"LONGBLOB", "BLOB"},
        {"DECIMAL(10,4)", "DECIMAL(10,2)"},
        {"DECIMAL(10,2)", "DECIMAL(8,2)"},
        {"DOUBLE", "FLOAT"},
        {"BIT(9)", "BIT(8)"},
        {"DATETIME", "DATE"},
        {"VARCHAR(20)", "INT"},
        {"CHAR(5)", "BINARY(5)"}};
    for (const auto& [up, down] : types) {
        SCOPED_TRACE(up + " into " + down);
        m_up->run({"DROP TABLE IF EXISTS boxes",
                   "CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a " + up + " NULL)",
                   "INSERT INTO boxes VALUES (1,NULL)"});
        m_down->run({"DROP TABLE IF EXISTS boxes",
                     "CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a " + down + " NULL)",
                     "INSERT INTO boxes VALUES (2,NULL)"});
        expect_refused("boxes", "column a is ");
    }
}

TEST_P(Trap24, WiderColumnsTakeEveryValue)
{
    m_up->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a SMALLINT UNSIGNED, b "
               "VARCHAR(5), c TINYBLOB, d DECIMAL(5,2)) CHARACTER SET latin1",
               "INSERT INTO boxes VALUES (1,65535,'12345',X'00FF','999.99'),(2,0,'','',0)"});
    m_down->run({"CREATE TABLE boxes (id BIGINT NOT NULL PRIMARY KEY, a INT, b VARCHAR(50), c "
                 "LONGBLOB, d DECIMAL(20,2)) CHARACTER SET latin1",
                 "INSERT INTO boxes VALUES (1,1,'1',X'00','1')"});
    expect_found_and_repaired("boxes", {1, 0, 1});
}

TEST_P(Trap24, ACheckThatARowViolatesIsNamedAndNothingOfItsBatchIsWritten)
{
    m_up->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT)",
               "INSERT INTO boxes VALUES (1,1),(2,-2),(3,3)"});
    m_down->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, a INT, CONSTRAINT positive "
                 "CHECK (a > 0))",
                 "INSERT INTO boxes VALUES (1,9),(2,9),(4,4)"});
    const auto before = dump(*m_down, "boxes");
    EXPECT_EQ(slice(only("boxes")).exit_status(), 2);
    EXPECT_EQ(result("boxes").outcome, report::Outcome::failed);
    EXPECT_THAT(result("boxes").reason, testing::HasSubstr("positive"));
    EXPECT_EQ(dump(*m_down, "boxes"), before);
}

TEST_P(Trap24, PartitionedTablesAreFollowed)
{
    const std::string columns = "CREATE TABLE parts (id INT NOT NULL PRIMARY KEY, v VARCHAR(40)) ";
    m_up->run({columns + "PARTITION BY HASH (id) PARTITIONS 7"});
    m_down->run({columns + "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (1000), "
                           "PARTITION p1 VALUES LESS THAN MAXVALUE)"});
    on_both(numbered("parts", 3000));
    m_up->run({"UPDATE parts SET v = 'x' WHERE id IN (1, 999, 1000, 3000)",
               "DELETE FROM parts WHERE id = 5"});
    m_down->run({"DELETE FROM parts WHERE id = 2000"});
    expect_found_and_repaired("parts", {1, 1, 4});
}

/// The server rejects the row; whatever else was copied is proven, and no row of upstream's is
/// lost.
TEST_P(Trap24, APartitionThatDownstreamLacksIsNamed)
{
    m_up->run({"CREATE TABLE parts (id INT NOT NULL PRIMARY KEY, v INT)",
               "INSERT INTO parts VALUES (1,1),(2,2),(5000,3)"});
    m_down->run({"CREATE TABLE parts (id INT NOT NULL PRIMARY KEY, v INT) PARTITION BY RANGE (id) "
                 "(PARTITION p0 VALUES LESS THAN (1000))",
                 "INSERT INTO parts VALUES (1,1),(2,0)"});
    EXPECT_EQ(slice(only("parts")).exit_status(), 2);
    EXPECT_EQ(result("parts").outcome, report::Outcome::failed);
    EXPECT_THAT(result("parts").reason, testing::HasSubstr("partition"));
    EXPECT_EQ(dump(*m_down, "parts").size(), 2U);
}

TEST_P(Trap24, TablesOfOtherEnginesAndFormatsAreFollowed)
{
    for (const std::string options :
         {"ENGINE=MyISAM", "ENGINE=MEMORY", "ENGINE=InnoDB ROW_FORMAT=COMPRESSED",
          "ENGINE=InnoDB ROW_FORMAT=REDUNDANT", "ENGINE=MyISAM ROW_FORMAT=FIXED"}) {
        expect_followed("(id INT NOT NULL PRIMARY KEY, v VARCHAR(40), seat INT UNIQUE) " + options,
                        "'v {}'");
        EXPECT_EQ(options.find("InnoDB") == std::string::npos,
                  std::any_of(m_seen->notes.begin(), m_seen->notes.end(),
                              [](const auto& note) { return note.find("engine") != note.npos; }))
            << options;
    }
}

TEST_P(Trap24OnMariaDb, AriaCompressedAndVersionedTablesAreFollowed)
{
    for (const std::string options : {"ENGINE=Aria TRANSACTIONAL=1", "ENGINE=Aria TRANSACTIONAL=0",
                                      "PAGE_COMPRESSED=1", "WITH SYSTEM VERSIONING"})
        expect_followed("(id INT NOT NULL PRIMARY KEY, v VARCHAR(400) COMPRESSED, seat INT "
                        "UNIQUE) " +
                            options,
                        "REPEAT('v {}', 20)");
}

/// Deleted rows of the past are no rows of the present.
TEST_P(Trap24FromMariaDb, TheHistoryOfAVersionedTableIsNotCopied)
{
    m_up->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, v INT) WITH SYSTEM VERSIONING",
               "INSERT INTO boxes VALUES (1,1),(2,2),(3,3)", "DELETE FROM boxes WHERE id = 2",
               "UPDATE boxes SET v = 9 WHERE id = 1"});
    m_down->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, v INT)",
                 "INSERT INTO boxes VALUES (2,2)"});
    expect_found_and_repaired("boxes", {2, 1, 0});
}

TEST_P(Trap24, AViewNamedLikeATableIsRefused)
{
    m_up->run({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY)", "INSERT INTO boxes VALUES (1)"});
    m_down->run({"CREATE TABLE base (id INT NOT NULL PRIMARY KEY)", "INSERT INTO base VALUES (2)",
                 "CREATE VIEW boxes AS SELECT id FROM base"});
    const auto before = dump(*m_down, "base");
    EXPECT_EQ(slice(only("boxes")).exit_status(), 2);
    EXPECT_EQ(result("boxes").outcome, report::Outcome::refused);
    EXPECT_THAT(result("boxes").reason, testing::HasSubstr("view"));
    EXPECT_EQ(dump(*m_down, "base"), before);
}

TEST_P(Trap24, AViewUpstreamIsLeftOut)
{
    m_up->run({"CREATE TABLE base (id INT NOT NULL PRIMARY KEY)", "INSERT INTO base VALUES (1)",
               "CREATE VIEW boxes AS SELECT id FROM base"});
    m_down->run({"CREATE TABLE base (id INT NOT NULL PRIMARY KEY)",
                 "CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY)",
                 "INSERT INTO boxes VALUES (2)"});
    EXPECT_EQ(slice().exit_status(), 0);
    EXPECT_EQ(m_seen->tables.count("boxes"), 0U);
    EXPECT_EQ(dump(*m_down, "boxes").size(), 1U);
}

/// A temporary table hides the real one from its own session only, and ours never makes one.
TEST_P(Trap24, ATemporaryTableOfAnotherSessionHidesNothing)
{
    on_both({"CREATE TABLE boxes (id INT NOT NULL PRIMARY KEY, v INT)",
             "INSERT INTO boxes VALUES (1,1)"});
    m_up->run({"UPDATE boxes SET v = 2"});
    db::Session other_up = m_up->open(db::Role::writer);
    db::Session other_down = m_down->open(db::Role::writer);
    for (auto* session : {&other_up, &other_down}) {
        session->execute("hide",
                         "CREATE TEMPORARY TABLE boxes (id INT NOT NULL PRIMARY KEY, v INT)");
        session->execute("hide", "CREATE TEMPORARY TABLE scratch (id INT NOT NULL PRIMARY KEY)");
    }
    expect_found_and_repaired("boxes", {0, 0, 1});
    EXPECT_EQ(slice().exit_status(), 0);
    EXPECT_EQ(m_seen->tables.size(), 1U);
}

} // namespace
} // namespace slicetool::test
