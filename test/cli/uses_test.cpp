#include "cli/page.hpp"
#include "cli/server_fixture.hpp"

#include <fmt/format.h>

/// The pages in docs/uses/ do what they say.
namespace slicetool::test {
namespace {

/// Drops databases that a page has made.
class Databases
{
public:
    explicit Databases(const ScratchDatabase& server) : m_server(server) {}
    Databases(const Databases&) = delete;
    Databases& operator=(const Databases&) = delete;
    ~Databases()
    {
        for (const auto& name : m_names)
            m_server.run({"DROP DATABASE IF EXISTS " + sql::quote_identifier(name)});
    }

    /// A name that no other test uses.
    std::string add(const std::string& name)
    {
        m_names.push_back(fmt::format("slicetool_test_{}_{}", name, ::getpid()));
        m_server.run({"DROP DATABASE IF EXISTS " + sql::quote_identifier(m_names.back())});
        return m_names.back();
    }

private:
    const ScratchDatabase& m_server;
    std::vector<std::string> m_names;
};

class LocalCopyPage : public CliTest
{
};

INSTANTIATE_TEST_SUITE_P(
    Servers, LocalCopyPage,
    testing::Values(Pairing{"MariaDb", "SLICETOOL_TEST_MARIADB_A", "SLICETOOL_TEST_MARIADB_A"},
                    Pairing{"MySql", "SLICETOOL_TEST_MYSQL_A", "SLICETOOL_TEST_MYSQL_A"}),
    pairing_name);

TEST_P(LocalCopyPage, DoesWhatItSays)
{
    m_up->run({"CREATE TABLE customers (id INT NOT NULL PRIMARY KEY, email VARCHAR(80) UNIQUE)",
               "CREATE TABLE orders (id INT NOT NULL PRIMARY KEY, customer INT, total "
               "DECIMAL(10,2), FOREIGN KEY (customer) REFERENCES customers (id))"});
    std::string customers;
    std::string orders;
    for (int id = 1; id <= 2000; ++id) {
        customers += fmt::format("{}({}, 'c{}@example.com')", id == 1 ? "" : ",", id, id);
        orders += fmt::format("{}({}, {}, {}.25)", id == 1 ? "" : ",", id, id * 7 % 2000 + 1, id);
    }
    m_up->run({"INSERT INTO customers VALUES " + customers, "INSERT INTO orders VALUES " + orders});
    Databases made(*m_up);
    Page page("uses/local-copy.md");
    page.write_home(".my.cnf", fmt::format("[client]\nuser = {}\nsocket = {}\n",
                                           m_up->endpoint().user, m_up->endpoint().socket));
    page.replace("foo0", m_up->endpoint().database);
    for (const char* name : {"foo1", "copy_a", "copy_b", "shop_reports"})
        page.replace(name, made.add(name));
    EXPECT_EQ(page.run(), "");
}

/// A user of a server with a password, gone in the end.
class PageUser
{
public:
    PageUser(const ScratchDatabase& database, const std::string& name, const std::string& password,
             const std::string& privileges)
        : m_database(database), m_name(fmt::format("{}_{}", name, ::getpid()))
    {
        m_database.run(
            {"DROP USER IF EXISTS " + account(),
             "CREATE USER " + account() + " IDENTIFIED BY " + sql::quote_string(password),
             "GRANT " + privileges + " ON " +
                 sql::quote_identifier(m_database.endpoint().database) + ".* TO " + account()});
    }
    PageUser(const PageUser&) = delete;
    PageUser& operator=(const PageUser&) = delete;
    ~PageUser() { m_database.run({"DROP USER IF EXISTS " + account()}); }

    const std::string& name() const { return m_name; }

private:
    std::string account() const { return "`" + m_name + "`@`localhost`"; }

    const ScratchDatabase& m_database;
    std::string m_name;
};

class NightlyPage : public CliTest
{
};

INSTANTIATE_TEST_SUITE_P(
    Pairings, NightlyPage,
    testing::ValuesIn(pairings_where([](bool up, bool down) { return up == down; })), pairing_name);

TEST_P(NightlyPage, DoesWhatItSays)
{
    m_up->run({"CREATE TABLE orders (id INT NOT NULL PRIMARY KEY, total DECIMAL(10,2))"});
    std::string rows;
    for (int id = 1; id <= 1000; ++id)
        rows += fmt::format("{}({}, {}.25)", id == 1 ? "" : ",", id, id * 3);
    m_up->run({"INSERT INTO orders VALUES " + rows});
    const PageUser reader(*m_up, "reader", "the password of slice_reader", "SELECT");
    const PageUser writer(*m_down, "writer", "the password of slice_writer",
                          "SELECT, INSERT, DELETE, TRIGGER, CREATE");
    Page page("uses/nightly.md");
    page.replace("host: db1.shop.example\n    database: shop",
                 fmt::format("socket: {}\n    database: {}", m_up->endpoint().socket,
                             m_up->endpoint().database));
    page.replace("host: db2.shop.example\n    database: shop",
                 fmt::format("socket: {}\n    database: {}", m_down->endpoint().socket,
                             m_down->endpoint().database));
    page.replace("user: slice_reader", "user: " + reader.name());
    page.replace("user: slice_writer", "user: " + writer.name());
    page.before("night", [&] {
        m_up->run({"UPDATE orders SET total = total + 1 WHERE id % 100 = 7",
                   "DELETE FROM orders WHERE id = 500", "INSERT INTO orders VALUES (5000, 1)"});
    });
    page.before("look", [&] { m_down->run({"UPDATE orders SET total = 0 WHERE id = 42"}); });
    EXPECT_EQ(page.run(), "");
    EXPECT_EQ(dump(*m_up, "orders"), dump(*m_down, "orders"));
}

} // namespace
} // namespace slicetool::test
