#include "integration/recording_proxy.hpp"
#include "integration/traps_fixture.hpp"
#include "sync/mask_key.hpp"

#include <array>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* k_key = "a key that only this test knows";

class MasksTest : public TrapTest
{
protected:
    void SetUp() override
    {
        TrapTest::SetUp();
        if (!m_up)
            return;
        m_upstream = m_up->endpoint();
        sync::add_mask_key(m_upstream, k_key);
    }

    sync::RunSummary run_masked(sync::RunOptions options, sync::Mode mode = sync::Mode::make_equal)
    {
        options.command = mode == sync::Mode::make_equal ? "slice" : "verify";
        options.mode = mode;
        m_seen = std::make_unique<RunRecorder>();
        return sync::run(m_upstream, m_down->endpoint(), options, *m_seen, m_stop);
    }

    static sync::TableChoices masks(const std::vector<std::pair<std::string, std::string>>& said)
    {
        sync::TableChoices choices;
        for (const auto& [column, text] : said)
            choices.masks.push_back({column, text, "shop.yaml:7"});
        return choices;
    }

    /// The table is made equal to the rows of `expected`, a query upstream that yields them masked.
    void expect_masked(const std::string& table, const sync::TableChoices& choices,
                       const std::string& expected)
    {
        EXPECT_EQ(run_masked(only(table, choices)).exit_status(), 0) << result(table).reason;
        const auto rows = dump(*m_down, table);
        m_up->run({"CREATE TABLE " + table + "_twin LIKE " + table});
        {
            db::Session session = db::Session::open(m_upstream, db::Role::writer);
            session.execute("twin", "INSERT INTO " + table + "_twin " + expected);
        }
        EXPECT_EQ(comparable(dump(*m_up, table + "_twin")), comparable(rows));
        EXPECT_EQ(run_masked(only(table, choices), sync::Mode::compare).exit_status(), 0)
            << result(table).reason;
        m_up->run({"DROP TABLE " + table + "_twin"});
    }

    /// A slice that refuses the table in a sentence that contains `words`, before any write.
    void expect_refused(const std::string& table, const sync::TableChoices& choices,
                        const std::string& words)
    {
        const auto before = dump(*m_down, table);
        EXPECT_EQ(run_masked(only(table, choices)).exit_status(), 2);
        EXPECT_EQ(result(table).outcome, report::Outcome::refused) << result(table).reason;
        EXPECT_THAT(result(table).reason, HasSubstr(words));
        EXPECT_THAT(result(table).reason, HasSubstr("shop.yaml:7"));
        EXPECT_THAT(result(table).reason, testing::EndsWith("."));
        EXPECT_EQ(dump(*m_down, table), before) << "a refused table was written to";
    }

    base::Endpoint m_upstream;
};

INSTANTIATE_TEST_SUITE_P(Pairings, MasksTest, testing::ValuesIn(pairings()), pairing_name);

TEST_P(MasksTest, ExpressionsComeAsTheColumnsOfEachTypeStoreThem)
{
    m_up->run({"CREATE TABLE t (id INT PRIMARY KEY, n SMALLINT UNSIGNED, m MEDIUMINT ZEROFILL, "
               "dec1 DECIMAL(9,3), f FLOAT, d DOUBLE, y YEAR, da DATE, ti TIME(2), dt DATETIME(3), "
               "ts TIMESTAMP NULL, bi BIT(9), e ENUM('red','green','Blue'), s SET('a','b','c'), "
               "c CHAR(9), v VARCHAR(30), l VARCHAR(30) CHARACTER SET latin1, b BINARY(5), "
               "vb VARBINARY(9), tt TINYTEXT, te TEXT, tb TINYBLOB, bl BLOB) CHARACTER SET utf8mb4 "
               "COLLATE utf8mb4_bin",
               "INSERT INTO t VALUES (1, 7, 42, 1.5, 0.1, 2.5, 2024, '2024-02-29', '11:12:13.25', "
               "'2024-02-29 11:12:13.125', '2024-02-29 11:12:13', 5, 'red', 'a,c', 'Bob', "
               "'Müller 日本', 'Größe', 'ab', x'00ff00', 'tiny', 'long', x'01', x'02')",
               "INSERT INTO t (id) VALUES (2)"});
    pull_definitions();
    expect_masked(
        "t",
        masks({{"n", "n + 1.5"},
               {"m", "'17'"},
               {"dec1", "dec1 * 2 / 3"},
               {"f", "f + 1"},
               {"d", "d / 3"},
               {"y", "y - 10"},
               {"da", "CONCAT(YEAR(da), '-01-01')"},
               {"ti", "'00:00:01'"},
               {"dt", "CONCAT(LEFT(dt, 4), '-01-01 00:00:00')"},
               {"ts", "ts + INTERVAL 1 DAY"},
               {"bi", "bi + 1"},
               {"e", "IF(id = 1, 'Blue', NULL)"},
               {"s", "'b,c'"},
               {"c", "CONCAT(LEFT(c, 1), '  ')"},
               {"v", "CONCAT('«', v, '»')"},
               {"l", "CONCAT('é', CONVERT(LEFT(l, 0) USING utf8mb4))"},
               {"b", "LEFT(b, 1)"},
               {"vb", "CONCAT(vb, 'x')"},
               {"tt", "REPEAT('ä', 127)"},
               {"te", "CONCAT(v, '/', te)"},
               {"tb", "LEFT('quick', 1)"},
               {"bl", "NULL"}}),
        "SELECT id, n + 1.5, 17, dec1 * 2 / 3, f + 1, d / 3, y - 10, "
        "CONCAT(YEAR(da), '-01-01'), '00:00:01', CONCAT(LEFT(dt, 4), '-01-01 00:00:00'), "
        "ts + INTERVAL 1 DAY, bi + 1, IF(id = 1, 'Blue', NULL), 'b,c', LEFT(c, 1), "
        "CONCAT(_utf8mb4'«', v, _utf8mb4'»'), IF(l IS NULL, NULL, _utf8mb4'é'), LEFT(b, 1), "
        "CONCAT(vb, 'x'), REPEAT(_utf8mb4'ä', 127), CONCAT(v, _utf8mb4'/', te), 'q', NULL FROM t");
}

/// RFC 4231, test cases 1, 3 and 6.
TEST_P(MasksTest, TheKeyedDigestIsHmacSha256)
{
    const std::string large = "Test Using Larger Than Block-Size Key - Hash Key First";
    const std::vector<std::array<std::string, 3>> cases{
        {std::string(20, '\x0b'), "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {std::string(20, '\xaa'), std::string(50, '\xdd'),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {std::string(131, '\xaa'), large,
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"}};
    for (const auto& [key, message, expected] : cases) {
        base::Endpoint endpoint = m_up->endpoint();
        sync::add_mask_key(endpoint, key);
        db::Session session = db::Session::open(endpoint, db::Role::reader);
        EXPECT_EQ(session.query_value(
                      "hmac", "SELECT " + sync::keyed_digest_sql(sql::quote_string(message))),
                  expected);
    }
}

TEST_P(MasksTest, NamedMasksAreAsDocumented)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY, email VARCHAR(60) NOT NULL UNIQUE, "
             "name VARCHAR(40), phone VARCHAR(20), ssn VARCHAR(11), token VARBINARY(16), "
             "customer INT, note TEXT, born DATE NOT NULL) CHARACTER SET utf8mb4 "
             "COLLATE utf8mb4_bin"});
    m_up->run({"INSERT INTO t VALUES (1,'a@shop.example','Ann','+49 30 1234','123-45-6789',x'01',"
               "77,'n1','1980-05-05'),(2,'b@shop.example','Ann',NULL,NULL,NULL,NULL,NULL,"
               "'1981-05-05')"});
    const sync::TableChoices choices = [] {
        auto all = masks({{"email", "email"},
                          {"name", "name"},
                          {"phone", "digits"},
                          {"token", "hash"},
                          {"customer", "hash"},
                          {"note", "hash"},
                          {"born", "constant"}});
        all.masks.push_back({"ssn", std::nullopt, ""});
        return all;
    }();
    ASSERT_EQ(run_masked(only("t", choices)).exit_status(), 0) << result("t").reason;
    EXPECT_EQ(run_masked(only("t", choices), sync::Mode::compare).exit_status(), 0);
    // The values stand here so that nobody changes them by accident: stored slices would differ.
    EXPECT_EQ(
        ask(*m_down, "SELECT id, email, name, phone, HEX(token), customer, note, ssn, born "
                     "FROM t ORDER BY id"),
        (std::vector<std::string>{
            "1 46c3320edaae00a368f7@example.com Noa Brown 45805372703 "
            "D274CD21429EB93F7EB24D201EB1B84C 2118646850 "
            "7ba917a189e1fbdabb4f770ec91f8e32e8a5dae6649a765350d8561af9bff72a NULL 2000-01-01 ",
            "2 9ae6d056fed7ba03dade@example.com Noa Brown NULL NULL NULL NULL NULL 2000-01-01 "}));
}

TEST_P(MasksTest, AreRepairedLikeOtherValues)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(40), n INT) CHARACTER SET utf8mb4"});
    m_up->run(inserts("t", [] {
        std::vector<std::string> rows;
        for (int id = 1; id <= 3000; ++id)
            rows.push_back(fmt::format("({0},'person {0}',{0})", id));
        return rows;
    }()));
    const auto choices = masks({{"name", "name"}});
    ASSERT_EQ(run_masked(only("t", choices)).exit_status(), 0) << result("t").reason;
    const auto masked = dump(*m_down, "t");

    m_down->run({"UPDATE t SET name = 'somebody' WHERE id IN (5, 1700)",
                 "DELETE FROM t WHERE id = 2999", "INSERT INTO t VALUES (9999, 'x', 1)"});
    EXPECT_EQ(run_masked(only("t", choices), sync::Mode::compare).exit_status(), 1);
    expect_counts(result("t"), {1, 1, 2});
    ASSERT_EQ(run_masked(only("t", choices)).exit_status(), 0) << result("t").reason;
    expect_counts(result("t"), {1, 1, 2});
    EXPECT_EQ(dump(*m_down, "t"), masked);

    // A masked value that changes upstream in a way that the mask does not show is no difference.
    m_up->run({"UPDATE t SET name = 'person 8' WHERE id = 8", "UPDATE t SET n = -1 WHERE id = 9"});
    ASSERT_EQ(run_masked(only("t", choices)).exit_status(), 0) << result("t").reason;
    expect_counts(result("t"), {0, 0, 1});

    // Another key, other values.
    sync::add_mask_key(m_upstream, std::string(k_key) + "!");
    EXPECT_EQ(run_masked(only("t", choices), sync::Mode::compare).exit_status(), 1);
    EXPECT_GT(result("t").changed, 2900U);
}

TEST_P(MasksTest, OfTablesWithoutKeyAreComparedByTheirDigests)
{
    on_both({"CREATE TABLE t (a INT, name VARCHAR(40)) CHARACTER SET utf8mb4"});
    m_up->run({"INSERT INTO t VALUES (1,'x'),(1,'x'),(2,'y'),(NULL,NULL)"});
    expect_masked("t", masks({{"name", "CONCAT('m', name)"}}),
                  "SELECT a, CONCAT('m', name) FROM t");
}

TEST_P(MasksTest, UniqueValuesMayBeSwapped)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY, email VARCHAR(60) NOT NULL UNIQUE) CHARACTER SET "
             "utf8mb4"});
    m_up->run({"INSERT INTO t VALUES (1,'a'),(2,'b'),(3,'c')"});
    const auto choices = masks({{"email", "email"}});
    ASSERT_EQ(run_masked(only("t", choices)).exit_status(), 0) << result("t").reason;
    m_up->run({"UPDATE t SET email = 'z' WHERE id = 1", "UPDATE t SET email = 'a' WHERE id = 2",
               "UPDATE t SET email = 'b' WHERE id = 1"});
    ASSERT_EQ(run_masked(only("t", choices)).exit_status(), 0) << result("t").reason;
    expect_counts(result("t"), {0, 0, 2});
}

TEST_P(MasksTest, ThatMakeUniqueValuesAlikeAreRefused)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY, email VARCHAR(60) NOT NULL UNIQUE) CHARACTER SET "
             "utf8mb4 COLLATE utf8mb4_bin"});
    m_up->run({"INSERT INTO t VALUES (1,'adam'),(2,'berta'),(3,'anna')"});
    expect_refused("t", masks({{"email", "LEFT(email, 1)"}}), "takes no two rows that are masked");
    EXPECT_THAT(result("t").reason, Not(HasSubstr("adam")));
    expect_refused("t", masks({{"email", "constant"}}), "3 rows with email='x'");
}

TEST_P(MasksTest, ThatCannotBeAreRefused)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY, code INT NOT NULL, name VARCHAR(20) NOT NULL, "
             "twice INT AS (code * 2), short VARCHAR(10)) CHARACTER SET utf8mb4"});
    m_up->run({"INSERT INTO t (id, code, name) VALUES (1, 1, 'Ann')"});
    expect_refused("t", masks({{"id", "id + 1"}}), "is for a part of the key");
    expect_refused("t", masks({{"twice", "1"}}), "generated column");
    expect_refused("t", masks({{"nome", "1"}}), "has no column on either side");
    expect_refused("t", masks({{"name", "nome"}}), "cannot be evaluated upstream");
    expect_refused("t", masks({{"name", "MAX(name)"}}), "cannot be evaluated upstream");
    expect_refused("t", masks({{"name", "name, id"}}), "cannot be evaluated upstream");
    expect_refused("t", masks({{"name", "NOSUCH(name)"}}), "cannot be evaluated upstream");
    expect_refused("t", masks({{"name", "NULLIF(name, 'Ann')"}}), "is NULL in the row with id");
    expect_refused("t", masks({{"code", "RAND() * 9"}}), "RAND");
    expect_refused("t", masks({{"name", "CONCAT(name, current_timestamp)"}}), "CURRENT_TIMESTAMP");
    expect_refused("t", masks({{"short", "email"}}), "28 characters");
    auto both = masks({{"short", "hash"}});
    both.excluded = {"short"};
    expect_refused("t", both, "excluded");
    auto kept = masks({{"name", "name"}});
    kept.where = "name LIKE 'A%'";
    kept.keep_outside = true;
    EXPECT_EQ(run_masked(only("t", kept)).exit_status(), 2);
    EXPECT_THAT(result("t").reason, HasSubstr("looks at column name"));
}

TEST_P(MasksTest, NeedAKeyWhereTheirValuesAreMadeWithOne)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20))"});
    m_upstream = m_up->endpoint();
    EXPECT_THROW(run_masked(only("t", masks({{"name", "name"}}))), base::UsageError);
    EXPECT_EQ(run_masked(only("t", masks({{"name", "constant"}}))).exit_status(), 0);
    EXPECT_THROW(sync::add_mask_key(m_upstream, "fifteen bytes.."), base::UsageError);
}

TEST_P(MasksTest, ThatDoNotFitAreNamedInTheError)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20), n TINYINT)"});
    m_up->run({"INSERT INTO t VALUES (1, 'twelve chars', 100)"});
    for (const auto& [column, text] : std::vector<std::pair<std::string, std::string>>{
             {"name", "CONCAT(name, '-', name)"}, {"n", "n * 2"}}) {
        EXPECT_EQ(run_masked(only("t", masks({{column, text}}))).exit_status(), 2);
        EXPECT_EQ(result("t").outcome, report::Outcome::failed);
        EXPECT_THAT(result("t").reason, HasSubstr("the mask of column " + column));
        EXPECT_TRUE(dump(*m_down, "t").empty());
    }
}

/// A value each time other, which nobody recognises: made by a function upstream.
TEST_P(MasksTest, ThatChangeAreNeverProvenAndNamedInTheError)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY, n BIGINT)"});
    m_up->run({"INSERT INTO t VALUES (1, 1)", "DROP FUNCTION IF EXISTS other",
               "CREATE FUNCTION other() RETURNS BIGINT NOT DETERMINISTIC NO SQL RETURN "
               "FLOOR(RAND() * 1000000000000)"});
    const auto choices = masks({{"n", "other()"}});
    // A first copy takes what upstream sends. From then on nothing is the same.
    ASSERT_EQ(run_masked(only("t", choices)).exit_status(), 0);
    const auto before = dump(*m_down, "t");
    EXPECT_EQ(run_masked(only("t", choices)).exit_status(), 2);
    EXPECT_EQ(result("t").outcome, report::Outcome::failed);
    EXPECT_THAT(result("t").reason, HasSubstr("the mask of column n"));
    EXPECT_EQ(dump(*m_down, "t"), before);
}

/// Neither the wire nor what is told and logged holds a masked value of upstream.
class LeakTest : public MasksTest
{
protected:
    void SetUp() override
    {
        MasksTest::SetUp();
        if (!m_up)
            return;
        m_proxy = std::make_unique<RecordingProxy>(
            static_cast<std::uint16_t>(std::stoul(ask(*m_up, "SELECT @@port").at(0))));
        m_upstream.socket.clear();
        m_upstream.host = "127.0.0.1";
        m_upstream.port = m_proxy->port();
        m_upstream.tls.mode = base::TlsMode::disabled;
        m_log = std::make_shared<spdlog::logger>(
            "leak", std::make_shared<spdlog::sinks::ostream_sink_mt>(m_logged));
        m_log->set_level(spdlog::level::trace);
    }

    /// With everything logged, but for what this test does itself.
    sync::RunSummary run_masked(const sync::RunOptions& options,
                                sync::Mode mode = sync::Mode::make_equal)
    {
        const auto before = spdlog::default_logger();
        spdlog::set_default_logger(m_log);
        const auto summary = MasksTest::run_masked(options, mode);
        spdlog::set_default_logger(before);
        return summary;
    }

    /// Everything that a run let out.
    std::string let_out() const
    {
        std::string all = m_proxy->sent_by_server() + m_logged.str();
        for (const auto& sentence : m_seen->notes)
            all += sentence;
        for (const auto& [name, told] : m_seen->tables)
            all += told.reason;
        for (const auto& [table, rows] : m_seen->differences) {
            for (const auto& row : rows) {
                for (const auto& column : row.columns)
                    all += column.upstream.value_or("") + column.downstream.value_or("");
            }
        }
        return all;
    }

    void expect_no_leak(const char* when) const
    {
        const std::string all = let_out();
        EXPECT_THAT(all, HasSubstr("visible")) << when << ": nothing was recorded";
        const auto at = all.find("Secret");
        EXPECT_EQ(at, std::string::npos)
            << when << ": " << all.substr(at < 200 ? 0 : at - 200, 400);
    }

    std::unique_ptr<RecordingProxy> m_proxy;
    std::ostringstream m_logged;
    std::shared_ptr<spdlog::logger> m_log;
};

INSTANTIATE_TEST_SUITE_P(Pairings, LeakTest, testing::ValuesIn(pairings()), pairing_name);

TEST_P(LeakTest, NoMaskedValueLeavesUpstream)
{
    on_both({"CREATE TABLE t (id INT PRIMARY KEY, email VARCHAR(60) NOT NULL UNIQUE, "
             "name VARCHAR(40), note TEXT, label VARCHAR(10), open VARCHAR(20)) "
             "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
             "CREATE TABLE k (name VARCHAR(40), open VARCHAR(20)) CHARACTER SET utf8mb4"});
    std::vector<std::string> rows;
    for (int id = 1; id <= 2500; ++id)
        rows.push_back(fmt::format("({0},'Secret{0}@x','Secret {0}','Secret{0}','Secret1',"
                                   "'visible {0}')",
                                   id));
    m_up->run(inserts("t", rows));
    m_up->run({"INSERT INTO k VALUES ('Secret', 'visible'), ('Secret', 'visible')"});
    auto options = only("t", masks({{"email", "email"}, {"name", "name"}, {"note", "digits"}}));
    options.tables[0].steps[0].choices.masks.push_back({"label", std::nullopt, ""});
    options.tables.push_back(only("k", masks({{"name", "hash"}})).tables[0]);
    options.listing = {true, true};

    EXPECT_EQ(run_masked(options).exit_status(), 0) << result("t").reason << result("k").reason;
    expect_no_leak("first slice");

    // What stands downstream from before the masks is not told either.
    m_down->run({"UPDATE t SET name = 'Secret 5' WHERE id = 5", "DELETE FROM t WHERE id = 1234",
                 "INSERT INTO t VALUES (99999,'e','n','n','l','o')", "DELETE FROM k LIMIT 1"});
    m_up->run({"UPDATE t SET name = 'Secret changed', note = 'Secret', open = 'visible changed' "
               "WHERE id IN (7, 2000)",
               "UPDATE t SET email = 'Secret swap' WHERE id = 1",
               "UPDATE t SET email = 'Secret1@x' WHERE id = 2",
               "UPDATE t SET email = 'Secret2@x' WHERE id = 1"});
    EXPECT_EQ(run_masked(options, sync::Mode::compare).exit_status(), 1);
    EXPECT_EQ(m_seen->differences.at("t").size(), 7U);
    expect_no_leak("verify");
    auto looks_again = options;
    looks_again.rechecks = 1;
    EXPECT_EQ(run_masked(looks_again, sync::Mode::compare).exit_status(), 1);
    expect_no_leak("verify with a second look");
    EXPECT_EQ(run_masked(options).exit_status(), 0) << result("t").reason;
    expect_no_leak("repair");

    auto replaced =
        only("t", masks({{"email", "email"}, {"NAME", "CONCAT('n', id)"}, {"note", "digits"}}));
    replaced.tables[0].steps[0].choices.masks.push_back({"label", std::nullopt, ""});
    replaced.tables[0].steps[0].kind = sync::StepKind::replace;
    replaced.tables[0].steps[0].query = "SELECT id, email, name, note, label, 'visible' AS open "
                                        "FROM t WHERE id < 2100";
    EXPECT_EQ(run_masked(replaced).exit_status(), 0) << result("t").reason;
    expect_no_leak("replace");
    EXPECT_EQ(ask(*m_down, "SELECT name FROM t WHERE id = 42").at(0), "n42 ");
    EXPECT_EQ(
        ask(*m_down, "SELECT COUNT(DISTINCT email) FROM t WHERE email LIKE '%@example.com'").at(0),
        "2099 ");
    EXPECT_EQ(run_masked(replaced, sync::Mode::compare).exit_status(), 0) << result("t").reason;
    replaced.tables[0].steps[0].choices.masks[1].text = "CONCAT('n', nothing)";
    EXPECT_EQ(run_masked(replaced).exit_status(), 2);
    EXPECT_THAT(result("t").reason, HasSubstr("the mask of column NAME"));

    // Rows that collide, and an expression that fails for some rows.
    auto collides = options;
    collides.tables[0].steps[0].choices.masks[0].text = "LEFT(SHA2(LENGTH(email), 256), 5)";
    EXPECT_EQ(run_masked(collides).exit_status(), 2);
    expect_no_leak("collision");
    auto fails = only("k", masks({{"name", "EXTRACTVALUE(1, CONCAT(0x7e, HEX(name)))"}}));
    EXPECT_EQ(run_masked(fails).exit_status(), 2) << result("k").reason;
    EXPECT_THAT(result("k").reason, Not(HasSubstr(hash::to_hex("Secret")))) << result("k").reason;

    // The key is in no statement that is logged.
    EXPECT_THAT(m_logged.str(), Not(HasSubstr(k_key)));
    EXPECT_THAT(m_logged.str(), HasSubstr("the key of the masks"));
    // And this test can see a value that does leave upstream.
    EXPECT_EQ(run_masked(only("k")).exit_status(), 0);
    EXPECT_THAT(m_proxy->sent_by_server(), HasSubstr("Secret"));
}

} // namespace
} // namespace slicetool::test
