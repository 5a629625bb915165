#include "integration/lite_fixture.hpp"

#include <thread>

/// What lite steps believe of earlier runs, when something came between them.
namespace slicetool::test {
namespace {

using report::Outcome;
using testing::HasSubstr;
using testing::Not;

class LiteWatermarks : public LiteTest
{
protected:
    /// 5,120 rows that both sides have: more than fit in a batch.
    void make_many_orders(std::time_t at)
    {
        make_orders(clocks()[0]);
        write_at(at, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (1), (1), (1), (1)"});
        for (int doubled = 0; doubled < 10; ++doubled)
            write_at(at, "+00:00", {"INSERT INTO orders (amount) SELECT 1 FROM orders"});
        ASSERT_EQ(slice(only("orders")).exit_status(), 0);
    }

    /// The rows as they were at `at`, before a backup of then was restored.
    void restore_orders(std::time_t at) const
    {
        m_down->run({fmt::format("UPDATE orders SET amount = 1, changed = FROM_UNIXTIME({})", at)});
    }

    /// A lite step for the rows of a condition, which leaves the others alone.
    static sync::Step lite_where(const std::string& where)
    {
        sync::Step step = lite();
        step.choices.where = where;
        step.choices.keep_outside = true;
        return step;
    }

    sync::RunSummary slice_steps(std::vector<sync::Step> steps)
    {
        auto options = with("orders", std::move(steps));
        options.watermarks = &m_watermarks;
        return slice(options);
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, LiteWatermarks, testing::ValuesIn(pairings()), pairing_name);

/// The first rows in the order of the key have the latest changes.
TEST_P(LiteWatermarks, ARunInterruptedAfterARestoreHidesNoChange)
{
    const std::time_t now = std::time(nullptr);
    for (const bool lite_is_interrupted : {true, false}) {
        SCOPED_TRACE(lite_is_interrupted);
        on_both({"DROP TABLE IF EXISTS orders"});
        m_watermarks.values.clear();
        make_many_orders(now - 9000);
        write_at(now - 7000, "+00:00", {"UPDATE orders SET amount = 2"});
        write_at(now - 5000, "+00:00", {"UPDATE orders SET amount = 3 WHERE id < 10"});
        ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
        expect_equal("orders");
        restore_orders(now - 9000);
        interrupted(lite_is_interrupted ? with("orders", {lite()}) : only("orders"));
        EXPECT_EQ(down("SELECT SUM(amount = 3) FROM orders"), "9");
        EXPECT_NE(down("SELECT SUM(amount = 1) FROM orders"), "0");
        EXPECT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
        expect_equal("orders");
    }
}

TEST_P(LiteWatermarks, ARunInterruptedWhereTheColumnWasEmptyHidesNoChange)
{
    const std::time_t now = std::time(nullptr);
    make_many_orders(now - 9000);
    m_down->run({"UPDATE orders SET changed = NULL"});
    write_at(now - 7000, "+00:00", {"UPDATE orders SET amount = 2"});
    write_at(now - 5000, "+00:00", {"UPDATE orders SET amount = 3 WHERE id < 10"});
    interrupted(with("orders", {lite()}));
    EXPECT_NE(down("SELECT SUM(amount = 1) FROM orders"), "0");
    EXPECT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    expect_equal("orders");
}

TEST_P(LiteWatermarks, AStepBeforeHidesNoChange)
{
    const std::time_t now = std::time(nullptr);
    for (const bool remembers : {true, false}) {
        SCOPED_TRACE(remembers);
        on_both({"DROP TABLE IF EXISTS orders"});
        make_orders(clocks()[0]);
        write_at(now - 9000, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (1), (1)"});
        ASSERT_EQ(slice(only("orders")).exit_status(), 0);
        write_at(now - 7000, "+00:00", {"UPDATE orders SET amount = 2 WHERE id = 2"});
        write_at(now - 100, "+00:00", {"UPDATE orders SET amount = 3 WHERE id = 1"});
        auto options = with("orders", {step(sync::StepKind::keys, "SELECT 1 AS id"), lite()});
        options.watermarks = remembers ? &m_watermarks : nullptr;
        ASSERT_EQ(slice(options).exit_status(), 0) << result("orders").reason;
        expect_equal("orders");
    }
}

TEST_P(LiteWatermarks, ATableThatWasTakenBackIsLookedAtWhole)
{
    const std::time_t now = std::time(nullptr);
    make_orders(clocks()[0]);
    write_at(now - 9000, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (1), (1)"});
    ASSERT_EQ(slice(only("orders")).exit_status(), 0);
    write_at(now - 8000, "+00:00", {"UPDATE orders SET amount = 2 WHERE id = 2"});
    write_at(now - 100, "+00:00", {"UPDATE orders SET amount = 3 WHERE id = 1"});
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    // The latest change stays, as where another program made it again.
    m_down->run({"UPDATE orders SET amount = 1, changed = changed WHERE id = 2"});
    m_watermarks.forget("orders");
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(result("orders").rows, 3U);
    expect_equal("orders");
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(result("orders").rows, 1U);
}

TEST_P(LiteWatermarks, AComparisonOfOtherRowsEndsWhatWasKnown)
{
    const std::time_t now = std::time(nullptr);
    make_orders(clocks()[0]);
    write_at(now - 9000, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (1), (1)"});
    write_at(now - 100, "+00:00", {"UPDATE orders SET amount = 2 WHERE id = 3"});
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    ASSERT_EQ(slice_steps({sync::sync_step({})}).exit_status(), 0) << result("orders").reason;
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(result("orders").rows, 1U) << "the same rows and values: what was known stays";

    sync::Step narrower = sync::sync_step({});
    narrower.choices.where = "id <> 2";
    ASSERT_EQ(slice_steps({narrower}).exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(down("SELECT COUNT(*) FROM orders"), "2");
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    expect_equal("orders");
}

TEST_P(LiteWatermarks, ATableThatIsBeingFilledAnewIsLookedAtWhole)
{
    const std::time_t now = std::time(nullptr);
    make_many_orders(now - 9000);
    write_at(now - 5000, "+00:00", {"UPDATE orders SET amount = 3 WHERE id < 10"});
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    interrupted(with("orders", {step(sync::StepKind::clear), sync::sync_step({})}));
    // As if the parts of a parallel copy had been interrupted.
    m_down->run({"DELETE FROM orders WHERE id BETWEEN 5 AND 20"});
    EXPECT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    expect_equal("orders");
}

TEST_P(LiteWatermarks, StepsWithOtherConditionsDoNotShareThem)
{
    const std::time_t now = std::time(nullptr);
    make_orders(clocks()[0]);
    write_at(now - 90000, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (1), (50), (50)"});
    ASSERT_EQ(slice(only("orders")).exit_status(), 0);
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    for (int round = 1; round < 4; ++round) {
        SCOPED_TRACE(round);
        const std::time_t then = now - 80000 + round * 10000;
        write_at(then, "+00:00", {"UPDATE orders SET amount = amount + 1 WHERE id = 2"});
        write_at(then + 5000, "+00:00", {"UPDATE orders SET amount = amount + 1 WHERE id = 3"});
        // Other rows first, of which the latest changes are.
        ASSERT_EQ(slice_steps({lite_where("amount >= 50")}).exit_status(), 0);
        EXPECT_EQ(result("orders").rows, round == 1 ? 2U : 1U) << result("orders").reason;
        ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
        EXPECT_EQ(result("orders").changed, 1U);
        expect_equal("orders");
    }
    // And in one table.
    write_at(now - 30000, "+00:00", {"UPDATE orders SET amount = 8 WHERE id = 1"});
    write_at(now - 20000, "+00:00", {"UPDATE orders SET amount = 80 WHERE id = 4"});
    ASSERT_EQ(slice_steps({lite_where("amount >= 50"), lite_where("amount < 50")}).exit_status(), 0)
        << result("orders").reason;
    expect_equal("orders");
}

TEST_P(LiteWatermarks, AWiderConditionLooksAtAllRowsOnce)
{
    const std::time_t now = std::time(nullptr);
    make_orders(clocks()[0]);
    write_at(now - 9000, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (20), (30)"});
    sync::TableChoices narrow;
    narrow.where = "amount >= 20";
    ASSERT_EQ(slice(only("orders", narrow)).exit_status(), 0);
    write_at(now - 100, "+00:00", {"UPDATE orders SET amount = 31 WHERE id = 3"});
    sync::Step step = lite();
    step.choices = narrow;
    ASSERT_EQ(slice_steps({step}).exit_status(), 0) << result("orders").reason;
    EXPECT_THAT(result("orders").reason,
                HasSubstr("that left where, or that came into it while changed stayed as it was"));
    step.choices.where = "amount >= 1";
    ASSERT_EQ(slice_steps({step}).exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(result("orders").missing, 1U);
    EXPECT_THAT(m_seen->notes, testing::Contains(HasSubstr("so that all rows are looked at")));
    expect_equal("orders");
    ASSERT_EQ(slice_steps({step}).exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(result("orders").rows, 1U);
    EXPECT_THAT(m_seen->notes, Not(testing::Contains(HasSubstr("all rows are looked at"))));
}

TEST_P(LiteWatermarks, ANewMaskIsBroughtToAllRows)
{
    const std::time_t now = std::time(nullptr);
    make_orders(clocks()[0]);
    write_at(now - 9000, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (20)"});
    write_at(now - 5000, "+00:00", {"INSERT INTO orders (amount) VALUES (30)"});
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    sync::Step step = lite();
    step.choices.masks.push_back({"amount", "amount * 2", ""});
    ASSERT_EQ(slice_steps({step}).exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(down("SELECT SUM(amount) FROM orders"), "102");
}

TEST_P(LiteWatermarks, AMaskedColumnIsRefused)
{
    make_orders(clocks()[0]);
    write_at(std::time(nullptr) - 9000, "+00:00", {"INSERT INTO orders (amount) VALUES (1)"});
    for (const char* named : {"changed", ""}) {
        sync::Step step = lite(named);
        step.choices.masks.push_back({"CHANGED", "constant", "shop.yaml:7"});
        EXPECT_EQ(slice_steps({step}).exit_status(), 2);
        EXPECT_THAT(result("orders").reason, HasSubstr("column changed, which is masked"));
        EXPECT_EQ(down("SELECT COUNT(*) FROM orders"), "0");
        for (const auto& mark : m_watermarks.values["orders"])
            EXPECT_FALSE(mark.until);
    }
}

/// Does something upstream when the snapshot has been taken.
class Meanwhile : public RunRecorder
{
public:
    explicit Meanwhile(std::function<void()> work) : m_work(std::move(work)) {}
    void run_started(const report::RunInfo&) override { m_work(); }

private:
    std::function<void()> m_work;
};

TEST_P(LiteWatermarks, APauseBeforeTheFirstTableHidesNoChange)
{
    make_orders(clocks()[1]);
    write_at(std::time(nullptr) - 9000, "+00:00",
             {"INSERT INTO orders (amount) VALUES (1), (1), (1)"});
    m_up->run({"UPDATE orders SET changed = NOW(6) + INTERVAL 3 SECOND WHERE id = 3"});
    auto options = with("orders", {lite()});
    options.mode = sync::Mode::make_equal;
    options.watermarks = &m_watermarks;
    options.tables[0].steps[0].lite.overlap = std::chrono::seconds(0);
    Meanwhile paused([&] {
        m_up->run({"UPDATE orders SET amount = 2 WHERE id = 1"});
        std::this_thread::sleep_for(std::chrono::seconds(4));
    });
    sync::run(m_up->endpoint(), m_down->endpoint(), options, paused, m_stop);
    EXPECT_EQ(down("SELECT SUM(amount) FROM orders"), "3");
    ASSERT_EQ(slice(options).exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(down("SELECT SUM(amount) FROM orders"), "4");
}

/// What downstream shows is of a clock far in the east, and the change after it of one in the west.
TEST_P(LiteWatermarks, OfADatetimeClocksOfAllZonesAreCovered)
{
    make_orders(clocks()[2]);
    const std::time_t start = std::time(nullptr) - 60 * 3600;
    write_at(start - 100 * 3600, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (1), (1)"});
    write_at(start, "+13:00", {"UPDATE orders SET amount = 2 WHERE id = 2"});
    ASSERT_EQ(slice(only("orders")).exit_status(), 0);
    write_at(start + 60, "-12:00", {"UPDATE orders SET amount = 3 WHERE id = 1"});
    ASSERT_EQ(slice(with("orders", {lite()})).exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(result("orders").rows, 2U);
    expect_equal("orders");
}

} // namespace
} // namespace slicetool::test
