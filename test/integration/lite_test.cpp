#include "integration/lite_fixture.hpp"

/// Steps of the kind lite: what they see, and what the full run after them finds.
namespace slicetool::test {
namespace {

using report::Outcome;
using testing::HasSubstr;

using Lite = LiteTest;

INSTANTIATE_TEST_SUITE_P(Pairings, Lite, testing::ValuesIn(pairings()), pairing_name);

/// A day of changes of all kinds, each to rows of its own: ids 1000·kind + hour.
class Day
{
public:
    explicit Day(std::time_t start) : m_start(start) {}

    static std::string first_rows()
    {
        std::string rows;
        for (int kind = 1; kind <= 9; ++kind) {
            for (int hour = 0; hour < 24; ++hour)
                rows += fmt::format("{}({}, 1, {})", rows.empty() ? "" : ",", kind * 1000 + hour,
                                    kind * 1000 + hour);
        }
        return "INSERT INTO orders (id, amount, code) VALUES " + rows;
    }

    /// When the last change of an hour is made.
    std::time_t end_of(int hour) const { return m_start + hour * 3600 + 3000; }

    /// Changes that a lite run sees.
    static std::vector<std::string> seen(int hour)
    {
        const auto id = [&](int kind) { return std::to_string(kind * 1000 + hour); };
        return {
            "UPDATE orders SET amount = amount + 1 WHERE id = " + id(1),
            "INSERT INTO orders (amount) VALUES (5), (6)",
            // NULL says nothing, and is looked at each time.
            "UPDATE orders SET amount = 7, changed = NULL WHERE id = " + id(2),
            // Two rows swap a unique value.
            fmt::format("UPDATE orders SET code = -{0} WHERE id = {0}", id(3)),
            fmt::format("UPDATE orders SET code = {0} WHERE id = {1}", id(3), id(4)),
            fmt::format("UPDATE orders SET code = {1} WHERE id = {0}", id(3), id(4)),
            // Another key: of what was under the old one the unique value tells.
            fmt::format("UPDATE orders SET id = {} WHERE id = {}", 200000 + hour * 1000, id(5))};
    }

    /// Changes dated at, or a moment before, the last change that the run before saw.
    static std::vector<std::string> late(int hour)
    {
        return {fmt::format("UPDATE orders SET amount = amount + 10 WHERE id = {}", 6000 + hour),
                fmt::format("INSERT INTO orders (id, amount) VALUES ({}, 9)", 500 + hour)};
    }

    /// Changes that none sees: of each kind one in an hour.
    static std::vector<std::string> unseen(int hour)
    {
        return {fmt::format("DELETE FROM orders WHERE id = {}", 7000 + hour),
                fmt::format("UPDATE orders SET amount = 99, changed = changed WHERE id = {}",
                            8000 + hour),
                fmt::format("UPDATE orders SET amount = 98, changed = '2001-02-03 04:05:06' "
                            "WHERE id = {}",
                            9000 + hour),
                fmt::format("INSERT INTO orders (id, amount, changed) VALUES ({}, 1, "
                            "'2001-02-03 04:05:06')",
                            600 + hour)};
    }

private:
    std::time_t m_start;
};

TEST_P(Lite, HourlyForADayThenNightlyFindsExactlyWhatLiteCannotSee)
{
    // What the zones do to clocks is the same between the families.
    const std::size_t count = same_family() ? clocks().size() : 1;
    for (std::size_t at = 0; at < count; ++at) {
        const Clock& clock = clocks()[at];
        SCOPED_TRACE(clock.name);
        on_both({"DROP TABLE IF EXISTS orders"});
        m_watermarks.values.clear();
        make_orders(clock);
        const Day day(std::time(nullptr) - 48 * 3600);
        // More than a day before the change that downstream shows: zones differ by as much.
        write_at(day.end_of(-60), clock.zone, {Day::first_rows()});
        write_at(day.end_of(-1), clock.zone, {"INSERT INTO orders (id, amount) VALUES (400, 1)"});
        ASSERT_EQ(slice(only("orders")).exit_status(), 0) << result("orders").reason;
        for (int hour = 0; hour < 24; ++hour) {
            SCOPED_TRACE(hour);
            // One of them in the very second of the last change, one a minute and a half before.
            const auto late = Day::late(hour);
            write_at(day.end_of(hour - 1), clock.zone, {late[0]});
            write_at(day.end_of(hour - 1) - 90, clock.zone, {late[1]});
            write_at(day.end_of(hour) - 60, clock.zone, Day::unseen(hour));
            write_at(day.end_of(hour), clock.zone, Day::seen(hour));
            ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
            ASSERT_EQ(result("orders").outcome, Outcome::lite);
            ASSERT_LT(result("orders").rows, 60U);
        }
        EXPECT_THAT(result("orders").reason, HasSubstr("Not seen: rows deleted upstream"));
        EXPECT_EQ(verify(only("orders")).exit_status(), 1);
        expect_counts("orders", 24, 24, 48);
        EXPECT_EQ(slice(only("orders")).exit_status(), 0) << result("orders").reason;
        expect_counts("orders", 24, 24, 48);
        expect_equal("orders");
    }
}

TEST_P(Lite, ARowFromTheFutureHidesNoLaterChange)
{
    for (const Clock& clock : clocks()) {
        SCOPED_TRACE(clock.name);
        on_both({"DROP TABLE IF EXISTS orders"});
        m_watermarks.values.clear();
        make_orders(clock);
        const std::time_t now = std::time(nullptr);
        write_at(now - 200000, clock.zone,
                 {"INSERT INTO orders (id, amount) VALUES (1, 1), (2, 1), (3, 1)"});
        m_up->run({"UPDATE orders SET changed = '2037-01-01 00:00:00' WHERE id = 3"});
        ASSERT_EQ(slice(only("orders")).exit_status(), 0) << result("orders").reason;
        for (int amount = 2; amount < 5; ++amount) {
            write_at(std::time(nullptr), clock.zone,
                     {fmt::format("UPDATE orders SET amount = {} WHERE id = 1", amount),
                      fmt::format("UPDATE orders SET amount = {0}, changed = changed WHERE id = 3",
                                  amount)});
            ASSERT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
            EXPECT_EQ(result("orders").changed, 2U);
            expect_equal("orders");
        }
    }
}

TEST_P(Lite, AnInterruptedRunHidesNoChangeFromTheNext)
{
    make_orders(clocks()[0]);
    const std::time_t now = std::time(nullptr);
    write_at(now - 9000, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (1), (1), (1), (1)"});
    for (int doubled = 0; doubled < 10; ++doubled)
        write_at(now - 9000, "+00:00", {"INSERT INTO orders (amount) SELECT 1 FROM orders"});
    ASSERT_EQ(slice(only("orders")).exit_status(), 0);
    // The first batch brings the latest change of all.
    write_at(now - 5000, "+00:00", {"UPDATE orders SET amount = 2"});
    write_at(now - 100, "+00:00", {"UPDATE orders SET amount = 3 WHERE id < 10"});
    interrupted(with("orders", {lite()}));
    EXPECT_EQ(down("SELECT SUM(amount = 3) FROM orders"), "9");
    EXPECT_NE(down("SELECT SUM(amount = 1) FROM orders"), "0");
    EXPECT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    expect_equal("orders");
}

TEST_P(Lite, AColumnThatIsNotCopiedSaysNothingDownstream)
{
    make_orders(clocks()[0]);
    const std::time_t now = std::time(nullptr);
    write_at(now - 9000, "+00:00", {"INSERT INTO orders (amount) VALUES (1), (1), (1)"});
    sync::TableChoices choices;
    choices.excluded = {"changed"};
    ASSERT_EQ(slice(only("orders", choices)).exit_status(), 0) << result("orders").reason;
    auto options = with("orders", {lite("changed")});
    options.tables[0].steps[0].choices = choices;
    options.watermarks = &m_watermarks;
    // Downstream's own clock is ahead of these.
    for (int id = 1; id <= 3; ++id) {
        write_at(now - 6000 + id * 1000, "+00:00",
                 {fmt::format("UPDATE orders SET amount = 2 WHERE id = {}", id)});
        ASSERT_EQ(slice(options).exit_status(), 0) << result("orders").reason;
        EXPECT_EQ(result("orders").changed, 1U) << id;
        EXPECT_EQ(result("orders").rows, id == 1 ? 3U : 2U) << id;
    }
    EXPECT_EQ(down("SELECT SUM(amount) FROM orders"), "6");
}

TEST_P(Lite, ANewTableIsCopiedWhole)
{
    make_orders(clocks()[0]);
    write_at(std::time(nullptr) - 100, "+00:00", {Day::first_rows()});
    EXPECT_EQ(slice_lite().exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(result("orders").copied, 9U * 24U);
    expect_equal("orders");
}

TEST_P(Lite, DryRunTellsAndWritesNothing)
{
    make_orders(clocks()[0]);
    const std::time_t now = std::time(nullptr);
    write_at(now - 9000, "+00:00", {Day::first_rows()});
    ASSERT_EQ(slice(only("orders")).exit_status(), 0);
    write_at(now - 100, "+00:00", Day::seen(0));
    auto options = with("orders", {lite()});
    options.watermarks = &m_watermarks;
    options.listing.keys = true;
    const auto before = dump(*m_down, "orders");
    EXPECT_EQ(dry_run(options).exit_status(), 1);
    EXPECT_EQ(dump(*m_down, "orders"), before);
    EXPECT_TRUE(m_watermarks.values["orders"].empty());
    expect_counts("orders", 3, 0, 4);
    EXPECT_EQ(m_seen->differences["orders"].size(), 7U);
    EXPECT_EQ(slice(options).exit_status(), 0) << result("orders").reason;
    EXPECT_EQ(dry_run(options).exit_status(), 0);
    EXPECT_EQ(result("orders").outcome, Outcome::lite);
}

TEST_P(Lite, OfAWholeRunNamesTheTablesThatItCannotDo)
{
    on_both({"CREATE TABLE keyless (v INT)",
             "CREATE TABLE grown (id INT PRIMARY KEY AUTO_INCREMENT, v INT)",
             "CREATE TABLE named (name VARBINARY(20) PRIMARY KEY, v INT)",
             "CREATE TABLE two (id INT PRIMARY KEY, a TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP, "
             "b DATETIME NULL ON UPDATE CURRENT_TIMESTAMP)",
             "INSERT INTO grown (v) VALUES (1), (2)"});
    m_up->run({"UPDATE grown SET v = 3 WHERE id = 1", "INSERT INTO grown (v) VALUES (4)"});
    sync::RunOptions options;
    options.lite = true;
    EXPECT_EQ(slice(options).exit_status(), 2);
    EXPECT_THAT(result("keyless").reason, HasSubstr("Use sync."));
    EXPECT_THAT(result("named").reason, HasSubstr("use sync."));
    EXPECT_THAT(result("two").reason, HasSubstr("the columns a, b all have ON UPDATE"));
    EXPECT_EQ(result("grown").outcome, Outcome::lite);
    EXPECT_THAT(result("grown").reason, HasSubstr("every change and every delete"));
    EXPECT_EQ(down("SELECT GROUP_CONCAT(v ORDER BY id) FROM grown"), "1,2,4");
    EXPECT_EQ(slice_lite("two", "b").exit_status(), 0) << result("two").reason;
    EXPECT_EQ(slice_lite("grown", "v").exit_status(), 2);
    EXPECT_THAT(result("grown").reason, HasSubstr("neither a TIMESTAMP nor a DATETIME"));
}

} // namespace
} // namespace slicetool::test
