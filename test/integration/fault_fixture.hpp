#pragma once

#include "base/stage.hpp"
#include "cli/process.hpp"
#include "integration/fault_proxy.hpp"
#include "integration/traps_fixture.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

/// What the tests of faults share. They drive the binary, since a fault ends it.
namespace slicetool::test {

/// SLICETOOL_FAULTS=all: every fault at every stage, not only a choice of them.
inline bool every_fault()
{
    const char* wanted = std::getenv("SLICETOOL_FAULTS");
    return wanted != nullptr && std::string(wanted) == "all";
}

/// Those that a slice meets; the last ones are those of undo.
inline std::vector<std::string> stages()
{
    std::vector<std::string> names{base::k_stage_names.begin(), base::k_stage_names.end()};
    names.erase(std::find(names.begin(), names.end(), "undo_looked"), names.end());
    return names;
}

/// Asks until the answer is yes; half a minute at most.
template<class Question>
bool becomes_true(Question question)
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!question()) {
        if (std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

/// Sentences in a summary are wrapped, in the midst of a word if need be.
inline std::string without_spaces(const std::string& text)
{
    std::string plain;
    std::copy_if(text.begin(), text.end(), std::back_inserter(plain),
                 [](unsigned char c) { return std::isspace(c) == 0; });
    return plain;
}

/// The run says so, on standard output or standard error.
inline void expect_said(const Ended& ended, const std::string& words)
{
    EXPECT_THAT(without_spaces(ended.err + ended.out), testing::HasSubstr(without_spaces(words)))
        << ended.err << ended.out;
}

/// A table whose slice goes through every stage, on both sides.
class FaultTest : public TrapTest
{
protected:
    static constexpr int k_rows = 11'000;

    /// Rows by id, each with all its columns in hexadecimal: the server's own words, not our
    /// digests.
    using Rows = std::map<long, std::string>;

    void SetUp() override
    {
        TrapTest::SetUp();
        if (m_up == nullptr)
            return;
#ifndef SLICETOOL_STAGE_HOOK
        GTEST_SKIP() << "built without SLICETOOL_STAGE_HOOK";
#endif
    }

    /// `people` on both sides, downstream's damaged; `damaged` there keeps how. The damage calls
    /// for batches, for rows that exchange unique values, for ranges that go altogether, and for a
    /// bulk copy.
    void make_people()
    {
        std::vector<std::string> rows;
        for (int id = 1; id <= k_rows; ++id)
            rows.push_back(fmt::format("({0},{0},'name {0}',{1})", id, id % 97));
        on_both({"CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY, badge INT NOT NULL, name "
                 "VARCHAR(40) NOT NULL, age INT, UNIQUE KEY by_badge (badge)) ENGINE=InnoDB "
                 "CHARACTER SET utf8mb4"});
        on_both(inserts("people", rows));
        m_up->run({"DELETE FROM people WHERE id IN (1503, 1504)"});
        m_down->run({
            "DELETE FROM people WHERE id > 5500 OR id BETWEEN 2000 AND 2200 OR id % 131 = 0",
            "UPDATE people SET age = age + 1 WHERE id % 71 = 0 OR id > 3000",
            "INSERT INTO people SELECT -id, -badge, name, age FROM people WHERE id % 3 = 0",
            "UPDATE people SET badge = 250000 + badge WHERE id IN (100, 101, 102, 2500)",
            "UPDATE people SET badge = 101 WHERE id = 100",
            "UPDATE people SET badge = 100 WHERE id = 101",
            "UPDATE people SET badge = 2500 WHERE id = 102",
            "UPDATE people SET badge = 102 WHERE id = 2500",
            // More rows than a batch takes, with values that go round among all of them.
            "UPDATE people SET badge = 300000 + badge WHERE id > 3000 AND id % 50 = 0",
            "UPDATE people SET badge = IF(id = 5500, 3050, id + 50) WHERE id > 3000 AND id % 50 = "
            "0",
            // A batch that inserts row 2000 needs a row that is to be deleted later.
            "UPDATE people SET badge = 2000 WHERE id = -3",
            "CREATE TABLE damaged LIKE people",
            "INSERT INTO damaged SELECT * FROM people",
        });
        // Ranges, and so batches, follow upstream's estimate, which otherwise changes as it likes.
        ask(*m_up, "ANALYZE TABLE people");
        m_upstream = rows_of(*m_up);
        m_before = rows_of(*m_down);
    }

    void damage_again() const
    {
        m_down->run({"TRUNCATE TABLE people", "INSERT INTO people SELECT * FROM damaged"});
    }

    static Rows rows_of(const ScratchDatabase& database)
    {
        db::Session session = database.open(db::Role::reader);
        db::Result answer = session.query(
            "dump", "SELECT id, CONCAT_WS(' ', HEX(badge), HEX(CAST(name AS BINARY)), "
                    "IFNULL(HEX(age), 'NULL')) FROM people");
        Rows rows;
        while (answer.next())
            rows.emplace(std::stol(answer.text(0)), answer.text(1));
        return rows;
    }

    /// Rows harmed: upstream has them, downstream had them, and they are gone; or they are neither
    /// as they were nor as upstream has them.
    std::size_t lost_rows(const Rows& now) const
    {
        const auto same = [](const Rows& rows, const Rows::value_type& row) {
            const auto found = rows.find(row.first);
            return found != rows.end() && found->second == row.second;
        };
        std::size_t lost = 0;
        for (const auto& [id, row] : m_before)
            lost += m_upstream.count(id) != 0 && now.count(id) == 0 ? 1 : 0;
        for (const auto& row : now)
            lost += same(m_before, row) || same(m_upstream, row) ? 0 : 1;
        return lost;
    }

    /// The states that downstream goes through, commit by commit; a slice in which nothing goes
    /// wrong stands still at each of them.
    void collect_states()
    {
        m_states = {m_before};
        Process tool(slice_words(), {{"SLICETOOL_STOP_AT", "batch_committed,victims_committed,"
                                                           "portion_deleted,bulk_committed"}});
        while (tool.wait_for_stop()) {
            m_states.insert(rows_of(*m_down));
            tool.signal(SIGCONT);
        }
        const Ended ended = tool.wait();
        ASSERT_EQ(ended.status, 0) << ended.err << ended.out;
        ASSERT_EQ(rows_of(*m_down) == m_upstream, true);
        ASSERT_EQ(m_states.count(m_upstream), 1U);
        ASSERT_GT(m_states.size(), 4U);
        for (const auto& state : m_states)
            ASSERT_EQ(lost_rows(state), 0U);
    }

    /// Downstream is unharmed and shows no half batch; a plain rerun makes it equal. Tells the
    /// matrix of it.
    void expect_safe(const std::string& fault, const std::string& stage, const Ended& ended)
    {
        const Rows now = rows_of(*m_down);
        const std::size_t lost = lost_rows(now);
        EXPECT_EQ(lost, 0U);
        EXPECT_EQ(m_states.empty() || m_states.count(now) == 1, true) << "half a batch is visible";
        const Ended again = Process(slice_words()).wait();
        EXPECT_EQ(again.status, 0) << again.err << again.out;
        const bool equal = rows_of(*m_down) == m_upstream;
        EXPECT_EQ(equal, true) << "the rerun did not make the table equal";
        tell_matrix(fault, stage, ended.status, lost, again.status == 0 && equal);
    }

    /// A fault that ended the run: status 2 and a sentence that names the endpoint. One that was
    /// overcome: status 0, and the table is equal.
    void expect_told(const Ended& ended, const std::string& endpoint) const
    {
        if (ended.status == 0) {
            EXPECT_EQ(rows_of(*m_down) == m_upstream, true);
            return;
        }
        EXPECT_EQ(ended.status, 2) << ended.err << ended.out;
        expect_said(ended, endpoint);
    }

    std::vector<std::string> slice_words(const std::string& from, const std::string& to) const
    {
        return slicetool_words(
            {"slice", "--from", from, "--to", to, "--tables", "people", "--max-delete", "1000000"});
    }
    std::vector<std::string> slice_words() const
    {
        return slice_words(m_up->endpoint().url(), m_down->endpoint().url());
    }

    /// Runs the tool, lets it stand still when it reaches the stage for the first time, calls
    /// `meanwhile`, and lets it go on to its end.
    template<class Meanwhile>
    static Ended with_stop_at(const std::string& stage, const std::vector<std::string>& words,
                              Meanwhile meanwhile)
    {
        Process tool(words, {{"SLICETOOL_STOP_AT", stage + ":1"}});
        if (tool.wait_for_stop())
            meanwhile(tool);
        else
            ADD_FAILURE() << "the run did not reach " << stage;
        tool.signal(SIGCONT);
        return tool.wait();
    }

    static std::uint16_t port_of(const ScratchDatabase& database)
    {
        return static_cast<std::uint16_t>(std::stoul(ask(database, "SELECT @@port").at(0)));
    }

    /// The database through a proxy. Without TLS, so that the proxy sees the packets.
    static std::string url_through(const FaultProxy& proxy, const ScratchDatabase& database,
                                   const std::string& parameters = "")
    {
        return fmt::format("mysql://root@127.0.0.1:{}/{}?ssl-mode=disabled{}", proxy.port(),
                           database.endpoint().database, parameters);
    }

    /// Ends the server's side of every connection of the tool.
    static std::size_t kill_connections(const ScratchDatabase& database)
    {
        db::Session session = database.open(db::Role::reader);
        std::vector<std::string> numbers;
        {
            db::Result rows = session.query(
                "list", "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND "
                        "ID <> CONNECTION_ID()");
            while (rows.next())
                numbers.push_back(rows.text(0));
        }
        for (const auto& number : numbers)
            session.execute("kill", "KILL CONNECTION " + number);
        return numbers.size();
    }

    /// Whether the choice for everyday runs takes this one of many; pairings take different ones.
    /// Cases that alternate in twos or threes all have their turn if `every` is a greater prime.
    static bool chosen(std::size_t index, std::size_t every)
    {
        std::size_t pairing = 0;
        while (std::string(pairings()[pairing].name) != GetParam().name)
            ++pairing;
        return every_fault() || (index + 7 * pairing + 5) % every == 0;
    }

    /// The same for a live upstream.
    static void tell_live(int slices, std::size_t writes, std::chrono::duration<double> time)
    {
        tell(fmt::format("live upstream\t{} slices, {} writes, {:.0f} a second\t{}\t0\t0\tequal",
                         slices, writes, static_cast<double>(writes) / time.count(),
                         GetParam().name));
    }

    Rows m_upstream;
    Rows m_before;
    std::set<Rows> m_states;

private:
    /// A line for scripts/faults, in the file that SLICETOOL_FAULT_LOG names.
    static void tell_matrix(const std::string& fault, const std::string& stage, int status,
                            std::size_t lost, bool mended)
    {
        tell(fmt::format("{}\t{}\t{}\t{}\t{}\t{}", fault, stage, GetParam().name, status, lost,
                         mended ? "equal" : "DIFFERENT"));
    }

    static void tell(const std::string& line)
    {
        if (const char* path = std::getenv("SLICETOOL_FAULT_LOG"))
            std::ofstream(path, std::ios::app) << line << '\n';
    }
};

/// Begins with `people` on both sides.
class PeopleTest : public FaultTest
{
protected:
    void SetUp() override
    {
        FaultTest::SetUp();
        if (m_up != nullptr && !IsSkipped())
            make_people();
    }

    std::vector<std::string> words_with(const std::vector<std::string>& more) const
    {
        auto words = slice_words();
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
};

} // namespace slicetool::test
