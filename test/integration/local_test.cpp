#include "integration/every_type.hpp"
#include "integration/traps_fixture.hpp"
#include "sync/same_server.hpp"

#include <functional>

#include <fmt/format.h>

/// Two databases of one server: what the server copies by itself, and what has to go the ordinary
/// way.
namespace slicetool::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<Pairing>& single_servers()
{
    static const std::vector<Pairing> k_servers = {
        {"MariaDb", "SLICETOOL_TEST_MARIADB_A", "SLICETOOL_TEST_MARIADB_A"},
        {"MySql", "SLICETOOL_TEST_MYSQL_A", "SLICETOOL_TEST_MYSQL_A"}};
    return k_servers;
}

/// Does something when a table begins: upstream's snapshot stands then, and nothing is compared.
class Meddler : public RunRecorder
{
public:
    void table_started(const std::string&, std::uint64_t) override { meddle(); }

    std::function<void()> meddle = [] {};
};

class Local : public TrapTest
{
protected:
    static constexpr const char* k_words =
        "CREATE TABLE words (id BIGINT NOT NULL PRIMARY KEY, word VARCHAR(80) NOT NULL, n INT, "
        "KEY by_n (n))";

    /// Rows first, first + step, …; some 100 bytes each.
    static std::vector<std::string> words(int rows, int first = 1, int step = 1)
    {
        std::vector<std::string> statements;
        std::string text;
        for (int at = 0; at < rows; ++at) {
            const int id = first + at * step;
            text += fmt::format("{}({}, '{:060}', {})", text.empty() ? "" : ",", id,
                                static_cast<long long>(id) * 7919, id % 97);
            if (text.size() > 200'000 || at + 1 == rows) {
                statements.push_back("INSERT INTO words VALUES " + text);
                text.clear();
            }
        }
        return statements;
    }

    /// A slice whose upstream changes when its snapshot stands.
    sync::RunSummary slice_meddled(const std::string& table, std::function<void()> meddle)
    {
        auto meddler = std::make_unique<Meddler>();
        meddler->meddle = std::move(meddle);
        sync::RunOptions options = only(table);
        options.command = "slice";
        options.mode = sync::Mode::make_equal;
        const auto summary =
            sync::run(m_up->endpoint(), m_down->endpoint(), options, *meddler, m_stop);
        m_seen = std::move(meddler);
        return summary;
    }

    std::uint64_t received(const std::string& table) const
    {
        return result(table).bytes_upstream + result(table).bytes_downstream;
    }

    void expect_ordinary(const std::string& why) const
    {
        EXPECT_THAT(m_seen->notes,
                    Contains(AllOf(HasSubstr("through the client"), HasSubstr(why))));
    }
};

TEST_P(Local, OneServerIsRecognisedUnderEveryName)
{
    const char* tcp = wanted_server(std::string(GetParam().upstream) + "_TCP");
    const char* other = wanted_server(upstream_is_mariadb() ? "SLICETOOL_TEST_MARIADB_B"
                                                            : "SLICETOOL_TEST_MYSQL_B");
    ASSERT_NE(tcp, nullptr);
    ASSERT_NE(other, nullptr);
    const auto open = [](base::Endpoint endpoint) {
        endpoint.database = "information_schema";
        return db::Session::open(endpoint, db::Role::reader);
    };
    db::Session by_socket = open(m_up->endpoint());
    base::Endpoint named = endpoint_of(tcp);
    for (const char* host : {"127.0.0.1", "localhost"}) {
        named.host = host;
        db::Session by_name = open(named);
        EXPECT_EQ(sync::same_server(by_socket, by_name), sync::SameServer::yes) << host;
        EXPECT_EQ(sync::same_server(by_name, by_socket), sync::SameServer::yes) << host;
    }
    db::Session another = open(endpoint_of(other));
    EXPECT_EQ(sync::same_server(by_socket, another), sync::SameServer::no);
}

TEST_P(Local, TheSameDatabaseUnderTwoNamesIsRefused)
{
    base::Endpoint other = endpoint_of(wanted_server(std::string(GetParam().upstream) + "_TCP"));
    other.database = m_up->endpoint().database;
    other.name = other.url();
    m_up->run({k_words});
    sync::RunOptions options;
    options.mode = sync::Mode::make_equal;
    RunRecorder told;
    EXPECT_THROW(sync::run(m_up->endpoint(), other, options, told, m_stop), base::Refusal);
}

TEST_P(Local, AnEmptyTableIsFilledWithoutARowTravelling)
{
    on_both({k_words});
    m_up->run(words(30'000));
    expect_made_equal("words");
    EXPECT_EQ(result("words").copied, 30'000U);
    EXPECT_EQ(result("words").missing, 30'000U);
    EXPECT_LT(received("words"), 20'000U);
    EXPECT_THAT(m_seen->notes, IsEmpty());
}

TEST_P(Local, OnlyKeysOfRowsThatDifferTravel)
{
    on_both({k_words});
    on_both(words(30'000));
    m_down->run({"UPDATE words SET word = CONCAT('x', id) WHERE id % 100 = 7",
                 "DELETE FROM words WHERE id % 3000 = 11 OR id > 29500 OR id < 4",
                 "INSERT INTO words VALUES (-7, 'before', 1), (40000, 'after', NULL)"});
    m_up->run({"DELETE FROM words WHERE id IN (777, 15000)"});
    expect_made_equal("words");
    EXPECT_EQ(result("words").changed, 295U);
    EXPECT_EQ(result("words").missing, 513U);
    EXPECT_EQ(result("words").extra, 4U);
    EXPECT_EQ(result("words").copied, 808U);
    EXPECT_EQ(result("words").deleted, 4U);
    EXPECT_LT(received("words"), 40'000U);
}

TEST_P(Local, SeveralPairsOfSessionsWorkAtTheSameTime)
{
    on_both({k_words});
    m_up->run(words(20'000));
    m_down->run(words(5'000, 2, 3));
    m_down->run({"UPDATE words SET n = NULL WHERE id % 7 = 0"});
    auto options = only("words");
    options.jobs = 3;
    expect_made_equal("words", options);
}

TEST_P(Local, TextAndCompositeKeysAreComparedAsTheServerOrdersThem)
{
    on_both({"CREATE TABLE t (a VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT "
             "NULL, b DATE NOT NULL, v VARBINARY(20), PRIMARY KEY (a, b))"});
    std::string rows;
    for (int at = 0; at < 3000; ++at)
        rows += fmt::format("{}('k{}', '2024-01-01' + INTERVAL {} DAY, X'00{:04}FF')",
                            at == 0 ? "" : ",", at % 500, at / 500, at);
    on_both({"INSERT INTO t VALUES " + rows});
    m_up->run({"INSERT INTO t VALUES ('É', '2024-01-01', NULL), ('zz', '2024-01-01', '')",
               "UPDATE t SET a = UPPER(a) WHERE a LIKE 'k7%'", "DELETE FROM t WHERE a = 'k123'",
               "UPDATE t SET v = 'trailing ' WHERE a = 'k44'"});
    m_down->run({"INSERT INTO t VALUES ('a stray', '2024-01-01', NULL)",
                 "UPDATE t SET v = 'trailing' WHERE a = 'k44'"});
    expect_made_equal("t");
    EXPECT_THAT(m_seen->notes, IsEmpty());
    EXPECT_LT(received("t"), 40'000U);
}

TEST_P(Local, EveryTypeIsCopiedToTheBit)
{
    auto types = common_types();
    const auto own = upstream_is_mariadb() ? mariadb_types() : mysql_types();
    types.insert(types.end(), own.begin(), own.end());
    const std::string loose = "SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'";
    std::vector<std::string> names;
    for (std::size_t at = 0; at < types.size(); ++at) {
        const std::string name = fmt::format("t{}", at);
        names.push_back(name);
        on_both({loose, fmt::format("CREATE TABLE {} (id INT NOT NULL PRIMARY KEY, v {})", name,
                                    types[at].type)});
        std::vector<std::string> rows{loose};
        for (const auto& value : types[at].values)
            rows.push_back(fmt::format("INSERT INTO {} VALUES ({}, {})", name, rows.size(), value));
        m_up->run(rows);
    }
    EXPECT_EQ(slice().exit_status(), 0);
    for (std::size_t at = 0; at < types.size(); ++at) {
        EXPECT_EQ(result(names[at]).outcome, report::Outcome::made_equal)
            << types[at].name << ": " << result(names[at]).reason;
        EXPECT_EQ(dump(*m_up, names[at]), dump(*m_down, names[at])) << types[at].name;
    }
    EXPECT_THAT(m_seen->notes, IsEmpty());
    // Each row once more, changed into its neighbour.
    for (const auto& name : names)
        m_down->run({fmt::format("UPDATE {} SET id = -id", name)});
    EXPECT_EQ(slice().exit_status(), 0);
    for (std::size_t at = 0; at < types.size(); ++at)
        EXPECT_EQ(dump(*m_up, names[at]), dump(*m_down, names[at])) << types[at].name;
}

TEST_P(Local, WhatChangesUpstreamAfterTheSnapshotIsNotCopied)
{
    on_both({k_words});
    m_up->run(words(20'000));
    m_down->run(words(15'000));
    m_down->run({"UPDATE words SET word = 'old' WHERE id % 50 = 3"});
    const auto then = dump(*m_up, "words");
    const auto summary = slice_meddled("words", [&] {
        m_up->run({"UPDATE words SET word = 'too new' WHERE id IN (3, 4, 5003, 19999)",
                   "DELETE FROM words WHERE id IN (53, 54, 17000)",
                   "INSERT INTO words VALUES (0, 'too new', 0), (90000, 'too new', 1)"});
    });
    EXPECT_EQ(summary.exit_status(), 0) << result("words").reason;
    EXPECT_EQ(dump(*m_down, "words"), then);
}

TEST_P(Local, AnUpstreamThatIsRewrittenMeanwhileIsCopiedAsItWas)
{
    on_both({k_words});
    m_up->run(words(60'000));
    m_down->run(words(60'000));
    m_down->run({"UPDATE words SET n = NULL WHERE id % 20 = 1"});
    const auto then = dump(*m_up, "words");
    const auto summary =
        slice_meddled("words", [&] { m_up->run({"UPDATE words SET n = n + 1000"}); });
    EXPECT_EQ(summary.exit_status(), 0) << result("words").reason;
    EXPECT_EQ(dump(*m_down, "words"), then);
    EXPECT_EQ(result("words").changed, 3'000U);
    EXPECT_EQ(result("words").copied, 3'000U);
}

TEST_P(Local, UniqueValuesThatSwapConverge)
{
    on_both({"CREATE TABLE seats (id INT NOT NULL PRIMARY KEY, seat INT NOT NULL UNIQUE)"});
    std::string rows;
    for (int id = 1; id <= 3000; ++id)
        rows += fmt::format("{}({},{})", id == 1 ? "" : ",", id, id);
    on_both({"INSERT INTO seats VALUES " + rows});
    m_up->run({"UPDATE seats SET seat = seat + 100000",
               "UPDATE seats SET seat = IF(seat = 103000, 1, seat - 99999)"});
    expect_made_equal("seats");
}

TEST_P(Local, GeneratedInvisibleAndReorderedColumnsComeAcross)
{
    m_up->run({"CREATE TABLE g (id INT NOT NULL PRIMARY KEY, price DECIMAL(8,2), twice "
               "DECIMAL(9,2) AS (price * 2) STORED, e ENUM('a','b') DEFAULT NULL)"});
    m_down->run({"CREATE TABLE g (e ENUM('a','b') DEFAULT NULL, id INT NOT NULL PRIMARY KEY, twice "
                 "DECIMAL(9,2) AS (price * 2) STORED, price DECIMAL(8,2))"});
    const std::string values = "SELECT CONCAT_WS(' ', id, price, twice, e + 0) FROM g ORDER BY id";
    db::Session loose = m_up->open(db::Role::writer);
    loose.set_strict(db::Strict::no);
    for (int id = 1; id <= 500; ++id)
        loose.execute("fill", fmt::format("INSERT INTO g (id, price, e) VALUES ({0}, {0} / 8, {1})",
                                          id, id % 3 == 0 ? "'no such'" : "'b'"));
    EXPECT_EQ(slice(only("g")).exit_status(), 0) << result("g").reason;
    EXPECT_LT(received("g"), 6'000U);
    EXPECT_EQ(ask(*m_up, values), ask(*m_down, values));
}

TEST_P(Local, RowsGoThroughTheClientWhereTheServerWouldNotBeExact)
{
    on_both({k_words});
    m_up->run(words(300));
    sync::TableChoices choices;
    choices.where = "n > 50";
    EXPECT_EQ(slice(only("words", choices)).exit_status(), 0) << result("words").reason;
    expect_ordinary("where");
    EXPECT_EQ(ask(*m_down, "SELECT COUNT(*) FROM words"),
              ask(*m_up, "SELECT COUNT(*) FROM words WHERE n > 50"));

    on_both({"CREATE TABLE kept (id INT NOT NULL PRIMARY KEY, v INT, own INT DEFAULT 7)"});
    m_up->run({"INSERT INTO kept VALUES (1, 1, 1), (2, 2, 2)"});
    m_down->run({"INSERT INTO kept VALUES (1, 0, 70)"});
    choices = {};
    choices.excluded = {"own"};
    EXPECT_EQ(slice(only("kept", choices)).exit_status(), 0) << result("kept").reason;
    expect_ordinary("left out");
    EXPECT_THAT(dump(*m_down, "kept"),
                testing::ElementsAre("31 31 3730", "32 32 37")); // (1,1,70), (2,2,7)

    m_up->run({"CREATE TABLE wider (id INT NOT NULL PRIMARY KEY, v VARCHAR(9) CHARACTER SET "
               "latin1)",
               "INSERT INTO wider VALUES (1, 'Grüße')"});
    m_down->run({"CREATE TABLE wider (id INT NOT NULL PRIMARY KEY, v VARCHAR(9) CHARACTER SET "
                 "utf8mb4)"});
    EXPECT_EQ(slice(only("wider")).exit_status(), 0) << result("wider").reason;
    expect_ordinary("column v has another type");
}

TEST_P(Local, AWriterWhoMayNotReadUpstreamCopiesThroughTheClient)
{
    on_both({k_words});
    m_up->run(words(2'000));
    const std::string account = fmt::format("`slicetool_local_{}`@`localhost`", ::getpid());
    const std::string down = sql::quote_identifier(m_down->endpoint().database);
    m_down->run({"DROP USER IF EXISTS " + account,
                 "CREATE USER " + account + " IDENTIFIED BY 'secret'",
                 "GRANT ALL ON " + down + ".* TO " + account});
    base::Endpoint writer = m_down->endpoint();
    writer.user = fmt::format("slicetool_local_{}", ::getpid());
    writer.password = "secret";
    writer.name = writer.url();
    sync::RunOptions options = only("words");
    options.command = "slice";
    options.mode = sync::Mode::make_equal;
    options.allowances.replica = true; // to know would take a privilege
    m_seen = std::make_unique<RunRecorder>();
    const auto summary = sync::run(m_up->endpoint(), writer, options, *m_seen, m_stop);
    m_down->run({"DROP USER IF EXISTS " + account});
    EXPECT_EQ(summary.exit_status(), 0) << result("words").reason;
    expect_ordinary("denied");
    EXPECT_EQ(dump(*m_up, "words"), dump(*m_down, "words"));
}

TEST_P(Local, CanBeSwitchedOff)
{
    on_both({k_words});
    m_up->run(words(2'000));
    sync::RunOptions options = only("words");
    options.local = false;
    expect_made_equal("words", options);
    EXPECT_GT(result("words").bytes_upstream, 100'000U);
}

INSTANTIATE_TEST_SUITE_P(Servers, Local, testing::ValuesIn(single_servers()), pairing_name);

} // namespace
} // namespace slicetool::test
