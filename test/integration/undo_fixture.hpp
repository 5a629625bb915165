#pragma once

#include "integration/traps_fixture.hpp"
#include "sync/undo.hpp"
#include "undo/reader.hpp"
#include "undo/writer.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace slicetool::test {

/// Keeps what undo tells, too.
class UndoRecorder : public RunRecorder
{
public:
    void undo_result(const report::UndoResult& result) override { undone[result.table] = result; }

    std::map<std::string, report::UndoResult> undone;
};

/// Slices that save what they change, and the way back.
class UndoTest : public TrapTest
{
protected:
    UndoTest()
    {
        std::string name =
            (std::filesystem::temp_directory_path() / "slicetool-undo.XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no temporary folder");
        m_folder = name;
    }
    ~UndoTest() override { std::filesystem::remove_all(m_folder); }

    std::string file() const { return m_folder + "/run.undo"; }

    /// A slice that saves what it changes in a new file().
    sync::RunSummary saved_slice(sync::RunOptions options, undo::Limits limits = {})
    {
        std::filesystem::remove(file());
        undo::Header header;
        header.run = "test";
        header.downstream = m_down->endpoint().url();
        undo::Writer writer(file(), header, std::move(limits));
        options.undo = &writer;
        options.delete_limit.fraction = 1;
        return slice(std::move(options));
    }

    void expect_saved_slice(sync::RunOptions options)
    {
        const auto summary = saved_slice(std::move(options));
        ASSERT_EQ(summary.exit_status(), 0) << reasons();
        ASSERT_GT(summary.made_equal, 0U);
        ASSERT_TRUE(std::filesystem::exists(file()));
    }

    sync::UndoSummary take_back(const sync::UndoOptions& options = {})
    {
        const undo::Reader reader(file());
        m_told_undo = std::make_unique<UndoRecorder>();
        return sync::undo(m_down->endpoint(), reader, options, *m_told_undo, m_stop);
    }

    const report::UndoResult& undone(const std::string& table) const
    {
        return m_told_undo->undone.at(table);
    }

    /// Slices, takes it back, and does so again, which changes nothing: each time the table is
    /// again, to the last bit, what it was.
    void expect_way_back(const std::string& table, const sync::RunOptions& options)
    {
        const auto before = dump(*m_down, table);
        expect_saved_slice(options);
        EXPECT_NE(dump(*m_down, table), before);
        EXPECT_EQ(take_back().exit_status(), 0) << undone(table).reason;
        EXPECT_EQ(dump(*m_down, table), before);
        EXPECT_EQ(undone(table).outcome, report::UndoOutcome::restored);
        EXPECT_GT(undone(table).restored, 0U);
        EXPECT_EQ(take_back().exit_status(), 0) << undone(table).reason;
        EXPECT_EQ(undone(table).outcome, report::UndoOutcome::as_before);
        EXPECT_EQ(undone(table).restored, 0U);
        EXPECT_EQ(dump(*m_down, table), before);
    }
    void expect_way_back(const std::string& table) { expect_way_back(table, only(table)); }

    /// The keys that undo refused, "changed_since id=7".
    std::vector<std::string> refused(const std::string& table) const
    {
        std::vector<std::string> rows;
        const auto found = m_told_undo->differences.find(table);
        if (found == m_told_undo->differences.end())
            return rows;
        for (const auto& difference : found->second) {
            std::string text = difference.kind == report::DifferenceKind::held ? "held" : "changed";
            for (const auto& part : difference.key)
                text += " " + part.column + "=" + part.value;
            rows.push_back(text);
        }
        std::sort(rows.begin(), rows.end());
        return rows;
    }

    std::string reasons() const
    {
        std::string all;
        for (const auto& [table, result] : m_seen->tables)
            all += table + ": " + result.reason + "\n";
        return all;
    }

    std::string m_folder;
    std::unique_ptr<UndoRecorder> m_told_undo;
};

} // namespace slicetool::test
