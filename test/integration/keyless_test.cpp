#include "integration/traps_fixture.hpp"

#include <fmt/format.h>

/// Tables whose rows no key tells apart: compared as digests with counts.
namespace slicetool::test {
namespace {

using testing::HasSubstr;

class Keyless : public TrapTest
{
protected:
    static std::vector<std::string> log_rows(int rows)
    {
        std::string values;
        for (int at = 0; at < rows; ++at)
            values += fmt::format("{}({}, 'line {}')", at == 0 ? "" : ",", at % 97, at);
        return {"INSERT INTO log VALUES " + values};
    }

    void make_log(int rows) const
    {
        on_both({"CREATE TABLE log (level INT, line VARCHAR(40))"});
        on_both(log_rows(rows));
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Keyless, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Keyless, EqualTablesAreEqualWhateverTheOrderOfTheirRows)
{
    on_both({"CREATE TABLE log (level INT, line VARCHAR(40))"});
    m_up->run({"INSERT INTO log VALUES (1, 'a'), (2, 'b'), (1, 'a'), (NULL, NULL)"});
    m_down->run({"INSERT INTO log VALUES (NULL, NULL), (1, 'a'), (2, 'b'), (1, 'a')"});
    EXPECT_EQ(slice(only("log")).exit_status(), 0) << result("log").reason;
    EXPECT_EQ(result("log").outcome, report::Outcome::equal);
    EXPECT_EQ(result("log").rows, 4U);
    EXPECT_THAT(m_seen->text(),
                HasSubstr("No key identifies its rows on both sides (there is no "
                          "unique key): they are compared as digests with counts."));
}

TEST_P(Keyless, CountsOfDuplicatesMatter)
{
    on_both({"CREATE TABLE log (level INT, line VARCHAR(40))"});
    m_up->run({"INSERT INTO log VALUES (1, 'twice'), (1, 'twice'), (2, 'once'), (3, 'thrice'), "
               "(3, 'thrice'), (3, 'thrice')"});
    m_down->run({"INSERT INTO log VALUES (1, 'twice'), (1, 'twice'), (1, 'twice'), (2, 'once'), "
                 "(3, 'thrice'), (4, 'stray')"});
    expect_found_and_repaired("log", {.missing = 2, .extra = 2});
}

TEST_P(Keyless, TwoDuplicatesSwappedForTwoOthersAreFound)
{
    make_log(500);
    m_up->run({"INSERT INTO log VALUES (1, 'x'), (1, 'x')"});
    m_down->run({"INSERT INTO log VALUES (1, 'y'), (1, 'y')"});
    expect_found_and_repaired("log", {.missing = 2, .extra = 2});
}

TEST_P(Keyless, AnEmptyTableIsFilled)
{
    on_both({"CREATE TABLE log (level INT, line VARCHAR(40))"});
    m_up->run(log_rows(3000));
    m_up->run({"INSERT INTO log SELECT * FROM log WHERE level < 5"});
    expect_made_equal("log");
    EXPECT_EQ(result("log").copied, result("log").rows);
}

TEST_P(Keyless, ScatteredChangesAreRepairedAndNoOtherRowIsWritten)
{
    make_log(5000);
    m_up->run({"UPDATE log SET line = CONCAT(line, '!') WHERE level = 13",
               "DELETE FROM log WHERE line = 'line 77'", "INSERT INTO log VALUES (7, NULL)"});
    expect_found_and_repaired("log", {.missing = 53, .extra = 53});
}

TEST_P(Keyless, FarMoreRowsThanOneStatementNamesAreReplaced)
{
    make_log(4000);
    m_up->run({"UPDATE log SET line = CONCAT(line, '!')"});
    expect_made_equal("log");
    EXPECT_EQ(result("log").missing, 4000U);
    EXPECT_EQ(result("log").extra, 4000U);
}

TEST_P(Keyless, AShrinkingTableNeedsLeave)
{
    make_log(4000);
    m_up->run({"DELETE FROM log WHERE level >= 20"});
    const auto before = dump(*m_down, "log");
    EXPECT_EQ(slice(only("log")).exit_status(), 2);
    EXPECT_THAT(result("log").reason, HasSubstr("--max-delete"));
    EXPECT_EQ(dump(*m_down, "log"), before);
    m_up->run({"DELETE FROM log"});
    EXPECT_EQ(slice(only("log")).exit_status(), 2);
    EXPECT_THAT(result("log").reason, HasSubstr("--allow-empty-upstream"));
    EXPECT_EQ(dump(*m_down, "log"), before);
}

TEST_P(Keyless, RowsOutsideWhereAreKeptOrDeleted)
{
    make_log(1000);
    m_up->run({"UPDATE log SET line = 'new' WHERE level = 3"});
    m_down->run({"INSERT INTO log VALUES (1000, 'ours'), (1000, 'ours')"});
    sync::TableChoices choices;
    choices.where = "level < 50";
    choices.keep_outside = true;
    EXPECT_EQ(slice(only("log", choices)).exit_status(), 0) << result("log").reason;
    EXPECT_EQ(verify(only("log", choices)).exit_status(), 0);
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM log WHERE line = 'new'").at(0), "11 ");
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM log WHERE level = 1000").at(0), "2 ");
    choices.keep_outside = false;
    EXPECT_EQ(slice(only("log", choices)).exit_status(), 0) << result("log").reason;
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM log WHERE level >= 50").at(0), "0 ");
}

TEST_P(Keyless, AUniqueValueMovesFromRowToRow)
{
    on_both({"CREATE TABLE log (level INT, line VARCHAR(40), UNIQUE (level))",
             "INSERT INTO log VALUES (1, 'a'), (2, 'b'), (3, 'c'), (NULL, 'n'), (NULL, 'n')"});
    m_up->run({"UPDATE log SET level = level + 100 WHERE level IS NOT NULL",
               "UPDATE log SET level = 1 + (level - 100) % 3 WHERE level IS NOT NULL"});
    expect_made_equal("log");
}

TEST_P(Keyless, AStricterUniqueKeyDownstreamIsRefused)
{
    m_up->run({"CREATE TABLE log (level INT, line VARCHAR(40))",
               "INSERT INTO log VALUES (1, 'a'), (1, 'b')"});
    m_down->run({"CREATE TABLE log (level INT, line VARCHAR(40), UNIQUE (level))",
                 "INSERT INTO log VALUES (1, 'a')"});
    expect_refused("log", "a stricter unique key than upstream, level: upstream holds 2 rows");
}

TEST_P(Keyless, AKeyOfRealsDoesNotServe)
{
    on_both({"CREATE TABLE log (at DOUBLE NOT NULL PRIMARY KEY, line VARCHAR(40))",
             "INSERT INTO log VALUES (0.1, 'a'), (0.3, 'b'), (1e-12, 'c')"});
    m_up->run(
        {"UPDATE log SET line = 'B' WHERE line = 'b'", "INSERT INTO log VALUES (1e300, 'd')"});
    expect_found_and_repaired("log", {.missing = 2, .extra = 1});
}

TEST_P(Keyless, AnExcludedColumnIsRefused)
{
    make_log(10);
    sync::TableChoices choices;
    choices.excluded = {"level"};
    EXPECT_EQ(slice(only("log", choices)).exit_status(), 2);
    EXPECT_THAT(result("log").reason,
                HasSubstr("which row keeps which value of the excluded column level"));
}

TEST_P(Keyless, VerifyListsDigests)
{
    make_log(20);
    m_down->run({"INSERT INTO log VALUES (5, 'stray')"});
    auto options = only("log");
    options.listing.keys = true;
    EXPECT_EQ(verify(options).exit_status(), 1);
    ASSERT_EQ(m_seen->differences["log"].size(), 1U);
    EXPECT_EQ(m_seen->differences["log"][0].kind, report::DifferenceKind::extra);
    EXPECT_EQ(m_seen->differences["log"][0].key.at(0).column, "row digest");
}

} // namespace
} // namespace slicetool::test
