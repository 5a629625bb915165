#include "cli/process.hpp"
#include "integration/traps_fixture.hpp"

#include <csignal>
#include <random>

/// The program killed at any instant: a plain rerun ends proven equal.
namespace slicetool::test {
namespace {

constexpr int k_rows = 100'000;
constexpr int k_kills = 10;

class FaultKill : public TrapTest
{
protected:
    static std::vector<std::string> people()
    {
        std::vector<std::string> rows;
        for (int id = 1; id <= k_rows; ++id)
            rows.push_back(fmt::format("({0},{0},'name {0}',{1})", id, id % 97));
        auto statements = inserts("people", rows);
        statements.insert(
            statements.begin(),
            "CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY, badge INT NOT NULL, "
            "name VARCHAR(40) NOT NULL, age INT, UNIQUE KEY by_badge (badge)) CHARACTER SET "
            "utf8mb4");
        return statements;
    }

    /// Another quarter of the table each time: rows missing, changed, extra; badges swapped near
    /// and far.
    static std::vector<std::string> damage(int seed)
    {
        const int from = 1 + seed * 7919 % (k_rows / 2);
        const int middle = from + k_rows / 8;
        const int to = from + k_rows / 4;
        return {
            fmt::format("DELETE FROM people WHERE id BETWEEN {} AND {}", from, middle),
            fmt::format(
                "UPDATE people SET age = age + 1 WHERE id BETWEEN {} AND {} AND id % 3 = {}",
                middle, to, seed % 3),
            fmt::format("INSERT INTO people SELECT -id, -badge, name, age FROM people WHERE id "
                        "BETWEEN {} AND {} AND id % 19 = 0",
                        middle, to),
            fmt::format(
                "UPDATE people SET badge = badge + 10000000 WHERE id % 1000 = {} AND id > 0", seed),
            fmt::format("UPDATE people SET badge = {} - (badge - 10000000) WHERE badge > 10000000",
                        k_rows + 2 * seed),
        };
    }

    std::vector<std::string> words() const
    {
        return slicetool_words({"slice", "--from", m_up->endpoint().url(), "--to",
                                m_down->endpoint().url(), "--tables", "people", "--max-delete",
                                "100%"});
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, FaultKill, testing::ValuesIn(pairings()), pairing_name);

TEST_P(FaultKill, ARerunAfterKillNineAtTenRandomInstantsEndsEqual)
{
    on_both(people());
    m_down->run(damage(0));
    const Ended whole = Process(words()).wait();
    ASSERT_EQ(whole.status, 0) << whole.err << whole.out;
    const auto expected = dump(*m_up, "people");
    ASSERT_EQ(expected, dump(*m_down, "people"));

    const auto seed = std::random_device()();
    std::mt19937 random(seed);
    int killed = 0;
    for (int at = 1; at <= k_kills; ++at) {
        m_down->run(damage(at));
        const auto instant = std::chrono::milliseconds(std::uniform_int_distribution<long>(
            20, std::max<long>(40, whole.elapsed.count()))(random));
        SCOPED_TRACE(fmt::format("seed {}, kill {} after {} ms of {}", seed, at, instant.count(),
                                 whole.elapsed.count()));
        Process tool(words());
        if (!tool.wait_for(instant)) {
            tool.signal(SIGKILL);
            ++killed;
        }
        tool.wait();
        const Ended again = Process(words()).wait();
        EXPECT_EQ(again.status, 0) << again.err << again.out;
        ASSERT_EQ(expected == dump(*m_down, "people"), true);
    }
    EXPECT_GE(killed, k_kills / 2);
}

TEST_P(FaultKill, ABulkCopyIntoAnEmptyTableIsGoneOnWithAfterKillNine)
{
    on_both({people().front()});
    auto rows = people();
    rows.erase(rows.begin());
    m_up->run(rows);
    const Ended whole = Process(words()).wait();
    ASSERT_EQ(whole.status, 0) << whole.err << whole.out;
    for (const int part : {1, 2, 3}) {
        m_down->run({"TRUNCATE TABLE people"});
        Process tool(words());
        tool.wait_for(whole.elapsed * part / 4);
        tool.signal(SIGKILL);
        tool.wait();
        const Ended again = Process(words()).wait();
        EXPECT_EQ(again.status, 0) << again.err << again.out;
        ASSERT_EQ(dump(*m_up, "people") == dump(*m_down, "people"), true) << part;
    }
}

} // namespace
} // namespace slicetool::test
