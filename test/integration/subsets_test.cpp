#include "integration/traps_fixture.hpp"

namespace slicetool::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// regions <- customers <- orders <- items; orders -> shops (may be NULL); notes -> orders by two
/// columns. Columns of the same names in all of them.
class SubsetsTest : public TrapTest
{
protected:
    void SetUp() override
    {
        TrapTest::SetUp();
        if (!m_up)
            return;
        m_up->run(
            {"CREATE TABLE regions (id INT PRIMARY KEY, name VARCHAR(20))",
             "CREATE TABLE customers (id INT PRIMARY KEY, region_id INT NOT NULL, name "
             "VARCHAR(20), "
             "FOREIGN KEY (region_id) REFERENCES regions (id))",
             "CREATE TABLE shops (id INT PRIMARY KEY, name VARCHAR(20))",
             "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT NOT NULL, shop_id INT, day "
             "INT "
             "NOT NULL, name VARCHAR(20), UNIQUE KEY (id, day), FOREIGN KEY (customer_id) "
             "REFERENCES "
             "customers (id), FOREIGN KEY (shop_id) REFERENCES shops (id))",
             "CREATE TABLE items (id INT PRIMARY KEY, order_id INT NOT NULL, name VARCHAR(20), "
             "FOREIGN "
             "KEY (order_id) REFERENCES orders (id))",
             "CREATE TABLE notes (id INT PRIMARY KEY, order_id INT, day INT, name VARCHAR(20), "
             "FOREIGN KEY (order_id, day) REFERENCES orders (id, day))",
             "INSERT INTO regions VALUES (1,'north'),(2,'south')",
             "INSERT INTO shops VALUES (1,'one'),(2,'two')"});
        std::vector<std::string> customers;
        std::vector<std::string> orders;
        std::vector<std::string> items;
        std::vector<std::string> notes;
        for (int id = 1; id <= 300; ++id)
            customers.push_back(fmt::format("({0},{1},'c{0}')", id, 1 + id % 2));
        for (int id = 1; id <= 1500; ++id) {
            orders.push_back(fmt::format("({0},{1},{2},{3},'o{0}')", id, 1 + id % 300,
                                         id % 3 == 0 ? "NULL" : std::to_string(id % 3), id % 50));
            items.push_back(fmt::format("({0},{0},'i{0}'),({1},{0},'i{1}')", id, 10'000 + id));
            notes.push_back(id % 4 == 0 ? fmt::format("({0},NULL,{1},'n')", id, id % 50)
                                        : fmt::format("({0},{0},{1},'n')", id, id % 50));
        }
        m_up->run(inserts("customers", customers));
        m_up->run(inserts("orders", orders));
        m_up->run(inserts("items", items));
        m_up->run(inserts("notes", notes));
        pull_definitions();
    }

    static sync::RunOptions job(const std::map<std::string, std::string>& conditions)
    {
        sync::RunOptions options;
        options.follow.automatic = true;
        for (const char* name : {"regions", "customers", "shops", "orders", "items", "notes"}) {
            const auto said = conditions.find(name);
            sync::TableChoices choices;
            choices.where = said == conditions.end() ? "" : said->second;
            options.follow.tables.push_back({name, choices.where, false, {}});
            options.tables.push_back({name, {sync::sync_step(choices)}, std::nullopt, ""});
        }
        options.delete_limit.fraction = 1;
        return options;
    }

    /// Downstream's foreign keys hold, by the server's own check.
    void expect_foreign_keys() const
    {
        m_down->run(
            {"SET foreign_key_checks = 1",
             "ALTER TABLE customers ADD CONSTRAINT c1 FOREIGN KEY (region_id) REFERENCES "
             "regions (id)",
             "ALTER TABLE orders ADD CONSTRAINT o1 FOREIGN KEY (customer_id) REFERENCES "
             "customers (id), ADD CONSTRAINT o2 FOREIGN KEY (shop_id) REFERENCES shops (id)",
             "ALTER TABLE items ADD CONSTRAINT i1 FOREIGN KEY (order_id) REFERENCES orders "
             "(id)",
             "ALTER TABLE notes ADD CONSTRAINT n1 FOREIGN KEY (order_id, day) REFERENCES "
             "orders (id, day)",
             "ALTER TABLE notes DROP FOREIGN KEY n1", "ALTER TABLE items DROP FOREIGN KEY i1",
             "ALTER TABLE orders DROP FOREIGN KEY o1", "ALTER TABLE orders DROP FOREIGN KEY o2",
             "ALTER TABLE customers DROP FOREIGN KEY c1"});
    }

    static std::string ids(const ScratchDatabase& database, const std::string& query)
    {
        return ask(database, "SELECT COUNT(*), COALESCE(SUM(id), 0) FROM " + query).at(0);
    }
    std::string here(const std::string& table) const { return ids(*m_down, table); }
    std::string there(const std::string& query) const { return ids(*m_up, query); }

    std::vector<std::string> dangling() const
    {
        std::vector<std::string> told;
        for (const auto& note : m_seen->notes) {
            if (note.find("rows that are not there") != std::string::npos)
                told.push_back(note);
        }
        return told;
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, SubsetsTest, testing::ValuesIn(pairings()), pairing_name);

TEST_P(SubsetsTest, HoldTogetherAndStayExact)
{
    const auto options = job({{"regions", "name = 'north'"}, {"orders", "day < 40"}});
    ASSERT_EQ(slice(options).exit_status(), 0) << result("orders").reason;
    const std::string orders =
        "orders WHERE day < 40 AND customer_id IN (SELECT id FROM customers WHERE region_id = 1)";
    EXPECT_EQ(here("regions"), "1 1 ");
    EXPECT_EQ(here("customers"), there("customers WHERE region_id = 1"));
    EXPECT_EQ(here("orders"), there(orders));
    EXPECT_EQ(here("items"), there("items WHERE order_id IN (SELECT id FROM " + orders + ")"));
    EXPECT_EQ(here("notes"),
              there("notes WHERE order_id IS NULL OR order_id IN (SELECT id FROM " + orders + ")"));
    EXPECT_THAT(dangling(), IsEmpty());
    expect_foreign_keys();
    EXPECT_EQ(verify(options).exit_status(), 0);

    // Customers move: their orders and all that belongs to these come or go, and nothing else does.
    m_up->run({"UPDATE customers SET region_id = 2 WHERE id = 2",
               "UPDATE customers SET region_id = 1 WHERE id = 3"});
    ASSERT_EQ(slice(options).exit_status(), 0) << result("orders").reason;
    expect_counts(result("customers"), {1, 1, 0});
    EXPECT_EQ(here("orders"), there(orders));
    EXPECT_EQ(here("items"), there("items WHERE order_id IN (SELECT id FROM " + orders + ")"));
    EXPECT_GT(result("items").deleted, 0U);
    EXPECT_EQ(result("items").deleted, result("items").extra);
    EXPECT_EQ(result("items").copied, result("items").missing);
    expect_foreign_keys();
    EXPECT_EQ(verify(options).exit_status(), 0);
}

TEST_P(SubsetsTest, OfSomeTablesOfAJobAreTheSameAsOfAll)
{
    auto options = job({{"regions", "name = 'north'"}});
    ASSERT_EQ(slice(options).exit_status(), 0);
    std::erase_if(options.tables, [](const auto& order) { return order.name != "items"; });
    EXPECT_EQ(verify(options).exit_status(), 0);
    EXPECT_EQ(m_seen->tables.size(), 1U);
}

TEST_P(SubsetsTest, PullParentsThatTheirRowsNeed)
{
    auto options =
        job({{"regions", "name = 'north'"}, {"customers", "id <= 20"}, {"orders", "day = 7"}});
    options.follow.pull_parents = true;
    ASSERT_EQ(slice(options).exit_status(), 0) << result("customers").reason;
    EXPECT_EQ(here("orders"), there("orders WHERE day = 7"));
    EXPECT_EQ(here("customers"), there("customers WHERE id <= 20 OR id IN (SELECT customer_id FROM "
                                       "orders WHERE day = 7)"));
    EXPECT_EQ(here("regions"), "2 3 ");
    EXPECT_EQ(here("items"),
              there("items WHERE order_id IN (SELECT id FROM orders WHERE day = 7)"));
    expect_foreign_keys();
    EXPECT_EQ(verify(options).exit_status(), 0);
}

TEST_P(SubsetsTest, TellWhatDanglesByWhichReference)
{
    auto options = job({{"regions", "name = 'north'"}});
    options.follow.automatic = false;
    options.follow.references = {{"customers", {"region_id"}, "regions", {"id"}, "shop.yaml:3"}};
    ASSERT_EQ(slice(options).exit_status(), 0);
    EXPECT_THAT(dangling(), IsEmpty()) << "orders is not followed";
    options.follow.references.push_back(
        {"orders", {"customer_id"}, "customers", {"id"}, "shop.yaml:4"});
    // Followed, but downstream's customers are lost to somebody else's hands afterwards.
    ASSERT_EQ(slice(options).exit_status(), 0);
    m_down->run({"DELETE FROM customers WHERE id = 2", "DELETE FROM orders WHERE id = 1"});
    std::erase_if(options.tables, [](const auto& order) { return order.name != "orders"; });
    ASSERT_EQ(slice(options).exit_status(), 0);
    EXPECT_THAT(dangling(),
                testing::ElementsAre("Downstream, 5 rows of orders refer by orders.customer_id -> "
                                     "customers.id to rows that are not there, for example by the "
                                     "value 2."));
}

TEST_P(SubsetsTest, AreRefusedWhereNoConditionCanSayThem)
{
    const auto refused = [&](sync::RunOptions options) -> std::string {
        try {
            slice(std::move(options));
        } catch (const base::Refusal& why) {
            return why.what();
        }
        return "";
    };
    auto kept = job({{"regions", "id = 1"}});
    kept.tables[3].steps[0].choices.keep_outside = true;
    EXPECT_THAT(refused(kept), HasSubstr("Table orders: \"outside: keep\""));
    // `region_id` is a column of customers, not of regions: alone, it is a mistake.
    EXPECT_THAT(refused(job({{"regions", "region_id = 1"}})),
                HasSubstr("Table regions: the condition in 'where' is not taken by "));
    auto unknown = job({});
    unknown.follow.references = {{"orders", {"nowhere"}, "shops", {"id"}, "shop.yaml:3"}};
    EXPECT_THAT(refused(unknown), HasSubstr("shop.yaml:3"));
    EXPECT_TRUE(dump(*m_down, "regions").empty());
}

} // namespace
} // namespace slicetool::test
