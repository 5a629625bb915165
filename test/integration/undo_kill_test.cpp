#include "integration/fault_fixture.hpp"
#include "undo/folder.hpp"

/// The binary killed at any stage of a slice: undo then brings back what was there before.
namespace slicetool::test {
namespace {

class UndoAfterKill : public PeopleTest
{
protected:
    Ended undo(const std::vector<std::string>& more = {}) const
    {
        auto words = slicetool_words({"undo", "last", "--undo-dir", m_files.path()});
        words.insert(words.end(), more.begin(), more.end());
        return Process(words).wait();
    }

    std::vector<std::string> slice_with_undo() const
    {
        return words_with({"--undo-dir", m_files.path()});
    }

    TemporaryFolder m_files;
};

INSTANTIATE_TEST_SUITE_P(Pairings, UndoAfterKill, testing::ValuesIn(pairings()), pairing_name);

TEST_P(UndoAfterKill, AtAnyStageTheTableIsAgainWhatItWas)
{
    std::size_t index = 0;
    for (const std::string stage :
         {"batch_deleted", "batch_proven", "undo_saved", "undo_saved:3", "batch_committed",
          "batch_committed:2", "victims_proven", "victims_committed", "portion_deleted",
          "bulk_proven", "bulk_committed", "table_finished"}) {
        if (!chosen(index++, 5) && stage != "undo_saved" && stage != "table_finished")
            continue;
        SCOPED_TRACE(stage);
        damage_again();
        std::filesystem::remove_all(m_files.path());
        const Ended killed = Process(slice_with_undo(), {{"SLICETOOL_KILL_AT", stage}}).wait();
        ASSERT_EQ(killed.status, 128 + SIGKILL) << killed.err << killed.out;
        const bool changed = rows_of(*m_down) != m_before;
        const bool saved = !undo::list_files(m_files.path()).empty();
        ASSERT_EQ(saved || !changed, true);
        if (!saved)
            continue;
        const Ended ended = undo();
        EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
        EXPECT_EQ(rows_of(*m_down) == m_before, true);
        EXPECT_EQ(undo().status, 0);
        EXPECT_EQ(rows_of(*m_down) == m_before, true);
    }
}

TEST_P(UndoAfterKill, KilledItselfItGoesOnWhereItWas)
{
    damage_again();
    ASSERT_EQ(Process(slice_with_undo()).wait().status, 0);
    ASSERT_EQ(rows_of(*m_down) == m_upstream, true);
    const auto words = slicetool_words({"undo", "last", "--undo-dir", m_files.path()});
    for (const std::string stage : {"batch_undone:1", "batch_undone:3"}) {
        SCOPED_TRACE(stage);
        const Ended killed = Process(words, {{"SLICETOOL_KILL_AT", stage}}).wait();
        EXPECT_EQ(killed.status, 128 + SIGKILL) << killed.err << killed.out;
    }
    const Ended ended = undo();
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    EXPECT_EQ(rows_of(*m_down) == m_before, true);
}

TEST_P(UndoAfterKill, BringsBackRowsOfATableThatCannotRollBack)
{
    on_both({"CREATE TABLE plain (id INT NOT NULL PRIMARY KEY, v VARCHAR(20)) ENGINE = MyISAM"});
    on_both(numbered("plain", 2000));
    m_down->run({"UPDATE plain SET v = CONCAT('mine ', id) WHERE id % 10 = 0",
                 "INSERT INTO plain SELECT -id, v FROM plain WHERE id % 100 = 0",
                 "CREATE TABLE kept LIKE plain", "INSERT INTO kept SELECT * FROM plain"});
    const auto before = dump(*m_down, "plain");
    for (const std::string stage : {"batch_deleted", "batch_inserted", "batch_committed"}) {
        SCOPED_TRACE(stage);
        m_down->run({"TRUNCATE plain", "INSERT INTO plain SELECT * FROM kept"});
        std::filesystem::remove_all(m_files.path());
        const Ended killed = Process(slicetool_words({"slice", "--from", m_up->endpoint().url(),
                                                      "--to", m_down->endpoint().url(), "--tables",
                                                      "plain", "--undo-dir", m_files.path()}),
                                     {{"SLICETOOL_KILL_AT", stage}})
                                 .wait();
        ASSERT_EQ(killed.status, 128 + SIGKILL) << killed.err << killed.out;
        EXPECT_NE(dump(*m_down, "plain"), before);
        // What was inserted last is not known as the run's work.
        const Ended ended = undo();
        EXPECT_EQ(ended.status, stage == "batch_inserted" ? 1 : 0) << ended.err << ended.out;
        const Ended forced = undo({"--force"});
        EXPECT_EQ(forced.status, 0) << forced.err << forced.out;
        EXPECT_EQ(dump(*m_down, "plain"), before);
    }
}

TEST_P(UndoAfterKill, ARangeIsLockedFromTheLookAtItUntilItIsEmpty)
{
    on_both({"CREATE TABLE fresh (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))"});
    m_up->run(numbered("fresh", 5500));
    const Ended sliced = Process(slicetool_words({"slice", "--from", m_up->endpoint().url(), "--to",
                                                  m_down->endpoint().url(), "--tables", "fresh",
                                                  "--undo-dir", m_files.path()}))
                             .wait();
    ASSERT_EQ(sliced.status, 0) << sliced.err << sliced.out;
    const Ended ended =
        with_stop_at("undo_looked", slicetool_words({"undo", "last", "--undo-dir", m_files.path()}),
                     [&](Process&) {
                         EXPECT_THROW(m_down->run({"SET SESSION innodb_lock_wait_timeout = 1",
                                                   "UPDATE fresh SET v = 'mine' WHERE id = 5400"}),
                                      db::Error);
                     });
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM fresh"), std::vector<std::string>{"0 "});
}

TEST_P(UndoAfterKill, SaysWhatItDidAndWhichFilesThereAre)
{
    damage_again();
    ASSERT_EQ(Process(slice_with_undo()).wait().status, 0);
    m_down->run({"UPDATE people SET age = 4711 WHERE id = 71"});
    const Ended list =
        Process(slicetool_words({"undo", "--list", "--undo-dir", m_files.path()})).wait();
    EXPECT_EQ(list.status, 0);
    EXPECT_THAT(list.out, testing::HasSubstr(m_down->endpoint().database));
    const std::string run = list.out.substr(0, list.out.find(' '));
    EXPECT_THAT(run, testing::StartsWith("1-")); // the first in a state of its own
    const Ended look = undo({"--dry-run"});
    EXPECT_EQ(look.status, 1);
    EXPECT_THAT(look.out, testing::HasSubstr("would be restored"));
    EXPECT_EQ(rows_of(*m_down) == m_before, false);
    const Ended ended =
        Process(slicetool_words({"undo", run, "--undo-dir", m_files.path(), "--json"})).wait();
    EXPECT_EQ(ended.status, 1) << ended.err << ended.out;
    EXPECT_THAT(ended.out, testing::HasSubstr("\"kind\":\"changed_since\""));
    EXPECT_THAT(ended.out, testing::HasSubstr("\"outcome\": \"partly\""));
    const Ended text = undo();
    EXPECT_THAT(text.out, testing::HasSubstr("people\tchanged_since\tid=71"));
    const Ended forced = undo({"--force"});
    EXPECT_EQ(forced.status, 0) << forced.err << forced.out;
    EXPECT_EQ(rows_of(*m_down) == m_before, true);
    const Ended numbered =
        Process(slicetool_words({"undo", "1", "--undo-dir", m_files.path()})).wait();
    EXPECT_EQ(numbered.status, 0) << numbered.err << numbered.out;
    const Ended unknown =
        Process(slicetool_words({"undo", "nothing", "--undo-dir", m_files.path()})).wait();
    EXPECT_EQ(unknown.status, 2);
    expect_said(unknown, "There is no undo file of a run nothing");
}

TEST_P(UndoAfterKill, AFolderThatCannotBeWrittenToIsSaidBeforeAnythingIsChanged)
{
    damage_again();
    const std::string file = m_files.write("file", "");
    const Ended ended = Process(words_with({"--undo-dir", file + "/undo"})).wait();
    EXPECT_EQ(ended.status, 2);
    expect_said(ended, "Cannot keep undo files in " + file + "/undo: Not a directory.");
    EXPECT_EQ(rows_of(*m_down) == m_before, true);
    EXPECT_EQ(Process(words_with({"--no-undo", "--undo-dir", file + "/undo"})).wait().status, 0);
}

TEST_P(UndoAfterKill, ADiskWithoutRoomStopsTheTableBeforeItsCommit)
{
    damage_again();
    std::vector<std::string> words = {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"",
                                      "sh"};
    const auto slice = slice_with_undo();
    words.insert(words.end(), slice.begin(), slice.end());
    const Ended ended = Process(words).wait();
    EXPECT_EQ(ended.status, 2) << ended.err << ended.out;
    expect_said(ended, "Cannot write the undo file");
    expect_said(ended, "File too large");
    const Ended back = undo();
    EXPECT_EQ(back.status, 0) << back.err << back.out;
    EXPECT_EQ(rows_of(*m_down) == m_before, true);
}

} // namespace
} // namespace slicetool::test
