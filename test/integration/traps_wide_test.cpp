#include "integration/traps_fixture.hpp"

/// Traps of wide tables.
namespace slicetool::test {
namespace {

/// An id and `count` columns of few bytes, of types in turn.
std::string wide_table(int count)
{
    static const std::vector<std::string> k_types = {
        "INT", "VARCHAR(3)", "SMALLINT UNSIGNED", "CHAR(2)", "DATE", "BIT(3)", "FLOAT"};
    std::string text = "CREATE TABLE wide (id INT NOT NULL PRIMARY KEY";
    for (int column = 0; column < count; ++column)
        text += fmt::format(", c{} {}", column, k_types[column % k_types.size()]);
    return text + ") CHARACTER SET latin1";
}

/// One row of values that fit every type of the columns.
std::string wide_row(int id, int count)
{
    static const std::vector<std::string> k_values = {"-7",           "'abc'", "65535", "'x'",
                                                      "'2024-02-29'", "5",     "0.1"};
    std::string text = fmt::format("({}", id);
    for (int column = 0; column < count; ++column)
        text += "," + ((id + column) % 11 == 0 ? "NULL" : k_values[column % k_values.size()]);
    return text + ")";
}

class WideTrap : public TrapTest
{
protected:
    void expect_wide_table_followed(int count)
    {
        on_both({wide_table(count)});
        std::vector<std::string> rows;
        for (int id = 1; id <= 120; ++id)
            rows.push_back(wide_row(id, count));
        on_both(inserts("wide", rows));
        EXPECT_EQ(verify(only("wide")).exit_status(), 0) << result("wide").reason;
        EXPECT_EQ(result("wide").rows, 120U);
        const int last = count - 1;
        m_up->run({fmt::format("UPDATE wide SET c{} = NULL WHERE id IN (3, 50)", last),
                   fmt::format("UPDATE wide SET c{0} = IF(c{0} IS NULL, 1, NULL) WHERE id = 119",
                               last / 2 / 7 * 7),
                   "DELETE FROM wide WHERE id = 70"});
        m_down->run({"DELETE FROM wide WHERE id IN (1, 120)"});
        expect_found_and_repaired("wide", {2, 1, 3});
        m_down->run({"DELETE FROM wide"});
        expect_found_and_repaired("wide", {119, 0, 0});
    }
};

SLICETOOL_TRAP_ON(Trap11Columns, WideTrap, pairings());

TEST_P(Trap11Columns, TwoHundredColumnsAreFollowed)
{
    expect_wide_table_followed(199);
}

/// InnoDB's limit is 1,017 columns.
TEST_P(Trap11Columns, AsManyColumnsAsInnoDbTakesAreFollowed)
{
    expect_wide_table_followed(1016);
}

} // namespace
} // namespace slicetool::test
