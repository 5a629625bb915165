#pragma once

#include "integration/slice_fixture.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

/// What the tests of known traps share. A trap's test is named Trap<its number>.
namespace slicetool::test {

/// How many rows a run must find.
struct Found
{
    std::uint64_t missing = 0;
    std::uint64_t extra = 0;
    std::uint64_t changed = 0;
};

class TrapTest : public SliceTest
{
protected:
    /// verify finds exactly these rows and writes nothing; one slice then makes the table equal,
    /// and writes and deletes no row but these.
    void expect_found_and_repaired(const std::string& table, Found found,
                                   const sync::RunOptions& options)
    {
        const auto before = dump(*m_down, table);
        EXPECT_EQ(verify(options).exit_status(), 1) << table << ": " << result(table).reason;
        EXPECT_EQ(result(table).outcome, report::Outcome::different) << result(table).reason;
        expect_counts(result(table), found);
        EXPECT_EQ(dump(*m_down, table), before) << "verify wrote to " << table;
        expect_made_equal(table, options);
        EXPECT_EQ(result(table).outcome, report::Outcome::made_equal) << result(table).reason;
        expect_counts(result(table), found);
        EXPECT_EQ(result(table).copied, found.missing + found.changed);
        EXPECT_EQ(result(table).deleted, found.extra);
    }
    void expect_found_and_repaired(const std::string& table, Found found)
    {
        expect_found_and_repaired(table, found, only(table));
    }

    /// A slice that refuses the table in a sentence that contains `words`, and leaves every row as
    /// it was.
    void expect_refused(const std::string& table, const std::string& words)
    {
        const auto before = dump(*m_down, table);
        EXPECT_EQ(slice(only(table)).exit_status(), 2);
        EXPECT_EQ(result(table).outcome, report::Outcome::refused) << result(table).reason;
        EXPECT_THAT(result(table).reason, testing::HasSubstr(words));
        EXPECT_THAT(result(table).reason, testing::EndsWith("."));
        EXPECT_EQ(dump(*m_down, table), before) << "a refused table was written to";
    }

    bool same_family() const { return upstream_is_mariadb() == downstream_is_mariadb(); }

    /// The definitions come downstream as pull_schema translates them.
    void pull_definitions() { ASSERT_EQ(pull().exit_status(), 0) << m_told->text(); }

    /// One row of `table`, ids from 1, for each pair of values: upstream gets the first, downstream
    /// the second. Values are SQL expressions for all columns after the id. Returns how many pairs
    /// are unlike as text.
    std::uint64_t insert_pairs(const std::string& table,
                               const std::vector<std::pair<std::string, std::string>>& pairs) const
    {
        std::vector<std::string> up;
        std::vector<std::string> down;
        std::uint64_t unlike = 0;
        for (std::size_t at = 0; at < pairs.size(); ++at) {
            up.push_back(fmt::format("({},{})", at + 1, pairs[at].first));
            down.push_back(fmt::format("({},{})", at + 1, pairs[at].second));
            unlike += pairs[at].first == pairs[at].second ? 0 : 1;
        }
        m_up->run(inserts(table, up));
        m_down->run(inserts(table, down));
        return unlike;
    }

    /// Few INSERT statements with many rows.
    static std::vector<std::string> inserts(const std::string& table,
                                            const std::vector<std::string>& rows)
    {
        std::vector<std::string> statements;
        std::string text;
        for (std::size_t at = 0; at < rows.size(); ++at) {
            text += (text.empty() ? "" : ",") + rows[at];
            if (text.size() > 200'000 || at + 1 == rows.size()) {
                statements.push_back("INSERT INTO " + table + " VALUES " + text);
                text.clear();
            }
        }
        return statements;
    }

    /// `rows` rows (first, 'v first'), (first + step, …), …
    static std::vector<std::string> numbered(const std::string& table, int rows,
                                             long long first = 1, long long step = 1)
    {
        std::vector<std::string> values;
        for (int at = 0; at < rows; ++at)
            values.push_back(fmt::format("({0},'v {0}')", first + step * at));
        return inserts(table, values);
    }

    /// What a query says on one side; for values that dump() cannot carry.
    static std::vector<std::string> ask(const ScratchDatabase& database, const std::string& query)
    {
        db::Session session = database.open(db::Role::reader);
        std::vector<std::string> rows;
        db::Result answer = session.query("ask", query);
        while (answer.next()) {
            std::string row;
            for (std::size_t column = 0; column < answer.columns(); ++column)
                row += answer.get(column).value_or("NULL") + " ";
            rows.push_back(row);
        }
        return rows;
    }

    /// The result counts exactly these rows.
    static void expect_counts(const report::TableResult& told, Found found)
    {
        EXPECT_EQ(told.missing, found.missing) << told.reason;
        EXPECT_EQ(told.extra, found.extra) << told.reason;
        EXPECT_EQ(told.changed, found.changed) << told.reason;
    }
};

} // namespace slicetool::test

/// A suite of tests of one trap, on the pairings given.
#define SLICETOOL_TRAP_ON(name, base, chosen)                                                      \
    class name : public base                                                                       \
    {                                                                                              \
    };                                                                                             \
    INSTANTIATE_TEST_SUITE_P(Pairings, name, testing::ValuesIn(chosen), pairing_name)

/// A suite of tests of one trap, on all four pairings.
#define SLICETOOL_TRAP(name) SLICETOOL_TRAP_ON(name, TrapTest, pairings())
