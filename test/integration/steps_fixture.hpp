#pragma once

#include "integration/slice_fixture.hpp"

#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the tests of steps share.
namespace slicetool::test {

/// Keeps watermarks in memory, as a state would.
class MemoryWatermarks : public sync::Watermarks
{
public:
    std::vector<sync::Watermark> of(const std::string& table) override { return values[table]; }
    void put(const std::string& table, const sync::Watermark& mark) override
    {
        auto& marks = values[table];
        std::erase_if(marks, [&](const sync::Watermark& other) {
            return other.column == mark.column && other.terms == mark.terms;
        });
        marks.push_back(mark);
    }

    /// As for a table that was taken back.
    void forget(const std::string& table)
    {
        for (auto& mark : values[table])
            mark.until.reset();
        put(table, {});
    }

    std::map<std::string, std::vector<sync::Watermark>> values;
};

class StepsTest : public SliceTest
{
protected:
    static sync::RunOptions with(const std::string& table, std::vector<sync::Step> steps)
    {
        sync::RunOptions options;
        options.tables.push_back({table, std::move(steps), std::nullopt, ""});
        return options;
    }

    static sync::Step step(sync::StepKind kind, const std::string& query = "")
    {
        sync::Step made;
        made.kind = kind;
        made.query = query;
        return made;
    }

    static sync::Step statements(std::vector<std::string> list)
    {
        sync::Step made = step(sync::StepKind::sql);
        made.statements = std::move(list);
        return made;
    }

    static sync::Step lite(const std::string& column = "")
    {
        sync::Step made = step(sync::StepKind::lite);
        made.lite.column = column;
        return made;
    }

    sync::RunSummary dry_run(sync::RunOptions options)
    {
        options.command = "slice";
        options.dry_run = true;
        return run(std::move(options));
    }

    static std::string value(const ScratchDatabase& database, const std::string& query)
    {
        db::Session session = database.open(db::Role::reader);
        return session.query_value("look", query).value_or("NULL");
    }

    bool same_family() const { return upstream_is_mariadb() == downstream_is_mariadb(); }

    std::string down(const std::string& query) const { return value(*m_down, query); }
    std::string up(const std::string& query) const { return value(*m_up, query); }

    void expect_counts(const std::string& table, std::uint64_t missing, std::uint64_t extra,
                       std::uint64_t changed) const
    {
        EXPECT_EQ(result(table).missing, missing) << result(table).reason;
        EXPECT_EQ(result(table).extra, extra) << result(table).reason;
        EXPECT_EQ(result(table).changed, changed) << result(table).reason;
    }
};

} // namespace slicetool::test
