#pragma once

#include "integration/schema_fixture.hpp"
#include "sql/quote.hpp"
#include "sync/run.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace slicetool::test {

/// Keeps what a slice or verify tells.
class RunRecorder : public RecordingReporter
{
public:
    void run_started(const report::RunInfo& info) override { run = info; }
    void difference(const std::string& table, const report::Difference& difference) override
    {
        differences[table].push_back(difference);
    }
    void table_finished(const report::TableResult& result) override
    {
        tables[result.table] = result;
    }

    report::RunInfo run;
    std::map<std::string, report::TableResult> tables;
    std::map<std::string, std::vector<report::Difference>> differences;
};

/// Two databases of a pairing with the engine between them.
class SliceTest : public SchemaTest
{
protected:
    /// The same statements on both sides.
    void on_both(const std::vector<std::string>& statements) const
    {
        m_up->run(statements);
        m_down->run(statements);
    }

    sync::RunSummary run(sync::RunOptions options)
    {
        m_seen = std::make_unique<RunRecorder>();
        return sync::run(m_up->endpoint(), m_down->endpoint(), options, *m_seen, m_stop);
    }

    sync::RunSummary slice(sync::RunOptions options = {})
    {
        options.command = "slice";
        options.mode = sync::Mode::make_equal;
        return run(std::move(options));
    }

    sync::RunSummary verify(sync::RunOptions options = {})
    {
        options.command = "verify";
        options.mode = sync::Mode::compare;
        return run(std::move(options));
    }

    static sync::RunOptions only(const std::string& table, sync::TableChoices choices = {})
    {
        sync::RunOptions options;
        options.tables.push_back({table, {sync::sync_step(std::move(choices))}, std::nullopt, ""});
        return options;
    }

    const report::TableResult& result(const std::string& table) const
    {
        return m_seen->tables.at(table);
    }

    /// Every column of every row in hexadecimal, in the server's own words: independent of our
    /// digests.
    static std::vector<std::string> dump(const ScratchDatabase& database, const std::string& table)
    {
        db::Session session = database.open(db::Role::reader);
        std::string list;
        {
            db::Result columns = session.query(
                "list columns", "SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS "
                                "WHERE TABLE_SCHEMA = DATABASE() AND "
                                "TABLE_NAME = " +
                                    sql::quote_string(table) + " ORDER BY ORDINAL_POSITION");
            while (columns.next()) {
                const std::string name = sql::quote_identifier(columns.text(0));
                const std::string type = columns.text(1);
                const bool real =
                    type == "float"; // prints 6 digits; a DOUBLE column prints all of its own
                const bool as_number = type == "bit" || type == "enum" || type == "set";
                const std::string value = real        ? "CAST(" + name + " AS DOUBLE)"
                                          : as_number ? "CAST(" + name + " AS UNSIGNED)"
                                                      : name;
                list += (list.empty() ? "" : ", ") +
                        ("IFNULL(HEX(CAST(" + value + " AS BINARY)), 'NULL')");
            }
        }
        std::vector<std::string> rows;
        db::Result result = session.query("dump", "SELECT CONCAT_WS(' ', " + list + ") FROM " +
                                                      sql::quote_identifier(table));
        while (result.next())
            rows.push_back(result.text(0));
        std::sort(rows.begin(), rows.end());
        return rows;
    }

    /// verify says equal, and so does a comparison that does not use the program's own digests.
    void expect_equal(const std::string& table, const sync::TableChoices& choices = {})
    {
        EXPECT_EQ(verify(only(table, choices)).exit_status(), 0)
            << table << ": " << result(table).reason;
        EXPECT_EQ(comparable(dump(*m_up, table)), comparable(dump(*m_down, table))) << table;
    }

    /// Between the families −0 is 0: MariaDB never prints the sign.
    std::vector<std::string> comparable(std::vector<std::string> rows) const
    {
        for (auto& row : rows) {
            std::size_t at = 0;
            while (upstream_is_mariadb() != downstream_is_mariadb() &&
                   (at = (row + " ").find(" 2D30 ", at)) != std::string::npos)
                row.erase(at + 1, 2);
        }
        return rows;
    }

    /// One slice, proven equal; its result is in result(table).
    void expect_made_equal(const std::string& table, sync::RunOptions options)
    {
        const auto summary = slice(std::move(options));
        EXPECT_EQ(summary.exit_status(), 0) << table << ": " << result(table).reason;
        const report::TableResult sliced = result(table);
        expect_equal(table);
        m_seen->tables[table] = sliced;
    }
    void expect_made_equal(const std::string& table) { expect_made_equal(table, only(table)); }

    base::StopToken m_stop;
    std::unique_ptr<RunRecorder> m_seen;
};

} // namespace slicetool::test
