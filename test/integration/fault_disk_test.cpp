#include "integration/fault_fixture.hpp"
#include "integration/own_server.hpp"

/// Trap 27: full disks, on downstream and where the tool writes.
namespace slicetool::test {
namespace {

class Trap27Disk : public PeopleTest
{
protected:
    /// The words run by a shell, with what it does before: redirections, limits.
    static std::vector<std::string> in_shell(const std::string& shell_text,
                                             const std::vector<std::string>& words)
    {
        std::vector<std::string> all = {"/bin/sh", "-c", shell_text, "sh"};
        all.insert(all.end(), words.begin(), words.end());
        return all;
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap27Disk, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Trap27Disk, NoRoomForTheReportIsSaid)
{
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, {"--json"}, {"--list-keys"}, {"--json", "--list-keys"}}) {
        SCOPED_TRACE(testing::PrintToString(more));
        damage_again();
        const Ended ended = Process(in_shell("exec \"$@\" >/dev/full", words_with(more))).wait();
        EXPECT_EQ(ended.status, 2) << ended.err;
        expect_said(ended, "Cannot write the report to standard output: No "
                           "space left on device.");
        expect_safe("disk full for the report", "all", ended);
    }
}

TEST_P(Trap27Disk, NoRoomForTheListOfKeysIsSaid)
{
    on_both({"CREATE TABLE names (name VARCHAR(250) CHARACTER SET ascii NOT NULL PRIMARY KEY)"});
    m_up->run({"INSERT INTO names SELECT RPAD(id, 250, 'x') FROM people"}); // 2 MB
    const auto words =
        slicetool_words({"verify", "--from", m_up->endpoint().url(), "--to",
                         m_down->endpoint().url(), "--tables", "names", "--json", "--list-keys"});
    const Ended whole = Process(words).wait();
    EXPECT_EQ(whole.status, 1) << whole.err;
    // A file of the tool may have 16 KiB (blocks of 512 bytes); a long list is kept in one.
    const Ended ended =
        Process(in_shell("(trap '' XFSZ; ulimit -f 32; exec \"$@\") | cat", words)).wait();
    expect_said(ended, "Cannot write a temporary file for the report: File too large.");
    expect_said(ended, "\"exit_status\": 2");
}

TEST_P(Trap27Disk, NoRoomForTheLogIsSaidAndTheRunGoesOn)
{
    damage_again();
    const Ended ended =
        Process(words_with({"--log-file", "/dev/full", "--log-level", "debug"})).wait();
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    expect_said(ended, "Cannot write the log to /dev/full: No space left on "
                       "device.");
    expect_safe("disk full for the log", "all", ended);
}

TEST_P(Trap27Disk, ADownstreamWithoutRoomIsSaidAndARerunGoesOn)
{
    // A tablespace that cannot grow: the server says that the table is full.
    OwnServer tight(downstream_is_mariadb() ? "mariadb" : "mysql",
                    {"--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M"});
    m_down = std::make_unique<ScratchDatabase>(tight.url(), "tight");
    const KeptDatabase kept(m_down);
    on_both({"CREATE TABLE notes (id INT NOT NULL PRIMARY KEY, note VARCHAR(2000) CHARACTER SET "
             "ascii NOT NULL) ENGINE=InnoDB"});
    m_up->run({"INSERT INTO notes SELECT id, REPEAT('x', 2000) FROM people"});
    m_down->run({"INSERT INTO notes VALUES (1, 'one'), (4000, 'changed')"});
    const auto words =
        slicetool_words({"slice", "--from", m_up->endpoint().url(), "--to",
                         m_down->endpoint().url(), "--tables", "notes", "--jobs", "1"});
    const Ended ended = Process(words).wait();
    EXPECT_EQ(ended.status, 2) << ended.err << ended.out;
    expect_said(ended, "is full");
    expect_said(ended, m_down->endpoint().socket);
    const auto kept_rows = ask(*m_down, "SELECT COUNT(*) FROM notes WHERE id IN (1, 4000)");
    EXPECT_EQ(kept_rows, std::vector<std::string>{"2 "});
    tight.kill();
    tight.start();
    const Ended again = Process(words).wait();
    EXPECT_EQ(again.status, 0) << again.err << again.out;
    EXPECT_EQ(dump(*m_up, "notes") == dump(*m_down, "notes"), true);
}

} // namespace
} // namespace slicetool::test
