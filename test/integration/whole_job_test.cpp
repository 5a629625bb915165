#include "db/schema.hpp"
#include "integration/recording_proxy.hpp"
#include "integration/sakila.hpp"
#include "integration/traps_fixture.hpp"

#include <nlohmann/json.hpp>
#include <set>

/// A job of thirty tables, Sakila among them, by the program itself: subsets by foreign keys, and
/// masks.
namespace slicetool::test {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;

constexpr int k_more_tables = 14;

std::vector<Pairing> same_families()
{
    return pairings_where([](bool up, bool down) { return up == down; });
}

class WholeJob : public TrapTest
{
protected:
    void SetUp() override
    {
        if (!has_sakila())
            GTEST_SKIP() << no_sakila();
        TrapTest::SetUp();
        if (!m_up)
            return;
        load_sakila(*m_up);
        make_more_tables();
        ASSERT_EQ(pull().exit_status(), 0) << m_told->text();
        ASSERT_EQ(slice(only("language")).exit_status(), 0) << "the job skips it";
        m_proxy = std::make_unique<RecordingProxy>(
            static_cast<std::uint16_t>(std::stoul(ask(*m_up, "SELECT @@port").at(0))));
    }

    /// visits01 refers to customers, each other one to the one before it.
    void make_more_tables() const
    {
        for (int at = 1; at <= k_more_tables; ++at) {
            const std::string parent =
                at == 1 ? "customer (customer_id)" : fmt::format("visits{:02} (id)", at - 1);
            const std::string type = at == 1 ? "SMALLINT UNSIGNED" : "INT";
            m_up->run({fmt::format("CREATE TABLE visits{:02} (id INT PRIMARY KEY, parent {}{}, "
                                   "remark VARCHAR(60), FOREIGN KEY (parent) REFERENCES {}) "
                                   "CHARACTER SET utf8mb4",
                                   at, type, at % 2 == 1 ? " NOT NULL" : "", parent)});
            std::vector<std::string> rows;
            for (int id = 1; id <= 500; ++id)
                rows.push_back(
                    fmt::format("({0},{1},'Confidential remark {0}')", id,
                                at % 2 == 0 && id % 10 == 0 ? "NULL" : std::to_string(id)));
            m_up->run(inserts(fmt::format("visits{:02}", at), rows));
        }
    }

    static std::string steps_of(int table)
    {
        switch (table) {
        case k_more_tables - 2:
            return ", steps: [lite, sync]";
        case k_more_tables - 1:
            return ", steps: [clear, sync]";
        case k_more_tables:
            return ", steps: [sql: ANALYZE TABLE visits14, keys: {query: SELECT id FROM visits14 "
                   "WHERE parent IS NULL}]";
        default:
            return "";
        }
    }

    static std::string config()
    {
        std::string tables;
        for (const char* name : {"actor", "category", "city", "country", "film_actor",
                                 "film_category", "inventory", "payment", "rental", "store"})
            tables += fmt::format("      - {}\n", name);
        for (int at = 1; at <= k_more_tables; ++at)
            tables += fmt::format("      - {{table: visits{:02}, mask: {{remark: {}}}{}}}\n", at,
                                  at % 3 == 0   ? "hash"
                                  : at % 3 == 1 ? "digits"
                                                : "\"CONCAT('remark ', id)\"",
                                  steps_of(at));
        return "jobs:\n"
               "  whole:\n"
               "    from: up\n"
               "    to: down\n"
               "    follow: auto\n"
               "    max_delete: 100%\n"
               "    mask_key_env: KEY_OF_THE_TEST\n"
               "    tables:\n"
               "      - table: address\n"
               "        mask: {address: hash, phone: digits, address2: null}\n"
               "      - table: customer\n"
               "        where: customer_id % 3 = 1\n"
               "        mask:\n"
               "          email: email\n"
               "          first_name: name\n"
               "          last_name: CONCAT('C', customer_id)\n"
               "      - table: film\n"
               "        where: film_id <= 500\n"
               "      - table: film_text\n"
               "        mask: {description: digits}\n"
               "        steps:\n"
               "          - replace: {query: SELECT * FROM film_text WHERE film_id <= 500}\n"
               "      - {table: language, skip: true}\n"
               "      - table: staff\n"
               "        mask: {email: email, username: constant, password: null, picture: null,\n"
               "               first_name: name, last_name: constant}\n" +
               tables;
    }

    Ended slicetool_run(const std::vector<std::string>& words, const std::string& log) const
    {
        m_folder.write("job.yaml",
                       fmt::format("endpoints:\n"
                                   "  up: {{host: 127.0.0.1, port: {}, user: root, database: {}, "
                                   "ssl_mode: disabled}}\n"
                                   "  down: {{socket: {}, user: root, database: {}}}\n",
                                   m_proxy->port(), m_up->endpoint().database,
                                   m_down->endpoint().socket, m_down->endpoint().database) +
                           config());
        std::vector<std::string> all = words;
        for (const std::string& word :
             {"--config"s, m_folder.path() + "/job.yaml", "--job"s, "whole"s, "--json"s,
              "--log-level"s, "trace"s, "--log-file"s, m_folder.path() + "/" + log})
            all.push_back(word);
        return slicetool(all, {{"KEY_OF_THE_TEST", "thirty-two bytes of a secret key"}});
    }

    /// Values of masked columns, long enough not to turn up by chance.
    std::set<std::string> masked_values() const
    {
        std::set<std::string> values{"Confidential"};
        for (const char* query : {"SELECT email FROM customer", "SELECT CONCAT(email) FROM staff",
                                  "SELECT address FROM address WHERE LENGTH(address) >= 8",
                                  "SELECT phone FROM address WHERE LENGTH(phone) >= 10",
                                  "SELECT password FROM staff WHERE password IS NOT NULL"}) {
            for (auto& value : ask(*m_up, query)) {
                value.pop_back();
                values.insert(value);
            }
        }
        return values;
    }

    void expect_no_masked_value(const std::string& text, const std::string& where) const
    {
        for (const auto& value : masked_values())
            EXPECT_EQ(text.find(value), std::string::npos) << where << " holds " << value;
    }

    /// Every foreign key of upstream, made anew downstream, where the server checks each row.
    void expect_foreign_keys() const
    {
        std::size_t keys = 0;
        db::Session upstream = m_up->open(db::Role::reader);
        for (const auto& table : db::read_tables(upstream, db::list_tables(upstream))) {
            std::string made;
            std::string dropped;
            for (const auto& key : table.foreign_keys) {
                const std::string name = fmt::format("again{}", ++keys);
                made += fmt::format("{} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
                                    made.empty() ? "" : ",", name,
                                    sql::quote_identifiers(key.columns), key.referenced_table,
                                    sql::quote_identifiers(key.referenced_columns));
                dropped += fmt::format("{} DROP FOREIGN KEY {}", dropped.empty() ? "" : ",", name);
            }
            if (!made.empty())
                m_down->run({"SET foreign_key_checks = 1", "ALTER TABLE " + table.name + made,
                             "ALTER TABLE " + table.name + dropped});
        }
        EXPECT_EQ(keys, 22U + k_more_tables);
    }

    std::string count(const ScratchDatabase& database, const std::string& rows) const
    {
        return ask(database, "SELECT COUNT(*) FROM " + rows).at(0);
    }

    void expect_subset() const
    {
        for (const char* rows : {"customer WHERE customer_id % 3 = 1", "film WHERE film_id <= 500"})
            EXPECT_EQ(count(*m_down, std::string(rows).substr(0, std::string(rows).find(' '))),
                      count(*m_up, rows));
        EXPECT_EQ(count(*m_down, "rental"),
                  count(*m_up, "rental WHERE customer_id % 3 = 1 AND inventory_id IN (SELECT "
                               "inventory_id FROM inventory WHERE film_id <= 500)"));
        EXPECT_EQ(count(*m_down, "visits01"), count(*m_up, "visits01 WHERE parent % 3 = 1"));
    }

    TemporaryFolder m_folder;
    std::unique_ptr<RecordingProxy> m_proxy;
};

INSTANTIATE_TEST_SUITE_P(Pairings, WholeJob, testing::ValuesIn(same_families()), pairing_name);

TEST_P(WholeJob, OfThirtyTablesHoldsTogetherAndLetsNoMaskedValueOut)
{
    const Ended first = slicetool_run({"slice"}, "first.log");
    ASSERT_EQ(first.status, 0) << first.err << first.out;
    const auto told = nlohmann::json::parse(first.out);
    EXPECT_EQ(told["totals"]["tables"], 30);
    EXPECT_EQ(told["totals"]["outcomes"]["skipped"], 1) << first.out;
    EXPECT_EQ(told["totals"]["outcomes"]["failed"], 0) << first.out;
    EXPECT_EQ(told["totals"]["outcomes"]["refused"], 0) << first.out;
    EXPECT_TRUE(told["dangling"].empty()) << told["dangling"].dump();
    expect_subset();

    // Customers come and go, masked values change, and somebody writes downstream.
    m_up->run({"SET foreign_key_checks = 0",
               "UPDATE customer SET last_name = 'Confidential', email = CONCAT('x', email) WHERE "
               "customer_id IN (4, 5, 7)",
               "UPDATE address SET phone = '000111222333' WHERE address_id < 20",
               "UPDATE visits01 SET parent = parent + 1 WHERE id BETWEEN 20 AND 40",
               "UPDATE rental SET customer_id = 1 + customer_id % 599 WHERE rental_id % 50 = 0"});
    m_down->run({"UPDATE customer SET email = 'nobody' WHERE customer_id = 10",
                 "DELETE FROM visits05 WHERE id % 7 = 0",
                 "INSERT INTO country VALUES (999, 'X', NOW())"});
    const Ended compared = slicetool_run({"verify", "--list-keys", "--column-diff"}, "verify.log");
    EXPECT_EQ(compared.status, 1) << compared.err;
    const Ended second = slicetool_run({"slice"}, "second.log");
    ASSERT_EQ(second.status, 0) << second.err << second.out;
    expect_subset();
    expect_foreign_keys();
    const Ended again = slicetool_run({"verify", "--exclude", "visits13"}, "again.log");
    EXPECT_EQ(again.status, 0) << again.out; // visits13 is cleared first

    expect_no_masked_value(m_proxy->sent_by_server(), "what upstream sent");
    for (const auto& ended : {first, compared, second})
        expect_no_masked_value(ended.out + ended.err, "a report");
    for (const char* log : {"first.log", "verify.log", "second.log", "again.log"}) {
        expect_no_masked_value(m_folder.read(log), log);
        EXPECT_THAT(m_folder.read(log), Not(HasSubstr("thirty-two bytes")));
    }
    EXPECT_THAT(m_proxy->sent_by_server(), HasSubstr("ACADEMY DINOSAUR")) << "nothing was recorded";
}

} // namespace
} // namespace slicetool::test
