#include "integration/traps_fixture.hpp"

/// verify on a pair that is written to: what stays different, and what was merely in flight.
namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Runs something when the comparison has begun: after the ends of the key space were read.
class Meddler : public RunRecorder
{
public:
    explicit Meddler(std::function<void()> meddle) : m_meddle(std::move(meddle)) {}
    void table_progress(const std::string& table, const report::Progress& progress) override
    {
        RunRecorder::table_progress(table, progress);
        if (m_meddle)
            std::exchange(m_meddle, nullptr)();
    }

private:
    std::function<void()> m_meddle;
};

class Recheck : public TrapTest
{
protected:
    void SetUp() override
    {
        TrapTest::SetUp();
        if (m_up == nullptr)
            return;
        on_both({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))"});
        on_both(numbered("t", 2000));
    }

    /// verify --recheck, while `meddle` happens to downstream.
    sync::RunSummary verify_live(std::function<void()> meddle, sync::RunOptions options = only("t"))
    {
        options.command = "verify";
        options.mode = sync::Mode::compare;
        options.rechecks = 3;
        m_seen = std::make_unique<Meddler>(std::move(meddle));
        return sync::run(m_up->endpoint(), m_down->endpoint(), options, *m_seen, m_stop);
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Recheck, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Recheck, RowsThatArriveMeanwhileWereInFlightAndTheRestStaysDifferent)
{
    m_up->run({"INSERT INTO t VALUES (2001, 'late'), (2002, 'late')"});
    m_down->run({"UPDATE t SET v = 'other' WHERE id = 3"});
    auto options = only("t");
    options.listing.keys = true;
    const auto summary = verify_live(
        [&] { m_down->run({"INSERT INTO t VALUES (2001, 'late'), (2002, 'late')"}); }, options);
    EXPECT_EQ(summary.exit_status(), 1);
    expect_counts(result("t"), {.missing = 0, .extra = 0, .changed = 1});
    EXPECT_EQ(result("t").in_flight, 2U);
    EXPECT_THAT(m_seen->text(), HasSubstr("2 rows differed at the first look"));
    ASSERT_EQ(m_seen->differences["t"].size(), 1U) << "what was in flight is not listed";
    EXPECT_EQ(m_seen->differences["t"][0].key.at(0).value, "3");
}

TEST_P(Recheck, ATableWhoseDifferencesWereAllInFlightIsEqual)
{
    m_up->run({"INSERT INTO t VALUES (2001, 'late')"});
    const auto summary = verify_live([&] { m_down->run({"INSERT INTO t VALUES (2001, 'late')"}); });
    EXPECT_EQ(summary.exit_status(), 0);
    EXPECT_EQ(result("t").outcome, report::Outcome::equal);
    EXPECT_EQ(result("t").in_flight, 1U);
}

TEST_P(Recheck, WhatStaysDifferentIsCountedAndListedAsItIs)
{
    m_up->run({"DELETE FROM t WHERE id = 1000", "INSERT INTO t VALUES (2500, 'new')",
               "UPDATE t SET v = 'x' WHERE id IN (7, 8)"});
    auto options = only("t");
    options.listing.keys = true;
    EXPECT_EQ(verify_live([] {}, options).exit_status(), 1);
    expect_counts(result("t"), {.missing = 1, .extra = 1, .changed = 2});
    EXPECT_EQ(result("t").in_flight, 0U);
    EXPECT_EQ(m_seen->differences["t"].size(), 4U);
    EXPECT_THAT(m_seen->text(), Not(HasSubstr("in flight")));
}

TEST_P(Recheck, AnEmptyDownstreamIsTooMuchForASecondLook)
{
    on_both({"CREATE TABLE big (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))"});
    m_up->run(numbered("big", 10'001));
    EXPECT_EQ(verify_live([] {}, only("big")).exit_status(), 1);
    EXPECT_EQ(result("big").missing, 10'001U);
    EXPECT_THAT(m_seen->text(), HasSubstr("Too many rows differ"));
}

} // namespace
} // namespace slicetool::test
