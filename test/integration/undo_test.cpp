#include "integration/every_type.hpp"
#include "integration/undo_fixture.hpp"
#include "sync/proven_ranges.hpp"

/// Taking back what a slice has changed, compared by dumps that share nothing with our digests.
namespace slicetool::test {
namespace {

class Undo : public UndoTest
{
protected:
    void make_people(int rows)
    {
        on_both(
            {"CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(40), age INT)"});
        std::vector<std::string> values;
        for (int id = 1; id <= rows; ++id)
            values.push_back(fmt::format("({0},'name {0}',{1})", id, id % 97));
        on_both(inserts("people", values));
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Undo, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Undo, ChangedInsertedAndDeletedRowsComeBackToTheLastBit)
{
    make_people(3000);
    m_down->run({"UPDATE people SET name = NULL WHERE id % 100 = 3",
                 "UPDATE people SET name = 'a\\0b\\'' WHERE id = 7",
                 "DELETE FROM people WHERE id BETWEEN 1000 AND 1040 OR id = 5",
                 "INSERT INTO people SELECT -id, name, age FROM people WHERE id % 50 = 1"});
    expect_way_back("people");
}

TEST_P(Undo, RowsChangedSinceAreRefusedAndListedUnlessForced)
{
    make_people(500);
    m_down->run({"UPDATE people SET age = -1 WHERE id IN (10, 20, 30)",
                 "DELETE FROM people WHERE id IN (100, 110)",
                 "INSERT INTO people VALUES (1000, 'extra', 1), (1001, 'extra', 2)"});
    const auto before = dump(*m_down, "people");
    expect_saved_slice(only("people"));
    m_down->run({"UPDATE people SET age = 77 WHERE id = 20",    // changed again
                 "DELETE FROM people WHERE id = 30",            // changed, and gone
                 "UPDATE people SET name = 'x' WHERE id = 110", // inserted, and changed
                 "INSERT INTO people VALUES (1001, 'new', 3)",  // deleted, and there again
                 "UPDATE people SET age = -1 WHERE id = 10"});  // somebody took it back by hand
    const auto now = dump(*m_down, "people");
    sync::UndoOptions look;
    look.dry_run = true;
    const std::vector<std::string> expected{"changed id=1001", "changed id=110", "changed id=20",
                                            "changed id=30"};
    EXPECT_EQ(take_back(look).exit_status(), 1);
    EXPECT_EQ(refused("people"), expected);
    EXPECT_EQ(undone("people").restored, 2U);
    EXPECT_EQ(dump(*m_down, "people"), now) << "a dry run wrote";
    EXPECT_EQ(take_back().exit_status(), 1);
    EXPECT_EQ(refused("people"), expected);
    EXPECT_EQ(undone("people").outcome, report::UndoOutcome::partly);
    EXPECT_EQ(undone("people").restored, 2U); // 100 and 1000
    EXPECT_EQ(undone("people").as_before, 1U);
    EXPECT_EQ(ask(*m_down, "SELECT id, name, age FROM people WHERE id IN (10, 20, 30, 100, 110, "
                           "1000, 1001) ORDER BY id"),
              (std::vector<std::string>{"10 name 10 -1 ", "20 name 20 77 ", "110 x 13 ",
                                        "1000 extra 1 ", "1001 new 3 "}));
    sync::UndoOptions force;
    force.force = true;
    EXPECT_EQ(take_back(force).exit_status(), 0);
    EXPECT_EQ(dump(*m_down, "people"), before);
}

TEST_P(Undo, UniqueValuesThatWentRoundGoBack)
{
    on_both({"CREATE TABLE badges (id INT NOT NULL PRIMARY KEY, badge INT, UNIQUE KEY (badge))"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 3000; ++id)
        rows.push_back(fmt::format("({0},{0})", id));
    on_both(inserts("badges", rows));
    m_down->run({"UPDATE badges SET badge = badge + 100000",
                 "UPDATE badges SET badge = IF(id = 3000, 1, id + 1)",
                 "DELETE FROM badges WHERE id = 1500", "INSERT INTO badges VALUES (-5, 1501)"});
    expect_way_back("badges");
}

TEST_P(Undo, ARowWhoseUniqueValueIsHeldByAnotherIsRefused)
{
    on_both({"CREATE TABLE badges (id INT NOT NULL PRIMARY KEY, badge INT, UNIQUE KEY (badge))",
             "INSERT INTO badges VALUES (1, 1), (2, 2), (3, 3), (4, 4)"});
    m_down->run({"UPDATE badges SET badge = 10 * id"});
    expect_saved_slice(only("badges"));
    m_down->run({"INSERT INTO badges VALUES (99, 20)"});
    EXPECT_EQ(take_back().exit_status(), 1);
    EXPECT_EQ(refused("badges"), std::vector<std::string>{"held id=2"});
    EXPECT_EQ(ask(*m_down, "SELECT * FROM badges ORDER BY id"),
              (std::vector<std::string>{"1 10 ", "2 2 ", "3 30 ", "4 40 ", "99 20 "}));
}

TEST_P(Undo, ManyDeletedRowsComeBack)
{
    on_both({"CREATE TABLE many (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))"});
    m_down->run(numbered("many", 13'000));
    m_up->run(numbered("many", 600, 12'401));
    expect_way_back("many");
}

TEST_P(Undo, AFirstCopyIsTakenAway)
{
    on_both({"CREATE TABLE fresh (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))"});
    m_up->run(numbered("fresh", 5500));
    expect_way_back("fresh");
    expect_saved_slice(only("fresh"));
    m_down->run({"UPDATE fresh SET v = 'mine' WHERE id = 2500"});
    EXPECT_EQ(take_back().exit_status(), 1);
    ASSERT_EQ(refused("fresh").size(), 1U);
    EXPECT_THAT(refused("fresh")[0], testing::HasSubstr("changed range="));
    EXPECT_EQ(undone("fresh").restored, 4500U);
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*), SUM(v = 'mine') FROM fresh"),
              std::vector<std::string>{"1000 1 "});
    sync::UndoOptions force;
    force.force = true;
    EXPECT_EQ(take_back(force).exit_status(), 0);
    EXPECT_EQ(dump(*m_down, "fresh").size(), 0U);
}

TEST_P(Undo, ExcludedColumnsComeBackWithTheirRows)
{
    on_both({"CREATE TABLE notes (id INT NOT NULL PRIMARY KEY, note VARCHAR(20), own TEXT)",
             "INSERT INTO notes VALUES (1, 'one', NULL), (2, 'two', 'b'), (3, 'three', 'c')"});
    m_down->run({"UPDATE notes SET own = CONCAT('mine ', id)",
                 "UPDATE notes SET note = 'x' "
                 "WHERE id = 2",
                 "DELETE FROM notes WHERE id = 3", "INSERT INTO notes VALUES (9, 'nine', 'mine')"});
    sync::TableChoices choices;
    choices.excluded = {"own"};
    expect_way_back("notes", only("notes", choices));
    // A first copy of some columns: the range's fingerprint is of all columns.
    m_down->run({"DELETE FROM notes"});
    expect_saved_slice(only("notes", choices));
    m_down->run({"UPDATE notes SET own = 'changed since' WHERE id = 2"});
    EXPECT_EQ(take_back().exit_status(), 1);
    EXPECT_EQ(dump(*m_down, "notes").size(), 3U);
}

TEST_P(Undo, RowsWithoutAKeyComeBackWithTheirNumber)
{
    on_both({"CREATE TABLE log (at INT, what VARCHAR(20))"});
    m_up->run({"INSERT INTO log VALUES (1, 'a'), (1, 'a'), (2, NULL), (3, 'c'), (4, 'd')"});
    m_down->run({"INSERT INTO log VALUES (1, 'a'), (1, 'a'), (1, 'a'), (3, 'c'), (5, 'e'), "
                 "(5, 'e'), (NULL, NULL)"});
    expect_way_back("log");
    const auto before = dump(*m_down, "log");
    expect_saved_slice(only("log"));
    m_down->run({"INSERT INTO log VALUES (4, 'd')"});
    const auto changed = dump(*m_down, "log");
    EXPECT_EQ(take_back().exit_status(), 1);
    EXPECT_EQ(refused("log").size(), 5U);
    EXPECT_EQ(dump(*m_down, "log"), changed);
    sync::UndoOptions force;
    force.force = true;
    EXPECT_EQ(take_back(force).exit_status(), 0);
    EXPECT_EQ(dump(*m_down, "log"), before);
    m_down->run({"DELETE FROM log"});
    expect_way_back("log"); // a first copy
}

TEST_P(Undo, ARowWithoutAKeyThatWasChangedSinceIsNotDoubled)
{
    on_both({"CREATE TABLE log (at INT, what VARCHAR(20))", "INSERT INTO log VALUES (9, 'same')"});
    m_up->run({"INSERT INTO log VALUES (1, 'theirs')"});
    m_down->run({"INSERT INTO log VALUES (1, 'ours')"});
    expect_saved_slice(only("log"));
    m_down->run({"UPDATE log SET what = 'changed since' WHERE at = 1"});
    const auto now = dump(*m_down, "log");
    EXPECT_EQ(take_back().exit_status(), 1);
    EXPECT_EQ(dump(*m_down, "log"), now);
    sync::UndoOptions look;
    look.dry_run = true;
    EXPECT_EQ(take_back(look).exit_status(), 1);
    EXPECT_EQ(refused("log").size(), 1U);
}

TEST_P(Undo, RowsOutsideWhatWasCopiedAreLeftAlone)
{
    make_people(300);
    m_down->run({"UPDATE people SET age = -1 WHERE id > 100",
                 "INSERT INTO people SELECT id + 10000, name, 5 FROM people WHERE id <= 250"});
    sync::TableChoices choices;
    choices.where = "id > 200";
    choices.keep_outside = true;
    expect_way_back("people", only("people", choices));
}

TEST_P(Undo, RowsOutsideThatStandAmongThoseCopiedAreLeftAlone)
{
    on_both({"CREATE TABLE people (id INT NOT NULL PRIMARY KEY, region VARCHAR(9))"});
    std::vector<std::string> up;
    std::vector<std::string> down;
    for (int id = 1; id <= 8000; ++id)
        (id % 2 == 0 ? up : down).push_back(fmt::format("({},'{}')", id, id % 2 ? "local" : "EU"));
    down.push_back("(9001,'local')");
    m_up->run(inserts("people", up));
    m_down->run(inserts("people", down));
    sync::TableChoices choices;
    choices.where = "region = 'EU'";
    choices.keep_outside = true;
    choices.zoom = {3000, 1};
    expect_way_back("people", only("people", choices));
    EXPECT_EQ(dump(*m_down, "people").size(), 4001U);
}

/// Says, of whatever table, that the rows below a key were proven before.
class ProvenBelow : public sync::ProvenRanges
{
public:
    std::optional<sync::ProvenBefore> before(const std::string&) override { return proven; }
    void begin(const std::string&, const sync::ProofTerms& terms,
               const std::optional<sync::ProvenBefore>&) override
    {
        m_terms = terms;
    }
    void prefix(const std::string&, const sync::Bound&, std::uint64_t) override {}
    void whole(const std::string&, std::uint64_t) override {}

    void resume_from(const std::string& key, std::uint64_t rows)
    {
        proven = sync::ProvenBefore{"run 1", {}, m_terms, false, sync::Bound{{key}, false}, rows};
    }

    std::optional<sync::ProvenBefore> proven;

private:
    sync::ProofTerms m_terms;
};

TEST_P(Undo, RowsOutsideThatStandBeyondWhereARunWasResumedAreLeftAlone)
{
    on_both({"CREATE TABLE people (id INT NOT NULL PRIMARY KEY, region VARCHAR(9))",
             "INSERT INTO people VALUES (1, 'EU'), (2, 'EU')"});
    sync::TableChoices choices;
    choices.where = "region = 'EU'";
    choices.keep_outside = true;
    sync::RunOptions options = only("people", choices);
    ProvenBelow proven;
    options.proven = &proven;
    EXPECT_EQ(slice(options).exit_status(), 0);
    proven.resume_from("10", 2);
    std::vector<std::string> up;
    std::vector<std::string> down;
    for (int id = 11; id <= 8000; ++id)
        (id % 2 == 0 ? up : down).push_back(fmt::format("({},'{}')", id, id % 2 ? "local" : "EU"));
    m_up->run(inserts("people", up));
    m_down->run(inserts("people", down));
    const auto before = dump(*m_down, "people");
    EXPECT_EQ(saved_slice(options).exit_status(), 0);
    EXPECT_EQ(result("people").outcome, report::Outcome::resumed) << reasons();
    EXPECT_EQ(result("people").copied, 3995U);
    EXPECT_EQ(take_back().exit_status(), 0);
    EXPECT_EQ(dump(*m_down, "people"), before);
}

TEST_P(Undo, ARowWhoseKeyTheCollationTakesForEqualIsNoRowOfTheRun)
{
    on_both({"CREATE TABLE words (word VARCHAR(20) CHARACTER SET utf8mb4 COLLATE "
             "utf8mb4_general_ci NOT NULL PRIMARY KEY, n INT)",
             "INSERT INTO words VALUES ('same', 0)"});
    m_up->run({"INSERT INTO words VALUES ('CASE', 1), ('new', 2)"});
    m_down->run({"INSERT INTO words VALUES ('case', 1), ('abc', 3), ('def', 4)"});
    expect_way_back("words");
    const auto before = dump(*m_down, "words");
    expect_saved_slice(only("words"));
    m_down->run({"INSERT INTO words VALUES ('ABC', 30), ('def ', 40)",
                 "UPDATE words SET word = 'NEW' WHERE word = 'new'"});
    const std::vector<std::string> expected{"changed word=abc", "changed word=def",
                                            "changed word=new"};
    sync::UndoOptions options;
    options.dry_run = true;
    EXPECT_EQ(take_back(options).exit_status(), 1);
    EXPECT_EQ(refused("words"), expected);
    EXPECT_EQ(undone("words").restored, 2U);
    EXPECT_EQ(take_back().exit_status(), 1);
    EXPECT_EQ(refused("words"), expected);
    EXPECT_EQ(ask(*m_down, "SELECT CONCAT('<', word, '>'), n FROM words ORDER BY n"),
              (std::vector<std::string>{"<same> 0 ", "<case> 1 ", "<NEW> 2 ", "<ABC> 30 ",
                                        "<def > 40 "}));
    options.dry_run = false;
    options.force = true;
    EXPECT_EQ(take_back(options).exit_status(), 0);
    EXPECT_EQ(dump(*m_down, "words"), before);
}

TEST_P(Undo, OfTablesWithoutTransactionsWorks)
{
    for (const std::string engine : {"MyISAM", "MEMORY"}) {
        SCOPED_TRACE(engine);
        on_both({"DROP TABLE IF EXISTS people"});
        make_people(3000);
        m_down->run({"ALTER TABLE people ENGINE = " + engine,
                     "UPDATE people SET name = NULL WHERE id % 100 = 3",
                     "DELETE FROM people WHERE id BETWEEN 1000 AND 1040 OR id = 5",
                     "INSERT INTO people SELECT -id, name, age FROM people WHERE id % 50 = 1"});
        expect_way_back("people");
        m_up->run({"DROP TABLE people"});
        m_down->run({"DROP TABLE people"});
    }
}

TEST_P(Undo, OfATableWithNeitherKeyNorTransactionsCouldNotBePromised)
{
    on_both({"CREATE TABLE log (at INT, what VARCHAR(20)) ENGINE = MyISAM",
             "INSERT INTO log VALUES (1, 'a')"});
    EXPECT_EQ(saved_slice(only("log")).exit_status(), 0) << "nothing is to be changed";
    m_down->run({"INSERT INTO log VALUES (2, 'b')"});
    const auto before = dump(*m_down, "log");
    EXPECT_EQ(saved_slice(only("log")).exit_status(), 2);
    EXPECT_THAT(result("log").reason,
                testing::AllOf(testing::HasSubstr("MyISAM"), testing::HasSubstr("--no-undo")));
    EXPECT_EQ(dump(*m_down, "log"), before);
    EXPECT_EQ(slice(only("log")).exit_status(), 0);
}

TEST_P(Undo, OfSomeTablesLeavesTheOthersAsTheyAre)
{
    make_people(100);
    on_both({"CREATE TABLE other LIKE people", "INSERT INTO other SELECT * FROM people"});
    m_down->run({"UPDATE people SET age = -1", "UPDATE other SET age = -1"});
    expect_saved_slice({});
    sync::UndoOptions some;
    some.tables = {"other"};
    EXPECT_EQ(take_back(some).exit_status(), 0);
    EXPECT_EQ(m_told_undo->undone.count("people"), 0U);
    EXPECT_EQ(ask(*m_down, "SELECT SUM(age = -1) FROM other"), std::vector<std::string>{"100 "});
    EXPECT_EQ(ask(*m_down, "SELECT SUM(age = -1) FROM people"), std::vector<std::string>{"0 "});
    some.tables = {"peopel"};
    EXPECT_THROW(take_back(some), base::UsageError);
}

TEST_P(Undo, OfATableThatWasAlteredIsRefused)
{
    make_people(10);
    on_both({"CREATE TABLE other LIKE people", "INSERT INTO other SELECT * FROM people"});
    m_down->run({"UPDATE people SET age = -1", "UPDATE other SET age = -1"});
    expect_saved_slice({});
    m_down->run({"ALTER TABLE people MODIFY age BIGINT"});
    EXPECT_EQ(take_back().exit_status(), 2);
    EXPECT_EQ(undone("people").outcome, report::UndoOutcome::refused);
    EXPECT_THAT(undone("people").reason, testing::HasSubstr("column age was int"));
    EXPECT_EQ(undone("other").outcome, report::UndoOutcome::restored);
    m_down->run({"DROP TABLE people"});
    EXPECT_EQ(take_back().exit_status(), 2);
    EXPECT_THAT(undone("people").reason, testing::HasSubstr("not there any more"));
}

TEST_P(Undo, OfATableWithTriggersIsRefusedUnlessAllowed)
{
    make_people(10);
    m_down->run({"UPDATE people SET age = -1 WHERE id = 3", "CREATE TABLE seen (id INT)"});
    expect_saved_slice(only("people"));
    m_down->run({"CREATE TRIGGER tell AFTER INSERT ON people FOR EACH ROW INSERT INTO seen VALUES "
                 "(NEW.id)"});
    EXPECT_EQ(take_back().exit_status(), 2);
    EXPECT_THAT(undone("people").reason, testing::HasSubstr("--allow-triggers"));
    sync::UndoOptions allowed;
    allowed.allowances.triggers = true;
    EXPECT_EQ(take_back(allowed).exit_status(), 0);
    EXPECT_EQ(ask(*m_down, "SELECT id FROM seen"), std::vector<std::string>{"3 "});
    // One that changes what is restored: the proof sees it, and nothing stays.
    m_down->run({"DROP TRIGGER tell"});
    expect_saved_slice(only("people"));
    m_down->run({"CREATE TRIGGER spoil BEFORE INSERT ON people FOR EACH ROW SET NEW.age = 55"});
    EXPECT_EQ(take_back(allowed).exit_status(), 2);
    EXPECT_THAT(undone("people").reason, testing::HasSubstr("is not what it was"));
    EXPECT_EQ(ask(*m_down, "SELECT age FROM people WHERE id = 3"), std::vector<std::string>{"3 "});
}

TEST_P(Undo, OnAnotherDatabaseIsRefused)
{
    make_people(10);
    m_down->run({"UPDATE people SET age = -1"});
    expect_saved_slice(only("people"));
    const undo::Reader reader(file());
    UndoRecorder told;
    try {
        sync::undo(m_up->endpoint(), reader, {}, told, m_stop);
        FAIL();
    } catch (const base::Refusal& refusal) {
        EXPECT_THAT(refusal.what(),
                    testing::HasSubstr("is not the database that run test changed"));
    }
}

TEST_P(Undo, WhatCannotBeSavedIsNotChanged)
{
    make_people(2000);
    m_down->run({"UPDATE people SET name = UUID()"});
    const auto before = dump(*m_down, "people");
    undo::Limits limits;
    limits.max_bytes = 10'000;
    EXPECT_EQ(saved_slice(only("people"), limits).exit_status(), 2);
    EXPECT_EQ(result("people").outcome, report::Outcome::refused);
    EXPECT_THAT(result("people").reason, testing::HasSubstr("has reached its bound"));
    EXPECT_EQ(dump(*m_down, "people"), before);
    std::vector<std::string> told;
    limits.when_full = undo::WhenFull::go_on;
    limits.full = [&](const std::string& sentence) { told.push_back(sentence); };
    EXPECT_EQ(saved_slice(only("people"), limits).exit_status(), 0);
    EXPECT_EQ(told.size(), 1U);
    take_back();
    EXPECT_THAT(m_told_undo->notes, testing::Contains(testing::HasSubstr("had reached its bound")));
}

TEST_P(Undo, EveryStepThatWritesRowsIsTakenBack)
{
    const auto steps = [](const std::string& table, std::vector<sync::Step> list) {
        sync::RunOptions options;
        options.tables.push_back({table, std::move(list), std::nullopt, ""});
        return options;
    };
    sync::Step clear;
    clear.kind = sync::StepKind::clear;
    sync::Step replace;
    replace.kind = sync::StepKind::replace;
    replace.query = "SELECT * FROM people WHERE id % 3 = 0";
    sync::Step keys;
    keys.kind = sync::StepKind::keys;
    keys.query = "SELECT id FROM people WHERE id < 300";
    keys.keep_others = false;
    make_people(7000);
    m_down->run({"UPDATE people SET age = -1 WHERE id % 7 = 0", "DELETE FROM people WHERE id = 30",
                 "INSERT INTO people VALUES (-1, 'mine', 1)"});
    for (const auto& list : std::vector<std::vector<sync::Step>>{
             {clear}, {replace}, {keys}, {clear, sync::sync_step({})}, {keys, replace, clear}}) {
        SCOPED_TRACE(sync::step_word(list.front().kind));
        SCOPED_TRACE(list.size());
        const auto before = dump(*m_down, "people");
        EXPECT_EQ(saved_slice(steps("people", list)).exit_status(), 0) << reasons();
        EXPECT_NE(dump(*m_down, "people"), before);
        // What was emptied and filled again is saved as ranges that held no row.
        const bool as_ranges = list.size() == 2;
        sync::UndoOptions look;
        look.dry_run = true;
        EXPECT_EQ(take_back(look).exit_status(), as_ranges ? 1 : 0);
        EXPECT_EQ(take_back().exit_status(), 0) << undone("people").reason;
        EXPECT_EQ(dump(*m_down, "people"), before);
        EXPECT_EQ(take_back().exit_status(), as_ranges ? 1 : 0) << "again";
        EXPECT_EQ(dump(*m_down, "people"), before);
    }
    // Without a key.
    on_both({"CREATE TABLE log (at INT, what VARCHAR(20))"});
    m_up->run({"INSERT INTO log VALUES (1, 'a'), (1, 'a'), (2, NULL)"});
    m_down->run({"INSERT INTO log VALUES (1, 'a'), (5, 'e'), (5, 'e')"});
    replace.query = "SELECT * FROM log";
    for (const auto& list :
         std::vector<std::vector<sync::Step>>{{clear}, {replace}, {clear, sync::sync_step({})}}) {
        SCOPED_TRACE(sync::step_word(list.front().kind));
        SCOPED_TRACE(list.size());
        const auto before = dump(*m_down, "log");
        EXPECT_EQ(saved_slice(steps("log", list)).exit_status(), 0) << reasons();
        EXPECT_NE(dump(*m_down, "log"), before);
        sync::UndoOptions look;
        look.dry_run = true;
        EXPECT_EQ(take_back(look).exit_status(), 0);
        EXPECT_EQ(take_back().exit_status(), 0) << undone("log").reason;
        EXPECT_EQ(dump(*m_down, "log"), before);
        EXPECT_EQ(take_back().exit_status(), 0) << "again";
        EXPECT_EQ(dump(*m_down, "log"), before);
    }
}

TEST_P(Undo, ARunThatChangesNothingLeavesNoFile)
{
    make_people(10);
    EXPECT_EQ(saved_slice(only("people")).exit_status(), 0);
    EXPECT_FALSE(std::filesystem::exists(file()));
}

/// What is stored downstream is all that counts here: one pairing of each family tells.
class UndoOfTypes : public UndoTest
{
};

INSTANTIATE_TEST_SUITE_P(
    Pairings, UndoOfTypes,
    testing::ValuesIn(pairings_where([](bool up, bool down) { return up == down; })), pairing_name);

TEST_P(UndoOfTypes, ValuesOfEveryTypeComeBack)
{
    std::vector<TypeCase> types = common_types();
    const auto more = downstream_is_mariadb() ? mariadb_types() : mysql_types();
    types.insert(types.end(), more.begin(), more.end());
    sync::RunOptions options;
    std::vector<std::string> up{"SET sql_mode = 'ALLOW_INVALID_DATES'"};
    std::vector<std::string> down = up;
    for (const auto& type : types) {
        const std::string table = "t_" + type.name;
        options.tables.push_back(only(table).tables[0]);
        const std::string create =
            fmt::format("CREATE TABLE {} (id INT NOT NULL PRIMARY KEY, v {})", table, type.type);
        up.push_back(create);
        down.push_back(create);
        up.push_back(fmt::format("INSERT INTO {} (id) VALUES (1000), (1001)", table));
        std::string rows = fmt::format("(1000, {})", type.values[0]);
        for (std::size_t at = 0; at < type.values.size(); ++at)
            rows += fmt::format(", ({}, {})", at + 1, type.values[at]);
        down.push_back(fmt::format("INSERT INTO {} VALUES {}", table, rows));
    }
    m_up->run(up);
    m_down->run(down);
    std::map<std::string, std::vector<std::string>> before;
    for (const auto& order : options.tables)
        before[order.name] = dump(*m_down, order.name);
    saved_slice(options);
    EXPECT_EQ(take_back().exit_status(), 0);
    for (const auto& [table, rows] : before) {
        SCOPED_TRACE(table);
        EXPECT_EQ(dump(*m_down, table), rows);
        if (result(table).outcome == report::Outcome::made_equal) {
            EXPECT_EQ(undone(table).outcome, report::UndoOutcome::restored) << undone(table).reason;
        }
    }
    EXPECT_GT(m_told_undo->undone.size(), types.size() * 3 / 4) << reasons();
}

TEST_P(UndoOfTypes, RowsComeBackUnderKeysOfEveryTypeThatServes)
{
    const std::vector<std::vector<std::string>> types = {
        {"BIT(9)", "b'1'", "b'100000001'", "b'11'"},
        {"ENUM('b','a','c')", "'b'", "'a'", "'c'"},
        {"SET('x','y')", "'x'", "'x,y'", "'y'"},
        {"BINARY(4)", "x'00'", "x'61ff'", "'a '"},
        {"VARBINARY(9)", "''", "x'00'", "x'ff00'"},
        {"CHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "''", "'ä '", "'z'"},
        {"VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_swedish_ci", "'Ä'", "'b '", "'c'"},
        {"DECIMAL(9,3)", "-1.5", "0", "2.125"},
        {"DATE", "'2001-01-31'", "'1000-01-01'", "'9999-12-31'"},
        {"TIME(3)", "'-838:59:59'", "'00:00:00.001'", "'12:00:00'"},
        {"DATETIME(6)", "'2001-01-31 00:00:00'", "'2020-02-29 23:59:59.999999'", "'1999-12-31'"},
        {"TIMESTAMP", "'2001-01-31 00:00:00'", "'2020-02-29 23:59:59'", "'1999-12-31'"},
        {"YEAR", "1901", "2155", "2000"},
        {"INT(5) UNSIGNED ZEROFILL", "1", "0", "4294967295"},
    };
    for (const auto& type : types) {
        SCOPED_TRACE(type[0]);
        on_both({"DROP TABLE IF EXISTS keyed",
                 fmt::format("CREATE TABLE keyed (k {} NOT NULL PRIMARY KEY, v INT)", type[0])});
        m_down->run({fmt::format("INSERT INTO keyed VALUES ({}, 1), ({}, 2)", type[1], type[2])});
        m_up->run({fmt::format("INSERT INTO keyed VALUES ({}, 10), ({}, 30)", type[1], type[3])});
        expect_way_back("keyed");
    }
}

} // namespace
} // namespace slicetool::test
