#include "cli/page.hpp"
#include "integration/steps_fixture.hpp"

/// docs/uses/hourly-lite.md, done as it says.
namespace slicetool::test {
namespace {

using HourlyLitePage = StepsTest;

INSTANTIATE_TEST_SUITE_P(
    Pairings, HourlyLitePage,
    testing::ValuesIn(pairings_where([](bool up, bool down) { return up == down; })), pairing_name);

TEST_P(HourlyLitePage, DoesWhatItSays)
{
    Page page("uses/hourly-lite.md");
    page.replace("host: db1.shop.example", "socket: " + m_up->endpoint().socket);
    page.replace("host: staging.shop.example", "socket: " + m_down->endpoint().socket);
    page.replace("database: shop_staging", "database: " + m_down->endpoint().database);
    page.replace("database: shop\n", "database: " + m_up->endpoint().database + "\n");
    page.replace("user: slicer", "user: root");
    const std::string changed =
        "changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP";
    m_up->run(
        {"SET timestamp = UNIX_TIMESTAMP() - 7200",
         "CREATE TABLE customers (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40), " + changed +
             ")",
         "CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, total INT, " + changed + ")",
         "CREATE TABLE audit_log (id INT PRIMARY KEY AUTO_INCREMENT, line VARCHAR(40))",
         "INSERT INTO customers (name) VALUES ('Ada'), ('Grace')",
         "INSERT INTO orders (total) VALUES (1), (2), (3)",
         "INSERT INTO audit_log (line) VALUES ('made')"});
    ASSERT_EQ(page.run("shop.yaml"), "");
    ASSERT_EQ(page.run("first"), "");
    m_up->run({"UPDATE customers SET name = 'Ada L.' WHERE id = 1",
               "INSERT INTO orders (total) VALUES (4)",
               "INSERT INTO audit_log (line) VALUES ('changed')"});
    ASSERT_EQ(page.run("hourly"), "");
    for (const char* table : {"customers", "orders", "audit_log"})
        expect_equal(table);
    m_up->run({"DELETE FROM orders WHERE id = 1"});
    ASSERT_EQ(page.run("hourly"), "");
    ASSERT_EQ(page.run("missed"), "");
    EXPECT_EQ(down("SELECT COUNT(*) FROM orders"), "4");
    ASSERT_EQ(page.run("nightly"), "");
    expect_equal("orders");
}

} // namespace
} // namespace slicetool::test
