#include "integration/slice_fixture.hpp"

#include <fmt/format.h>

namespace slicetool::test {
namespace {

/// INSERT of `rows` rows with ids first, first + step, …
std::vector<std::string> fill(const std::string& table, int rows, long long first = 1,
                              long long step = 1)
{
    std::vector<std::string> statements;
    std::string text;
    for (int at = 0; at < rows; ++at) {
        const long long id = first + step * at;
        text += fmt::format("{}({}, 'name {}', {}.{:02})", text.empty() ? "" : ",", id,
                            id * 7919 % 10007, id % 1000, id % 100);
        if (text.size() > 100'000 || at + 1 == rows) {
            statements.push_back(
                fmt::format("INSERT INTO {} (id, name, price) VALUES {}", table, text));
            text.clear();
        }
    }
    return statements;
}

const std::string k_items = "CREATE TABLE items (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(80) "
                            "NOT NULL, price DECIMAL(10,2))";

class Slice : public SliceTest
{
protected:
    void make_items(int rows)
    {
        on_both({k_items});
        on_both(fill("items", rows));
    }

    /// The one value that a query has.
    static std::string value_of(const ScratchDatabase& database, const std::string& query)
    {
        return database.open(db::Role::reader).query_value("look", query).value_or("NULL");
    }
};

TEST_P(Slice, SaysEqualOfEqualTablesAndReadsOnlyFingerprints)
{
    make_items(5000);
    const auto summary = slice(only("items"));
    EXPECT_EQ(summary.exit_status(), 0);
    EXPECT_EQ(result("items").outcome, report::Outcome::equal) << result("items").reason;
    EXPECT_EQ(result("items").rows, 5000U);
    EXPECT_LT(result("items").bytes_upstream, 10'000U);
}

TEST_P(Slice, CopiesIntoAnEmptyTable)
{
    on_both({k_items});
    m_up->run(fill("items", 12'345));
    expect_made_equal("items");
    EXPECT_EQ(result("items").outcome, report::Outcome::made_equal);
    EXPECT_EQ(result("items").copied, 12'345U);
    EXPECT_EQ(result("items").missing, 12'345U);
}

TEST_P(Slice, CopiesOnlyTheRowsThatDiffer)
{
    make_items(20'000);
    m_up->run(
        {"UPDATE items SET price = price + 1 WHERE id % 4001 = 7",
         "DELETE FROM items WHERE id IN (100, 101, 19999)",
         "INSERT INTO items VALUES (-5, 'before', 1), (20001, 'after', 2), (999999, 'far', NULL)"});
    expect_made_equal("items");
    EXPECT_EQ(result("items").changed, 5U);
    EXPECT_EQ(result("items").missing, 3U);
    EXPECT_EQ(result("items").extra, 3U);
    EXPECT_EQ(result("items").copied, 8U);
    EXPECT_EQ(result("items").deleted, 3U);
}

/// The counts of a strip, added up.
report::DensityBucket sum_of(const std::vector<report::DensityBucket>& density)
{
    report::DensityBucket sum;
    for (const auto& bucket : density) {
        sum.rows += bucket.rows;
        sum.missing += bucket.missing;
        sum.extra += bucket.extra;
        sum.changed += bucket.changed;
    }
    return sum;
}

void expect_density_adds_up(const report::TableResult& result)
{
    EXPECT_EQ(sum_of(result.density), (report::DensityBucket{"", result.rows, result.missing,
                                                             result.extra, result.changed}));
}

TEST_P(Slice, TellsWhereTheRowsWereThatDiffered)
{
    make_items(20'000);
    m_up->run({"UPDATE items SET price = price + 1 WHERE id BETWEEN 10001 AND 10100",
               "DELETE FROM items WHERE id BETWEEN 5000 AND 5010",
               "INSERT INTO items VALUES (30000, 'after', 2), (30001, 'after', 2)"});
    on_both({"ANALYZE TABLE items"}); // else ranges may be few and wide
    for (const bool writes : {false, true}) {
        auto options = only("items");
        options.jobs = 2;
        options.rechecks = writes ? 0 : 1; // a later look keeps the places
        EXPECT_EQ((writes ? slice(options) : verify(options)).exit_status(), writes ? 0 : 1);
        const auto& density = result("items").density;
        expect_density_adds_up(result("items"));
        ASSERT_GT(density.size(), 40U);
        EXPECT_LE(density.size(), 64U);
        EXPECT_EQ(density.front().from, "");
        EXPECT_EQ(density.back().missing, 2U) << density.back().from;
        for (const auto& bucket : density) {
            const long long from =
                bucket.from.empty() ? 0 : std::stoll(bucket.from.substr(bucket.from.find('=') + 1));
            EXPECT_TRUE(bucket.changed == 0 || (from > 9000 && from <= 10'100)) << bucket.from;
            EXPECT_TRUE(bucket.extra == 0 || (from > 4000 && from <= 5010)) << bucket.from;
        }
    }
    EXPECT_EQ(verify(only("items")).exit_status(), 0);
    EXPECT_TRUE(result("items").density.empty());
}

TEST_P(Slice, ADensityAddsUpForTextKeysFirstCopiesAndClassicZoom)
{
    on_both({"CREATE TABLE words (word VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT "
             "NULL PRIMARY KEY, n INT)"});
    std::string rows;
    for (int n = 0; n < 7000; ++n)
        rows += fmt::format("{}('w{:06}',{})", n == 0 ? "" : ",", n, n);
    m_up->run({"INSERT INTO words VALUES " + rows});
    EXPECT_EQ(slice(only("words")).exit_status(), 0) << result("words").reason;
    EXPECT_EQ(result("words").missing, 7000U);
    expect_density_adds_up(result("words"));
    m_up->run({"UPDATE words SET n = -1 WHERE n % 1000 = 1", "DELETE FROM words WHERE n = 6998"});
    for (const std::vector<std::uint64_t>& zoom : {std::vector<std::uint64_t>{}, {1000, 1}}) {
        sync::TableChoices choices;
        choices.zoom = zoom;
        EXPECT_EQ(verify(only("words", choices)).exit_status(), 1);
        EXPECT_EQ(result("words").changed, 7U);
        expect_density_adds_up(result("words"));
    }
}

TEST_P(Slice, DryRunWritesNothingAndListsTheKeys)
{
    make_items(3000);
    m_up->run({"UPDATE items SET name = 'x' WHERE id = 1500", "DELETE FROM items WHERE id = 3",
               "INSERT INTO items VALUES (3001, 'n', 1)"});
    const auto before = dump(*m_down, "items");
    auto options = only("items");
    options.listing.keys = true;
    options.listing.columns = true;
    EXPECT_EQ(verify(options).exit_status(), 1);
    EXPECT_EQ(dump(*m_down, "items"), before);
    std::map<std::string, report::DifferenceKind> told;
    for (const auto& difference : m_seen->differences["items"])
        told[difference.key.at(0).value] = difference.kind;
    const std::map<std::string, report::DifferenceKind> expected{
        {"1500", report::DifferenceKind::changed},
        {"3", report::DifferenceKind::extra},
        {"3001", report::DifferenceKind::missing}};
    EXPECT_EQ(told, expected);
}

TEST_P(Slice, ConvergesOnSwappedUniqueValues)
{
    on_both({"CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat VARCHAR(10) NOT NULL UNIQUE, "
             "who INT)",
             "INSERT INTO seats VALUES (1,'a',1),(2,'b',2),(3,'c',3),(4,'d',4),(5,'e',5)"});
    // A swap, a 3-cycle, and a value taken over from a deleted row.
    m_up->run({"UPDATE seats SET seat = 'x' WHERE id = 1",
               "UPDATE seats SET seat = 'a' WHERE id = 2",
               "UPDATE seats SET seat = 'b' WHERE id = 1", "DELETE FROM seats WHERE id = 5",
               "UPDATE seats SET seat = 'e' WHERE id = 4"});
    expect_made_equal("seats");
}

TEST_P(Slice, ConvergesOnUniqueValuesSwappedAcrossTheWholeTable)
{
    on_both({"CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat INT NOT NULL, UNIQUE KEY "
             "by_seat (seat))"});
    std::string rows;
    for (int id = 1; id <= 6000; ++id)
        rows += fmt::format("{}({},{})", id == 1 ? "" : ",", id, id);
    on_both({"INSERT INTO seats VALUES " + rows});
    m_up->run({"UPDATE seats SET seat = seat + 100000",
               "UPDATE seats SET seat = IF(seat = 106000, 1, seat - 99999)"});
    expect_made_equal("seats");
}

TEST_P(Slice, RefusesAStricterUniqueKeyAndNamesTheRows)
{
    m_up->run({"CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat INT)",
               "INSERT INTO seats VALUES (1, 7), (2, 7)"});
    m_down->run({"CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat INT, UNIQUE KEY (seat))",
                 "INSERT INTO seats VALUES (1, 7)"});
    EXPECT_EQ(slice(only("seats")).exit_status(), 2);
    EXPECT_EQ(result("seats").outcome, report::Outcome::refused);
    EXPECT_THAT(result("seats").reason, testing::HasSubstr("stricter unique key"));
    EXPECT_EQ(dump(*m_down, "seats").size(), 1U);
}

TEST_P(Slice, RefusesToEmptyATableWhoseUpstreamIsEmpty)
{
    make_items(10);
    m_up->run({"DELETE FROM items"});
    EXPECT_EQ(slice(only("items")).exit_status(), 2);
    EXPECT_THAT(result("items").reason, testing::HasSubstr("--allow-empty-upstream"));
    EXPECT_EQ(dump(*m_down, "items").size(), 10U);
    auto options = only("items");
    options.allowances.empty_upstream = true;
    expect_made_equal("items", options);
}

TEST_P(Slice, RefusesToDeleteMoreRowsThanAllowedAndDeletesNotOne)
{
    make_items(5000);
    m_up->run({"DELETE FROM items WHERE id > 3000 OR id % 2 = 0"});
    EXPECT_EQ(slice(only("items")).exit_status(), 2);
    EXPECT_THAT(result("items").reason, testing::HasSubstr("--max-delete"));
    EXPECT_EQ(dump(*m_down, "items").size(), 5000U);
    auto options = only("items");
    options.delete_limit.rows = 3500;
    expect_made_equal("items", options);
    EXPECT_EQ(result("items").deleted, 3500U);
}

TEST_P(Slice, FollowsCompositeAndStringKeys)
{
    on_both({"CREATE TABLE visits (shop VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT "
             "NULL, day DATE NOT NULL, n INT NOT NULL, "
             "what TEXT, PRIMARY KEY (shop, day, n))"});
    std::string rows;
    for (int at = 0; at < 9000; ++at)
        rows += fmt::format("{}('shop{}','2024-{:02}-{:02}',{},'v{}')", at == 0 ? "" : ",", at % 7,
                            at % 12 + 1, at % 28 + 1, at, at);
    on_both({"INSERT INTO visits VALUES " + rows});
    m_up->run({"UPDATE visits SET what = NULL WHERE n % 1009 = 5",
               "DELETE FROM visits WHERE n = 4000",
               "INSERT INTO visits VALUES "
               "('shop3','2024-01-01',-1,'new'),('zzz','2030-01-01',1,'last'),('','1990-01-01',1,'"
               "first')"});
    expect_made_equal("visits");
    EXPECT_EQ(result("visits").changed, 9U);
    EXPECT_EQ(result("visits").missing, 3U);
    EXPECT_EQ(result("visits").extra, 1U);
}

TEST_P(Slice, SeveralWorkersGiveTheSameResult)
{
    make_items(30'000);
    m_up->run({"UPDATE items SET name = CONCAT(name, '!') WHERE id % 997 = 0",
               "DELETE FROM items WHERE id BETWEEN 500 AND 520"});
    auto options = only("items");
    options.jobs = 3;
    expect_made_equal("items", options);
    EXPECT_EQ(result("items").changed, 30U);
    EXPECT_EQ(result("items").extra, 21U);
}

TEST_P(Slice, ClassicZoomListsFindTheSameDifferences)
{
    make_items(5000);
    for (const std::vector<std::uint64_t>& zoom :
         std::vector<std::vector<std::uint64_t>>{{1000, 1}, {100}, {1000, 50, 1}}) {
        m_up->run({"UPDATE items SET price = price + 1 WHERE id % 777 = 3"});
        sync::TableChoices choices;
        choices.zoom = zoom;
        expect_made_equal("items", only("items", choices));
        EXPECT_EQ(result("items").changed, 7U);
    }
}

TEST_P(Slice, KeepsOrDeletesTheRowsOutsideWhere)
{
    make_items(2000);
    m_up->run({"UPDATE items SET price = 5 WHERE id IN (10, 1500)"});
    sync::TableChoices keep;
    keep.where = "id <= 1000";
    keep.keep_outside = true;
    EXPECT_EQ(slice(only("items", keep)).exit_status(), 0) << result("items").reason;
    EXPECT_EQ(result("items").changed, 1U);
    EXPECT_EQ(dump(*m_down, "items").size(), 2000U);
    sync::TableChoices remove;
    remove.where = "id <= 1500";
    EXPECT_EQ(slice(only("items", remove)).exit_status(), 0) << result("items").reason;
    EXPECT_EQ(dump(*m_down, "items").size(), 1500U);
}

TEST_P(Slice, KeepsNoRowsOutsideAConditionThatBothServersAnswerAtTheirOwnTime)
{
    make_items(10);
    sync::TableChoices keep;
    keep.where = "id < 5 AND NOW() > '2020-01-01'";
    keep.keep_outside = true;
    m_up->run({"DELETE FROM items"});
    EXPECT_EQ(slice(only("items", keep)).exit_status(), 2);
    EXPECT_EQ(result("items").outcome, report::Outcome::refused);
    EXPECT_THAT(result("items").reason, testing::HasSubstr("names NOW, which the two servers answer at"));
    EXPECT_EQ(dump(*m_down, "items").size(), 10U);
}

TEST_P(Slice, NeverWritesThroughATableToOthers)
{
    on_both({"CREATE TABLE base (id INT NOT NULL, KEY (id)) ENGINE=MyISAM",
             "CREATE TABLE merged (id INT NOT NULL, KEY (id)) ENGINE=MERGE UNION=(base) "
             "INSERT_METHOD=LAST",
             "INSERT INTO base VALUES (1), (2)"});
    m_up->run({"INSERT INTO base VALUES (3)"});
    EXPECT_EQ(slice(only("merged", {})).exit_status(), 2);
    EXPECT_EQ(result("merged").outcome, report::Outcome::refused);
    EXPECT_THAT(result("merged").reason, testing::HasSubstr("is written to other tables"));
    EXPECT_EQ(dump(*m_down, "base").size(), 2U);
}

TEST_P(Slice, NamesTheRowAndTheColumnThatDownstreamChangesWhileItIsWritten)
{
    make_items(3000);
    m_up->run({"UPDATE items SET price = 5 WHERE id IN (7, 1500, 2900)"});
    m_down->run({"CREATE TRIGGER meddle BEFORE INSERT ON items FOR EACH ROW "
                 "SET NEW.name = IF(NEW.id = 1500, 'meddled', NEW.name)"});
    const auto before = dump(*m_down, "items");
    auto options = only("items");
    options.allowances.triggers = true;
    EXPECT_EQ(slice(options).exit_status(), 2);
    EXPECT_EQ(result("items").outcome, report::Outcome::failed);
    EXPECT_THAT(result("items").reason, testing::HasSubstr("was copied 3 times"));
    EXPECT_THAT(result("items").reason,
                testing::HasSubstr(
                    "The first such row is id=1500: downstream has another value in `name`."));
    EXPECT_EQ(dump(*m_down, "items"), before) << "a batch that was not proven was committed";
}

TEST_P(Slice, BelievesNoFirstCopyThatDownstreamChangesWhileItIsWritten)
{
    make_items(3000);
    m_down->run({"DELETE FROM items", "CREATE TRIGGER meddle BEFORE INSERT ON items FOR EACH ROW "
                                      "SET NEW.name = IF(NEW.id = 1500, 'meddled', NEW.name)"});
    auto options = only("items");
    options.allowances.triggers = true;
    EXPECT_EQ(slice(options).exit_status(), 2);
    EXPECT_EQ(result("items").outcome, report::Outcome::failed);
    EXPECT_THAT(result("items").reason, testing::HasSubstr("was copied 3 times"));
    db::Session down = m_down->open(db::Role::reader);
    EXPECT_EQ(down.query_value("look", "SELECT COUNT(*) FROM items WHERE name = 'meddled'"), "0");
}

TEST_P(Slice, LeavesExcludedColumnsAlone)
{
    make_items(100);
    on_both({"ALTER TABLE items ADD COLUMN local VARCHAR(20) DEFAULT 'd'"});
    m_down->run({"UPDATE items SET local = CONCAT('kept ', id)"});
    m_up->run({"UPDATE items SET price = 1 WHERE id = 42",
               "INSERT INTO items (id, name, price) VALUES (101, 'n', 1)"});
    sync::TableChoices choices;
    choices.excluded = {"local"};
    EXPECT_EQ(slice(only("items", choices)).exit_status(), 0) << result("items").reason;
    db::Session down = m_down->open(db::Role::reader);
    EXPECT_EQ(
        down.query_value(
            "look", "SELECT GROUP_CONCAT(local ORDER BY id) FROM items WHERE id IN (41, 42, 101)"),
        "kept 41,kept 42,d");
    EXPECT_EQ(down.query_value("look", "SELECT price FROM items WHERE id = 42"), "1.00");
}

/// The trial that finds whose unique value is taken writes, and takes it back.
TEST_P(Slice, TriesNoUniqueKeyWhereTheEngineCannotRollBack)
{
    const std::string columns =
        "CREATE TABLE pages (id INT NOT NULL PRIMARY KEY, body TEXT, UNIQUE "
        "KEY start (body(20))) ENGINE=";
    m_up->run({columns + "InnoDB", "INSERT INTO pages VALUES (1, 'x'), (2, 'y')"});
    m_down->run({columns + "MyISAM", "INSERT INTO pages VALUES (1, 'a'), (2, 'b'), (3, 'x')"});
    sync::TableChoices choices;
    choices.where = "id < 3";
    choices.keep_outside = true;
    EXPECT_EQ(slice(only("pages", choices)).exit_status(), 2);
    EXPECT_EQ(result("pages").outcome, report::Outcome::refused);
    EXPECT_THAT(result("pages").reason, testing::HasSubstr("unique key start"));
    EXPECT_THAT(result("pages").reason, testing::HasSubstr("ENGINE=InnoDB"));
    EXPECT_EQ(value_of(*m_down, "SELECT COUNT(*) FROM pages WHERE body = 'y'"), "0")
        << "a row of the trial stayed";
}

/// A key whose case, accents or trailing spaces changed is another key by its bytes, and the same
/// row to downstream's server.
TEST_P(Slice, ExcludedColumnsStayWithARowWhoseKeyIsWrittenOtherwise)
{
    on_both({"CREATE TABLE people (email VARCHAR(50) COLLATE utf8mb4_general_ci PRIMARY KEY, seat "
             "INT NOT NULL, local VARCHAR(20) DEFAULT 'd', UNIQUE KEY (seat)) CHARACTER SET "
             "utf8mb4"});
    m_up->run({"INSERT INTO people (email, seat) VALUES ('Bob@x', 1), ('eve@x ', 2), "
               "(_utf8mb4 X'C3A4', 3), ('ann@x', 4), ('new@x', 5)"});
    m_down->run({"INSERT INTO people VALUES ('bob@x', 1, 'of bob'), ('eve@x', 2, 'of eve'), "
                 "('a', 3, 'of a'), ('ann@x', 9, 'of ann')"});
    sync::TableChoices choices;
    choices.excluded = {"local"};
    const std::string look = "SELECT GROUP_CONCAT(local ORDER BY seat SEPARATOR ', ') FROM people";
    const auto options = only("people", choices);
    EXPECT_EQ(slice(options).exit_status(), 0) << result("people").reason;
    EXPECT_EQ(verify(options).exit_status(), 0) << result("people").reason;
    EXPECT_EQ(value_of(*m_down, look), "of bob, of eve, of a, of ann, d");
    m_up->run({"UPDATE people SET email = 'BOB@X', seat = 102 WHERE seat = 1",
               "UPDATE people SET email = 'EVE@X', seat = 1 WHERE seat = 2",
               "UPDATE people SET seat = 2 WHERE seat = 102"});
    EXPECT_EQ(slice(options).exit_status(), 0) << result("people").reason;
    EXPECT_EQ(verify(options).exit_status(), 0) << result("people").reason;
    EXPECT_EQ(value_of(*m_down, look), "of eve, of bob, of a, of ann, d");
}

TEST_P(Slice, ExcludedColumnsStayWithARowThatComesIntoTheKeptPart)
{
    make_items(10);
    on_both({"ALTER TABLE items ADD COLUMN local VARCHAR(20) DEFAULT 'd'"});
    m_down->run({"UPDATE items SET price = 500, local = 'kept' WHERE id = 7"});
    m_up->run({"UPDATE items SET price = 1"});
    sync::TableChoices choices;
    choices.where = "price < 100";
    choices.keep_outside = true;
    choices.excluded = {"local"};
    EXPECT_EQ(slice(only("items", choices)).exit_status(), 0) << result("items").reason;
    EXPECT_EQ(value_of(*m_down, "SELECT CONCAT(price, ' ', local) FROM items WHERE id = 7"),
              "1.00 kept");
}

INSTANTIATE_TEST_SUITE_P(Pairings, Slice, testing::ValuesIn(pairings()), pairing_name);

/// Where excluded columns can hold JSON of a type of its own.
class SliceToMySql : public Slice
{
protected:
    void make_goods(const std::string& json)
    {
        on_both({"DROP TABLE IF EXISTS goods",
                 "CREATE TABLE goods (id INT PRIMARY KEY, v INT, notes JSON)"});
        m_up->run({"INSERT INTO goods VALUES (1, 2, NULL)"});
        m_down->run({"INSERT INTO goods VALUES (1, 1, " + json +
                     "), (2, 1, JSON_OBJECT('price', "
                     "CAST(19.90 AS DECIMAL(4,2))))"});
        m_choices.excluded = {"notes"};
    }

    sync::TableChoices m_choices;
};

INSTANTIATE_TEST_SUITE_P(Pairings, SliceToMySql,
                         testing::ValuesIn(pairings_where([](bool, bool down) { return !down; })),
                         pairing_name);

/// Its text makes a DOUBLE of a DECIMAL, and texts of dates and bytes.
TEST_P(SliceToMySql, RefusesARowWhoseExcludedJsonItsTextDoesNotBringBack)
{
    for (const std::string value :
         {"CAST(19.90 AS DECIMAL(4,2))", "CAST(12345678901234567.89 AS DECIMAL(20,2))",
          "CAST('2020-01-01' AS DATE)", "CAST('abc' AS BINARY)"}) {
        SCOPED_TRACE(value);
        make_goods("JSON_OBJECT('held', " + value + ")");
        const auto before = dump(*m_down, "goods");
        EXPECT_EQ(slice(only("goods", m_choices)).exit_status(), 2);
        EXPECT_EQ(result("goods").outcome, report::Outcome::refused) << result("goods").reason;
        EXPECT_THAT(result("goods").reason, testing::HasSubstr("excluded column notes"));
        EXPECT_THAT(result("goods").reason, testing::HasSubstr("id=1"));
        EXPECT_EQ(dump(*m_down, "goods"), before);
    }
}

TEST_P(SliceToMySql, KeepsExcludedJsonThatItsTextBringsBack)
{
    const std::string held = R"('{"a": 1.0, "b": [null, 18446744073709551615, 1e20], "ä😀": "x"}')";
    for (const std::string& json : {held, std::string("NULL"), std::string("'null'")}) {
        SCOPED_TRACE(json);
        make_goods(json);
        const std::string look = "SELECT HEX(CONVERT(notes USING utf8mb4)) FROM goods WHERE id = 1";
        const auto before = value_of(*m_down, look);
        EXPECT_EQ(slice(only("goods", m_choices)).exit_status(), 0) << result("goods").reason;
        EXPECT_EQ(value_of(*m_down, look), before);
        EXPECT_EQ(value_of(*m_down, "SELECT GROUP_CONCAT(v) FROM goods"), "2");
    }
}

} // namespace
} // namespace slicetool::test
