#include "integration/server_setting.hpp"
#include "integration/traps_fixture.hpp"

#include <optional>

/// Traps of whole servers: their zone, their sql_mode, their max_allowed_packet. These tests change
/// them, and so run alone.
namespace slicetool::test {
namespace {

SLICETOOL_TRAP_ON(Trap10Zones, TrapTest, pairings());

// --- 10. servers in different zones ---

TEST_P(Trap10Zones, ServersInDifferentZonesAgreeOnAnInstant)
{
    on_both({"CREATE TABLE stamps (id INT NOT NULL PRIMARY KEY, s TIMESTAMP NOT NULL DEFAULT "
             "CURRENT_TIMESTAMP, d DATETIME)"});
    const ServerSetting up(m_up->open(db::Role::writer), "time_zone", "+05:00");
    const ServerSetting down(m_down->open(db::Role::writer), "time_zone", "-08:00");
    // The same instants, and the same wall clock in the DATETIME.
    m_up->run({"SET time_zone = @@global.time_zone",
               "INSERT INTO stamps VALUES (1,'2024-01-01 10:00:00','2024-01-01 10:00:00'),"
               "(2,'2024-07-01 04:59:59','2024-01-01 10:00:00')"});
    m_down->run({"SET time_zone = @@global.time_zone",
                 "INSERT INTO stamps VALUES (1,'2023-12-31 21:00:00','2024-01-01 10:00:00'),"
                 "(2,'2024-06-30 15:59:59','2024-01-01 10:00:00')"});
    expect_equal("stamps");
    m_up->run({"SET time_zone = @@global.time_zone",
               "INSERT INTO stamps VALUES (3,'2024-01-01 00:00:00',NULL)",
               "UPDATE stamps SET s = '2023-12-31 21:00:00' WHERE id = 1"});
    expect_found_and_repaired("stamps", {1, 0, 1});
}

/// A zone of two rules; on 27 October 2024 its clock shows every minute from 02:00 to 02:59 twice.
class RepeatingZone
{
public:
    static constexpr const char* k_name = "slicetool/repeats";

    explicit RepeatingZone(db::Session session) : m_session(std::move(session))
    {
        remove();
        m_session.execute("zone", "INSERT INTO mysql.time_zone (Use_leap_seconds) VALUES ('N')");
        m_session.execute("zone", "SET @zone = LAST_INSERT_ID()");
        m_session.execute("zone", fmt::format("INSERT INTO mysql.time_zone_name (Name, "
                                              "Time_zone_id) VALUES ('{}', @zone)",
                                              k_name));
        m_session.execute("zone", "INSERT INTO mysql.time_zone_transition_type (Time_zone_id, "
                                  "Transition_type_id, `Offset`, Is_DST, Abbreviation) VALUES "
                                  "(@zone, 0, 3600, 0, 'CET'), (@zone, 1, 7200, 1, 'CEST')");
        m_session.execute("zone", "INSERT INTO mysql.time_zone_transition (Time_zone_id, "
                                  "Transition_time, Transition_type_id) VALUES (@zone, 1711846800, "
                                  "1), (@zone, 1729990800, 0)");
    }
    RepeatingZone(const RepeatingZone&) = delete;
    RepeatingZone& operator=(const RepeatingZone&) = delete;
    ~RepeatingZone() { remove(); }

private:
    void remove()
    {
        const auto id = m_session.query_value(
            "zone", fmt::format("SELECT MAX(Time_zone_id) FROM mysql.time_zone_name WHERE Name = "
                                "'{}'",
                                k_name));
        for (const std::string table :
             {"time_zone_transition", "time_zone_transition_type", "time_zone", "time_zone_name"})
            m_session.execute("zone", "DELETE FROM mysql." + table +
                                          " WHERE Time_zone_id = " + id.value_or("NULL"));
    }

    db::Session m_session;
};

TEST_P(Trap10Zones, TheHourThatAClockRepeatsIsTwoHours)
{
    const RepeatingZone zone_up(m_up->open(db::Role::writer));
    const RepeatingZone zone_down(m_down->open(db::Role::writer));
    const ServerSetting up(m_up->open(db::Role::writer), "time_zone", RepeatingZone::k_name);
    const ServerSetting down(m_down->open(db::Role::writer), "time_zone", RepeatingZone::k_name);
    on_both({"CREATE TABLE stamps (s TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00', id INT NOT "
             "NULL, t TIMESTAMP NULL, PRIMARY KEY (s, id))",
             "INSERT INTO stamps VALUES ('2024-10-27 00:30:00',1,'2024-10-27 00:30:00'),"
             "('2024-10-27 01:30:00',1,'2024-10-27 01:30:00'),"
             "('2024-10-27 00:15:00',2,'2024-10-27 00:15:00')"});
    const std::string clock = "SELECT COUNT(DISTINCT t) FROM stamps WHERE id = 1";
    EXPECT_EQ(ask(*m_up, clock).at(0), "2 ");
    m_up->run({"UPDATE stamps SET t = '2024-10-27 01:15:00' WHERE id = 2",
               "INSERT INTO stamps VALUES ('2024-10-27 01:15:00',2,'2024-10-27 00:59:59')"});
    expect_found_and_repaired("stamps", {1, 0, 1});
}

// --- 23. sql_mode of the servers ---

struct Modes
{
    const char* name;
    std::string upstream;
    std::string downstream;
};

class Trap23 : public TrapTest
{
protected:
    /// Modes that both families have, each upstream, downstream and on both; those of one family
    /// where it stands.
    std::vector<Modes> modes() const
    {
        const std::string usual = "STRICT_TRANS_TABLES";
        std::vector<Modes> all;
        for (const char* mode :
             {"ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "PAD_CHAR_TO_FULL_LENGTH", "TRADITIONAL",
              "ANSI", "PIPES_AS_CONCAT,IGNORE_SPACE,HIGH_NOT_PRECEDENCE",
              "NO_UNSIGNED_SUBTRACTION,REAL_AS_FLOAT,NO_DIR_IN_CREATE"}) {
            all.push_back({mode, mode, usual});
            all.push_back({mode, usual, mode});
            all.push_back({mode, mode, mode});
        }
        const auto own = [](bool mariadb) {
            return std::string(mariadb ? "EMPTY_STRING_IS_NULL,ORACLE,SIMULTANEOUS_ASSIGNMENT"
                                       : "TIME_TRUNCATE_FRACTIONAL");
        };
        all.push_back({"of the family", own(upstream_is_mariadb()), own(downstream_is_mariadb())});
        return all;
    }

    /// Sets both servers as long as it lives.
    struct Set
    {
        ServerSetting up;
        ServerSetting down;
    };
    Set set(const Modes& modes) const
    {
        return {ServerSetting(m_up->open(db::Role::writer), "sql_mode", modes.upstream),
                ServerSetting(m_down->open(db::Role::writer), "sql_mode", modes.downstream)};
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap23, testing::ValuesIn(pairings()), pairing_name);

const std::vector<std::string> k_hostile_values = {
    "X''",             // nothing, which is not NULL
    "X'27'",           // '
    "X'2727'",         // ''
    "X'22'",           // "
    "X'5C'",           // a backslash
    "X'5C27'",         // backslash, quote
    "X'275C'",         // quote, backslash
    "X'5C5C'",         // two backslashes
    "X'60'",           // `
    "X'00'",           // NUL
    "X'6100'",         // a NUL at the end
    "X'0A'",           // newline
    "X'0D0A'",         // carriage return, newline
    "X'1A'",           // the end of a file
    "X'09'",           // tab
    "X'5C4E'",         // \N
    "X'2D2D20'",       // a comment
    "X'2F2A'",         // another
    "X'3B2044524F50'", // ; DROP
    "X'2573'",         // %s
    "X'207820'",       // spaces around
    "X'E29883'",       // beyond ASCII
    "X'7C7C'",         // ||
};

TEST_P(Trap23, HostileValuesSurviveEveryModeOfTheServers)
{
    for (const auto& modes : modes()) {
        SCOPED_TRACE(fmt::format("{}: {} to {}", modes.name, modes.upstream, modes.downstream));
        on_both(
            {"DROP TABLE IF EXISTS notes",
             "CREATE TABLE notes (k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT "
             "NULL, n INT UNSIGNED NOT NULL, c CHAR(12) CHARACTER SET utf8mb4, t TEXT CHARACTER "
             "SET utf8mb4, b BINARY(6), l LONGBLOB, d DATE NOT NULL, f FLOAT, m TIME(3), "
             "PRIMARY KEY (k, n))"});
        std::vector<std::string> rows;
        for (std::size_t at = 0; at < k_hostile_values.size(); ++at) {
            const std::string& value = k_hostile_values[at];
            rows.push_back(fmt::format("({0},{1},{0},{0},{0},{0},'{2}',0.1,'-01:00:00.567')", value,
                                       at, at % 2 == 0 ? "0000-00-00" : "2024-02-31"));
        }
        m_up->run(inserts("notes", rows));
        const Set scope = set(modes);
        expect_found_and_repaired("notes", {rows.size(), 0, 0});
        m_up->run({"UPDATE notes SET c = CONCAT(c, X'2722'), f = 0.2 WHERE n % 2 = 0",
                   "DELETE FROM notes WHERE k = X'5C27'"});
        expect_found_and_repaired("notes", {0, 1, (rows.size() + 1) / 2});
    }
}

TEST_P(Trap23, DefinitionsSurviveEveryModeOfTheServers)
{
    m_up->run(
        {"CREATE TABLE parents (id INT NOT NULL PRIMARY KEY)",
         "CREATE TABLE notes (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, `quo\"ted` "
         "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT 'it''s \"x\" \\\\ \\n' "
         "COMMENT 'a \"b\" ''c'' \\\\', d DATE NOT NULL DEFAULT '0000-00-00', parent INT, r "
         "DOUBLE, g VARCHAR(90) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin GENERATED ALWAYS AS "
         "(CONCAT(`quo\"ted`, '\"\\'')) STORED, CONSTRAINT `c\"k` CHECK (`quo\"ted` <> "
         "'\"'), CONSTRAINT fk FOREIGN KEY (parent) REFERENCES parents (id)) COMMENT='\"'"});
    sync::PullSchemaOptions options;
    options.foreign_keys = sql::ForeignKeys::keep;
    for (const auto& modes : modes()) {
        SCOPED_TRACE(fmt::format("{}: {} to {}", modes.name, modes.upstream, modes.downstream));
        m_down->run({"DROP TABLE IF EXISTS notes, parents"});
        const Set scope = set(modes);
        expect_round_trip(options);
        EXPECT_EQ(verify().exit_status(), 0);
    }
}

TEST_P(Trap23, StatementsOfAJobAreCheckedAndRunInEveryModeOfDownstream)
{
    m_down->run({"CREATE TABLE notes (id INT PRIMARY KEY, v VARCHAR(40))",
                 "INSERT INTO notes VALUES (1, NULL)"});
    sync::Step step;
    step.kind = sync::StepKind::sql;
    step.statements = {"UPDATE notes SET v = CONCAT('it''s\n\"', X'5C27') WHERE id = 1"};
    step.place = "shop.yaml:7";
    sync::RunOptions options;
    options.tables.push_back({"notes", {step}, std::nullopt, "shop.yaml:6"});
    for (const auto& modes : modes()) {
        SCOPED_TRACE(fmt::format("{}: {} to {}", modes.name, modes.upstream, modes.downstream));
        m_down->run({"UPDATE notes SET v = NULL"});
        const Set scope = set(modes);
        EXPECT_EQ(slice(options).exit_status(), 0) << result("notes").reason;
        EXPECT_EQ(ask(*m_down, "SELECT HEX(v) FROM notes").at(0), "697427730A225C27 ");
    }
    step.statements.emplace_back("UPDATE notes SETS v = ''");
    options.tables.front().steps = {step};
    const ServerSetting mode(m_down->open(db::Role::writer), "sql_mode", "NO_BACKSLASH_ESCAPES");
    EXPECT_THAT([&] { slice(options); },
                testing::ThrowsMessage<base::Refusal>(testing::HasSubstr(
                    "shop.yaml:7: Table notes: statement 2 of 'sql' is not the SQL that")));
}

// --- what sessions would see otherwise ---

/// Servers whose sessions see versioned rows as they were.
class VersionedDefaults : public TrapTest
{
};
INSTANTIATE_TEST_SUITE_P(Pairings, VersionedDefaults,
                         testing::ValuesIn(pairings_where([](bool up, bool) { return up; })),
                         pairing_name);

TEST_P(VersionedDefaults, VersionedRowsAreReadAsTheyAreNow)
{
    m_up->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(20)) WITH SYSTEM VERSIONING",
               "INSERT INTO t VALUES (1,'old'), (2,'old')"});
    m_down->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))",
                 "INSERT INTO t VALUES (1,'old'), (2,'old')"});
    const auto then = ask(*m_up, "SELECT NOW(6)").at(0);
    m_up->run({"UPDATE t SET v = 'new' WHERE id = 1"});
    m_up->run({"SET GLOBAL system_versioning_asof = '" + then.substr(0, then.size() - 1) + "'"});
    const auto status = verify(only("t")).exit_status();
    m_up->run({"SET GLOBAL system_versioning_asof = DEFAULT"});
    EXPECT_EQ(status, 1) << result("t").reason;
    expect_counts(result("t"), {0, 0, 1});
}

// --- 11. max_allowed_packet ---

constexpr const char* k_one_mebibyte = "1048576";
constexpr const char* k_quarter_gibibyte = "268435456";

/// The packet limits of both servers; read by sessions that are opened afterwards.
class Trap11Packets : public TrapTest
{
protected:
    void limit(const char* up, const char* down)
    {
        m_limits.clear();
        m_limits.push_back(std::make_unique<ServerSetting>(m_up->open(db::Role::writer),
                                                           "max_allowed_packet", up));
        m_limits.push_back(std::make_unique<ServerSetting>(m_down->open(db::Role::writer),
                                                           "max_allowed_packet", down));
    }
    void TearDown() override { m_limits.clear(); }

    /// Every row without its bytes; not by our own digest.
    static std::vector<std::string> blobs(const ScratchDatabase& database)
    {
        return ask(database,
                   "SELECT id, LENGTH(b), CRC32(b), HEX(RIGHT(b, 4)) FROM files ORDER BY id");
    }

private:
    std::vector<std::unique_ptr<ServerSetting>> m_limits;
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap11Packets, testing::ValuesIn(pairings()), pairing_name);

SLICETOOL_TRAP_ON(Trap11FromMySql, Trap11Packets,
                  pairings_where([](bool up, bool) { return !up; }));

const std::string k_files = "CREATE TABLE files (id INT NOT NULL PRIMARY KEY, b LONGBLOB)";

TEST_P(Trap11Packets, ABlobOf64MebibytesIsComparedAndCopied)
{
    limit(k_quarter_gibibyte, k_quarter_gibibyte);
    on_both({k_files, "INSERT INTO files VALUES (1,'x')"});
    m_up->run({"INSERT INTO files VALUES (2, REPEAT(X'27', 64 * 1024 * 1024))",
               "INSERT INTO files VALUES (3, REPEAT(X'00FF5C', 700000))"});
    EXPECT_EQ(slice(only("files")).exit_status(), 0) << result("files").reason;
    EXPECT_EQ(result("files").copied, 2U);
    EXPECT_EQ(blobs(*m_up), blobs(*m_down));
    m_up->run({"UPDATE files SET b = CONCAT(LEFT(b, 67108863), 'X') WHERE id = 2"});
    EXPECT_EQ(verify(only("files")).exit_status(), 1);
    EXPECT_EQ(result("files").changed, 1U);
    EXPECT_EQ(slice(only("files")).exit_status(), 0) << result("files").reason;
    EXPECT_EQ(blobs(*m_up), blobs(*m_down));
}

/// What is in the table may be longer than what a packet may carry by now. A function that yields
/// NULL on such a value must not make two of them equal.
TEST_P(Trap11Packets, ValuesLongerThanThePacketAreNeverCalledEqualWhenTheyAreNot)
{
    on_both({k_files, "INSERT INTO files VALUES (1,'x'),(2,REPEAT('b',3000000)),(3,'y')"});
    m_up->run({"UPDATE files SET b = CONCAT(LEFT(b, 2999999), 'X') WHERE id = 2"});
    const std::vector<std::pair<const char*, const char*>> limits = {
        {k_one_mebibyte, k_one_mebibyte},
        {k_one_mebibyte, k_quarter_gibibyte},
        {k_quarter_gibibyte, k_one_mebibyte}};
    for (const auto& [up, down] : limits) {
        SCOPED_TRACE(fmt::format("{} to {}", up, down));
        limit(up, down);
        EXPECT_NE(verify(only("files")).exit_status(), 0);
        EXPECT_THAT(result("files").outcome,
                    testing::AnyOf(report::Outcome::different, report::Outcome::refused))
            << result("files").reason;
    }
}

TEST_P(Trap11Packets, DocumentsLongerThanThePacketAreNeverCalledEqualWhenTheyAreNot)
{
    m_up->run({"CREATE TABLE files (id INT NOT NULL PRIMARY KEY, b JSON)"});
    pull_definitions();
    on_both({"INSERT INTO files VALUES (1, JSON_QUOTE(REPEAT('b', 3000000)))"});
    m_up->run({"UPDATE files SET b = JSON_QUOTE(CONCAT(REPEAT('b', 2999999), 'X'))"});
    limit(k_one_mebibyte, k_one_mebibyte);
    EXPECT_NE(verify(only("files")).exit_status(), 0);
    EXPECT_THAT(result("files").outcome,
                testing::AnyOf(report::Outcome::different, report::Outcome::refused))
        << result("files").reason;
}

// Of such texts the servers' CAST makes NULL or an empty text.
TEST_P(Trap11Packets, ATextLongerThanThePacketIsNotTakenToSurviveItsConversion)
{
    m_up->run({"CREATE TABLE files (id INT NOT NULL PRIMARY KEY, b LONGTEXT CHARACTER SET cp932)",
               "INSERT INTO files VALUES (1, CONCAT(REPEAT(_cp932 'b', 3000000), _cp932 "
               "x'FA58'))"});
    m_down->run({"CREATE TABLE files (id INT NOT NULL PRIMARY KEY, b LONGTEXT CHARACTER SET "
                 "utf8mb4)",
                 "INSERT INTO files VALUES (1, CONCAT(REPEAT(_cp932 'b', 3000000), "
                 "_cp932 x'878A'))"});
    limit(k_one_mebibyte, k_one_mebibyte);
    EXPECT_EQ(verify(only("files")).exit_status(), 2);
    EXPECT_THAT(result("files").reason, testing::HasSubstr("(id=1) that does not survive"));
}

TEST_P(Trap11Packets, ARowLargerThanDownstreamsPacketIsRefusedByName)
{
    on_both({k_files, "INSERT INTO files VALUES (1,'x'),(2,'y'),(3,'z')"});
    m_up->run({"UPDATE files SET b = REPEAT('b', 3000000) WHERE id = 2",
               "UPDATE files SET b = 'w' WHERE id = 3"});
    limit(k_quarter_gibibyte, k_one_mebibyte);
    expect_refused("files", "max_allowed_packet");
    EXPECT_THAT(result("files").reason, testing::HasSubstr("id=2"));
}

/// Servers send whole columns, however long; in bulk too.
TEST_P(Trap11Packets, ARowLargerThanUpstreamsPacketIsCopied)
{
    on_both({k_files, "INSERT INTO files VALUES (1,'x'),(2,'y'),(3,'z')"});
    m_up->run({"UPDATE files SET b = REPEAT('b', 3000000) WHERE id = 2",
               "INSERT INTO files VALUES (4, REPEAT('c', 3000000))"});
    limit(k_one_mebibyte, k_quarter_gibibyte);
    EXPECT_EQ(slice(only("files")).exit_status(), 0) << result("files").reason;
    EXPECT_EQ(blobs(*m_up), blobs(*m_down));
    EXPECT_EQ(verify(only("files")).exit_status(), 0) << result("files").reason;
}

/// MySQL sends an empty text for such a value: that is no copy.
TEST_P(Trap11FromMySql, ADocumentLargerThanUpstreamsPacketIsRefusedByName)
{
    m_up->run({"CREATE TABLE files (id INT NOT NULL PRIMARY KEY, b JSON)",
               "INSERT INTO files VALUES (1,'[]'),(2, JSON_QUOTE(REPEAT('b', 3000000))),(3,'[]')"});
    m_down->run({fmt::format("CREATE TABLE files (id INT NOT NULL PRIMARY KEY, b {})",
                             downstream_is_mariadb() ? "LONGTEXT CHARACTER SET utf8mb4" : "JSON")});
    limit(k_one_mebibyte, k_quarter_gibibyte);
    for (const std::string filled : {"INSERT INTO files VALUES (1,'[]'),(2,'[]'),(3,'[]')",
                                     "DELETE FROM files WHERE id > 1", "DELETE FROM files"}) {
        SCOPED_TRACE(filled);
        m_down->run({filled});
        EXPECT_EQ(verify(only("files")).exit_status(), 1);
        EXPECT_EQ(slice(only("files")).exit_status(), 2);
        EXPECT_EQ(result("files").outcome, report::Outcome::refused);
        EXPECT_THAT(result("files").reason, testing::HasSubstr("max_allowed_packet"));
        EXPECT_THAT(result("files").reason, testing::HasSubstr("id=2"));
    }
}

/// Small rows wait to be sent when one arrives that nearly fills a packet by itself.
TEST_P(Trap11Packets, ARowThatNearlyFillsAPacketGoesAlone)
{
    on_both({k_files, "INSERT INTO files VALUES (0,'first')"});
    std::vector<std::string> small;
    for (int id = 1; id <= 40; ++id)
        small.push_back(fmt::format("({},REPEAT('s',12000))", id));
    m_up->run(inserts("files", small));
    m_up->run({"INSERT INTO files VALUES (41, REPEAT('b', 1048000)), (42, 'after')",
               "UPDATE files SET b = REPEAT('c', 1048000) WHERE id = 0"});
    limit(k_one_mebibyte, k_one_mebibyte);
    on_both({"INSERT INTO files VALUES (90,'last')"}); // so that no row goes the bulk way
    EXPECT_EQ(slice(only("files")).exit_status(), 0) << result("files").reason;
    EXPECT_EQ(blobs(*m_up), blobs(*m_down));
}

TEST_P(Trap11Packets, ARowOfWhatAPacketHoldsIsEitherCopiedOrRefusedByName)
{
    on_both({k_files, "INSERT INTO files VALUES (1,'x'),(2,'y')"});
    for (const int bytes : {1048400, 1048500, 1048540, 1048560, 1048570, 1048575, 1048576}) {
        SCOPED_TRACE(bytes);
        limit(k_quarter_gibibyte, k_quarter_gibibyte);
        m_up->run({fmt::format("UPDATE files SET b = REPEAT('b', {}) WHERE id = 2", bytes)});
        limit(k_quarter_gibibyte, k_one_mebibyte);
        if (slice(only("files")).exit_status() == 0) {
            EXPECT_EQ(blobs(*m_up), blobs(*m_down));
        } else {
            EXPECT_EQ(result("files").outcome, report::Outcome::refused) << result("files").reason;
            EXPECT_THAT(result("files").reason, testing::HasSubstr("max_allowed_packet"));
            EXPECT_THAT(result("files").reason, testing::HasSubstr("id=2"));
        }
    }
}

} // namespace
} // namespace slicetool::test
