#include "integration/sakila.hpp"
#include "integration/traps_fixture.hpp"

#include <random>

namespace slicetool::test {
namespace {

struct Column
{
    std::string name;
    std::string type;
    bool in_key = false;
};

class Sakila : public TrapTest
{
protected:
    void SetUp() override
    {
        if (!has_sakila())
            GTEST_SKIP() << no_sakila();
        TrapTest::SetUp();
    }

    void load() const { load_sakila(*m_up); }

    static std::vector<std::string> tables(const ScratchDatabase& database)
    {
        auto names =
            ask(database,
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() "
                "AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME");
        for (auto& name : names)
            name.pop_back();
        return names;
    }

    static std::vector<Column> columns(const ScratchDatabase& database, const std::string& table)
    {
        std::vector<Column> list;
        db::Session session = database.open(db::Role::reader);
        db::Result rows = session.query("columns", "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_KEY = "
                                                   "'PRI' FROM information_schema.COLUMNS WHERE "
                                                   "TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '" +
                                                       table + "' ORDER BY ORDINAL_POSITION");
        while (rows.next())
            list.push_back({rows.text(0), rows.text(1), rows.text(2) == "1"});
        return list;
    }

    /// Another value for a column, as SQL; empty when this test knows none.
    static std::string altered(const Column& column)
    {
        const std::string& type = column.type;
        if (type == "varchar" || type == "char" || type == "text")
            return "CONCAT(LEFT(COALESCE(" + column.name + ", ''), 3), '\u00e9~')";
        if (type == "timestamp" || type == "datetime" || type == "date")
            return column.name + " + INTERVAL 1 DAY";
        if (type == "tinyint" || type == "smallint" || type == "mediumint" || type == "int" ||
            type == "decimal" || type == "year")
            return "IF(" + column.name + " > 1, " + column.name + " - 1, " + column.name + " + 1)";
        if (type == "enum" || type == "set")
            return "IF(" + column.name + " = 1, 2, 1)";
        if (type == "blob")
            return "X'00FF27'";
        return {};
    }

    /// Deletes, changes and adds a hundredth of the rows downstream, at least one.
    void damage(const std::string& table, std::mt19937& random) const
    {
        const auto list = columns(*m_down, table);
        const auto rows = std::stoul(ask(*m_down, "SELECT COUNT(*) FROM " + table).at(0));
        const std::size_t share = std::max<std::size_t>(1, rows / 100);
        std::vector<const Column*> changeable;
        std::string select;
        std::string first_key;
        for (const auto& column : list) {
            if (column.in_key && first_key.empty())
                first_key = column.name;
            else if (!column.in_key && !altered(column).empty())
                changeable.push_back(&column);
        }
        for (const auto& column : list)
            select += (select.empty() ? "" : ", ") +
                      (column.name == first_key ? "key_now.k + " + column.name : column.name);
        std::vector<std::string> statements;
        for (std::size_t left = share; left > 0;) {
            const std::size_t count = std::min<std::size_t>(left, 1 + random() % 40);
            left -= count;
            const std::string some =
                fmt::format(" ORDER BY RAND({}) LIMIT {}", random() % 100'000, count);
            const auto kind = random() % 3;
            const Column& column = *changeable[random() % changeable.size()];
            if (kind == 0)
                statements.push_back("DELETE FROM " + table + some);
            else if (kind == 1)
                statements.push_back("UPDATE IGNORE " + table + " SET " + column.name + " = " +
                                     altered(column) + some);
            else
                statements.push_back("INSERT IGNORE INTO " + table + " SELECT " + select +
                                     " FROM " + table + ", (SELECT MAX(" + first_key +
                                     ") AS k FROM " + table + ") AS key_now" + some);
        }
        m_down->run(statements);
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Sakila, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Sakila, IsCopiedAndMendedTwentyTimesOver)
{
    load();
    const auto names = tables(*m_up);
    ASSERT_EQ(names.size(), 16U);
    ASSERT_EQ(pull().exit_status(), 0) << m_told->text();
    ASSERT_EQ(tables(*m_down), names);
    sync::RunOptions options;
    options.delete_limit.rows = 1'000'000;
    ASSERT_EQ(slice(options).exit_status(), 0);
    std::map<std::string, std::vector<std::string>> expected;
    for (const auto& name : names) {
        EXPECT_NE(m_seen->tables.at(name).outcome, report::Outcome::equal)
            << name << " had rows to copy";
        expected[name] = dump(*m_up, name);
        EXPECT_EQ(expected[name] == dump(*m_down, name), true) << name;
    }
    EXPECT_EQ(verify().exit_status(), 0);

    for (unsigned seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        std::mt19937 random(seed);
        for (const auto& name : names)
            damage(name, random);
        EXPECT_EQ(slice(options).exit_status(), 0);
        for (const auto& [name, told] : m_seen->tables)
            EXPECT_THAT(told.outcome,
                        testing::AnyOf(report::Outcome::equal, report::Outcome::made_equal))
                << name << ": " << told.reason;
        for (const auto& name : names)
            EXPECT_EQ(expected[name] == dump(*m_down, name), true) << name;
    }
    EXPECT_EQ(verify().exit_status(), 0);
}

TEST_P(Sakila, ItsTriggersAreNotCopiedAndThatIsTold)
{
    load();
    ASSERT_EQ(pull().exit_status(), 0) << m_told->text();
    EXPECT_EQ(
        ask(*m_down,
            "SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()")
            .at(0),
        "0 ");
    EXPECT_THAT(m_told->text(), testing::HasSubstr("trigger"));
}

} // namespace
} // namespace slicetool::test
