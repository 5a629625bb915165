#include "state/retention.hpp"

#include "state/run_rows.hpp"
#include "state/runs.hpp"
#include "unit/state/fixture.hpp"

namespace slicetool::state::test {
namespace {

using std::chrono::hours;
using testing::ElementsAre;

class StateRetention : public StateTest
{
protected:
    void add(int days_ago, bool ended = true)
    {
        const auto started = m_now - hours(24 * days_ago);
        m_file.write([&](SQLite::Database& database) {
            const auto run = add_run(database, {"1", "slice", "", "up", "down", "pair", started});
            add_note(database, run, "", report::Severity::info, "A note.");
            if (ended)
                put_end(database, run, {}, started);
        });
    }

    std::vector<std::int64_t> after(const Retention& retention)
    {
        std::vector<std::int64_t> left;
        m_file.write([&](SQLite::Database& database) {
            prune_runs(database, retention, m_now);
            for (const auto& line : list_runs(database, {}, 100))
                left.push_back(line.id);
        });
        return left;
    }

    std::chrono::system_clock::time_point m_now = std::chrono::system_clock::now();
    File m_file{path(), File::Missing::create};
};

TEST_F(StateRetention, KeepsTheNewest)
{
    for (int days = 5; days > 0; --days)
        add(days);
    EXPECT_THAT(after({2, std::nullopt}), ElementsAre(5, 4));
}

TEST_F(StateRetention, KeepsWhatIsYoung)
{
    for (int days = 5; days > 0; --days)
        add(days);
    EXPECT_THAT(after({std::nullopt, hours(60)}), ElementsAre(5, 4));
}

TEST_F(StateRetention, LeavesARunAloneThatMayStillBeAtWork)
{
    add(3, false);
    add(0, false);
    EXPECT_THAT(after({0, std::nullopt}), ElementsAre(2));
}

TEST_F(StateRetention, ANumberIsNeverUsedAgain)
{
    add(3);
    EXPECT_THAT(after({0, std::nullopt}), ElementsAre());
    add(0);
    EXPECT_THAT(after({1, std::nullopt}), ElementsAre(2));
}

} // namespace
} // namespace slicetool::state::test
