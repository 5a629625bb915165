#include "db/schema.hpp"
#include "hash/fingerprint.hpp"
#include "integration/every_type.hpp"
#include "integration/server_fixture.hpp"
#include "sql/quote.hpp"
#include "sync/load_pipe.hpp"
#include "sync/reads.hpp"
#include "sync/row_inserter.hpp"
#include "sync/table_pair.hpp"

#include <algorithm>
#include <fmt/format.h>

/// The row encoding is defined twice, as SQL and in C++: here both read every column type of a real
/// server.
namespace slicetool::test {
namespace {

using hash::DigestKind;
using sync::RowValues;

constexpr sync::SideLimits k_limits{16 * 1024 * 1024, 16 * 1024 * 1024};

/// Lets LOAD DATA LOCAL in for as long as it lives.
class LocalInfile
{
public:
    explicit LocalInfile(db::Session session) : m_session(std::move(session))
    {
        m_before = m_session.query_value("read", "SELECT @@global.local_infile").value_or("1");
        m_session.execute("allow", "SET GLOBAL local_infile = 1");
    }
    LocalInfile(const LocalInfile&) = delete;
    LocalInfile& operator=(const LocalInfile&) = delete;
    ~LocalInfile() { m_session.execute("restore", "SET GLOBAL local_infile = " + m_before); }

private:
    db::Session m_session;
    std::string m_before;
};

class Encoding : public ServerTest
{
protected:
    void SetUp() override
    {
        ServerTest::SetUp();
        if (!m_database)
            return;
        m_types = common_types();
        const auto own = is_mariadb() ? mariadb_types() : mysql_types();
        m_types.insert(m_types.end(), own.begin(), own.end());
    }

    /// Each value of each type in some row, one row of NULLs, and an empty copy of the table.
    void make_every_type()
    {
        std::string columns = "id BIGINT NOT NULL PRIMARY KEY";
        std::size_t most = 0;
        for (const auto& type : m_types) {
            columns += fmt::format(", {} {}", type.name, type.type);
            most = std::max(most, type.values.size());
        }
        std::vector<std::string> statements{
            "SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'",
            "CREATE TABLE every_type (" + columns + ") CHARACTER SET utf8mb4",
            "CREATE TABLE duplicate LIKE every_type", "INSERT INTO every_type (id) VALUES (-1)"};
        for (std::size_t row = 0; row < most; ++row) {
            std::string values = std::to_string(row * 7);
            for (const auto& type : m_types)
                values += ", " + type.values[row % type.values.size()];
            statements.push_back("INSERT INTO every_type VALUES (" + values + ")");
        }
        m_database->run(statements);
    }

    sync::TablePair plan(db::Session& session, DigestKind digest) const
    {
        m_upstream = db::read_table(session, "every_type");
        m_downstream = db::read_table(session, "duplicate");
        return sync::plan_table_pair(m_upstream.value(), m_downstream.value(), {}, digest, k_limits,
                                     k_limits);
    }

    static std::vector<DigestKind> digests(const db::Session& session)
    {
        if (session.server().has_md5)
            return {DigestKind::sha256, DigestKind::md5};
        return {DigestKind::sha256};
    }

    /// The rows as copying reads them, in key order.
    static std::vector<RowValues> read_rows(db::Session& session, const sync::TableSide& side)
    {
        std::vector<RowValues> rows;
        db::Result result = session.query("read rows", sync::build_rows_of_range(side, {}));
        while (result.next())
            rows.push_back(sync::row_values(result, 0, side.encoding.columns().size()));
        return rows;
    }

    /// A column's values in hexadecimal, in the server's own words, by key.
    static std::vector<std::string> dump(db::Session& session, const std::string& table,
                                         const TypeCase& type)
    {
        const bool real = type.type.starts_with("FLOAT") || type.type.starts_with("DOUBLE");
        const bool number = type.type.starts_with("BIT") || type.type.starts_with("ENUM") ||
                            type.type.starts_with("SET");
        const std::string value = real     ? "CAST(" + type.name + " AS DOUBLE)"
                                  : number ? "CAST(" + type.name + " AS UNSIGNED)"
                                           : type.name;
        std::vector<std::string> rows;
        db::Result result = session.query(
            "dump",
            fmt::format("SELECT id, HEX(CAST({} AS BINARY)) FROM {} ORDER BY id", value, table));
        while (result.next())
            rows.push_back(result.text(0) + ": " + result.get(1).value_or("NULL"));
        return rows;
    }

    /// The duplicate holds what every_type holds, by digests and without them.
    void expect_copied(const sync::TablePair& pair)
    {
        db::Session session = m_database->open(db::Role::reader);
        for (const auto& type : m_types)
            EXPECT_EQ(dump(session, "every_type", type), dump(session, "duplicate", type))
                << type.name;
        const auto original = sync::read_fingerprints(session, pair.upstream, {sync::Range{}});
        const auto copy = sync::read_fingerprints(session, pair.downstream, {sync::Range{}});
        EXPECT_TRUE(hash::proves_equal(original[0], copy[0]));
    }

    std::vector<TypeCase> m_types;
    mutable std::optional<sql::Table> m_upstream; ///< what the planned pair points into
    mutable std::optional<sql::Table> m_downstream;
};

TEST_P(Encoding, OfEachTypeIsTheSameFromTheServerAndFromHere)
{
    make_every_type();
    db::Session session = m_database->open(db::Role::reader);
    const sync::TablePair pair = plan(session, DigestKind::sha256);
    ASSERT_EQ(pair.upstream.encoding.columns().size(), m_types.size() + 1);
    for (const auto& column : pair.upstream.encoding.columns()) {
        const hash::RowEncoding encoding({column}, DigestKind::sha256);
        db::Result result =
            session.query("read", fmt::format("SELECT {}, {} FROM every_type ORDER BY id",
                                              encoding.row_sql(), encoding.select_list()[0]));
        while (result.next()) {
            std::string here;
            encoding.encode({result.get(1)}, here);
            EXPECT_EQ(result.text(0), here) << column.name;
            EXPECT_LE(here.size(), encoding.longest_row()) << column.name;
        }
    }
}

/// GROUP_CONCAT cuts its arguments at their declared lengths without a warning: alone, a column has
/// no room but its own.
TEST_P(Encoding, OfEachTypeAloneFitsIntoItsDeclaredLength)
{
    make_every_type();
    db::Session session = m_database->open(db::Role::reader);
    const sync::TablePair pair = plan(session, DigestKind::sha256);
    for (const auto& column : pair.upstream.encoding.columns()) {
        const hash::RowEncoding encoding({column}, DigestKind::sha256);
        const hash::FingerprintQuery query(encoding, k_limits.group_concat_bytes, "`id`");
        std::string here;
        {
            db::Result rows =
                session.query("read", fmt::format("SELECT {} FROM every_type ORDER BY id",
                                                  encoding.select_list()[0]));
            while (rows.next())
                encoding.encode({rows.get(0)}, here);
        }
        db::Result result =
            session.query("fingerprint", "SELECT " + query.select_list() + " FROM every_type");
        ASSERT_TRUE(result.next());
        EXPECT_EQ(hash::to_hex(result.text(2)), hash::digest_hex(DigestKind::sha256, here))
            << column.name;
    }
}

TEST_P(Encoding, OfWholeRowsAndTheirDigestsAreTheSameFromTheServerAndFromHere)
{
    make_every_type();
    db::Session session = m_database->open(db::Role::reader);
    for (const auto digest : digests(session)) {
        const sync::TablePair pair = plan(session, digest);
        const auto& encoding = pair.upstream.encoding;
        const auto rows = read_rows(session, pair.upstream);
        db::Result result =
            session.query("read", fmt::format("SELECT {}, {} FROM every_type ORDER BY id",
                                              encoding.row_sql(), encoding.row_digest_sql()));
        for (const auto& row : rows) {
            ASSERT_TRUE(result.next());
            std::string here;
            encoding.encode(row, here);
            EXPECT_EQ(result.text(0), here);
            EXPECT_EQ(hash::to_hex(result.text(1)), hash::digest_hex(digest, here));
            EXPECT_EQ(hash::to_hex(result.text(1)), hash::to_hex(sync::row_digest(encoding, row)));
        }
        EXPECT_FALSE(result.next());
    }
}

TEST_P(Encoding, OfRangesHasTheDigestOfItsRowsInKeyOrder)
{
    make_every_type();
    db::Session session = m_database->open(db::Role::reader);
    const std::vector<sync::Range> ranges{{},
                                          {{}, sync::Bound{{"14"}, false}, {}},
                                          {sync::Bound{{"14"}, false}, {}, {}},
                                          {sync::Bound{{"1000"}, true}, {}, {}}};
    for (const auto digest : digests(session)) {
        const sync::TablePair pair = plan(session, digest);
        const auto fingerprints = sync::read_fingerprints(session, pair.upstream, ranges);
        std::vector<std::string> texts(ranges.size());
        std::vector<std::uint64_t> counts(ranges.size(), 0);
        for (const auto& row : read_rows(session, pair.upstream)) {
            const std::size_t half = std::stoll(row[0].value()) < 14 ? 1 : 2;
            for (const std::size_t at : {std::size_t{0}, half}) {
                pair.upstream.encoding.encode(row, texts[at]);
                ++counts[at];
            }
        }
        for (std::size_t at = 0; at < ranges.size(); ++at) {
            EXPECT_TRUE(fingerprints[at].complete);
            EXPECT_EQ(fingerprints[at].rows, counts[at]);
            EXPECT_EQ(hash::to_hex(fingerprints[at].digest),
                      counts[at] == 0 ? "" : hash::digest_hex(digest, texts[at]));
        }
    }
}

TEST_P(Encoding, OfALeafListsTheDigestOfEachRow)
{
    make_every_type();
    db::Session session = m_database->open(db::Role::reader);
    const sync::TablePair pair = plan(session, DigestKind::sha256);
    const auto rows = read_rows(session, pair.upstream);
    const auto leaf = sync::read_leaves(session, pair.upstream, {sync::Range{}}).at(0);
    ASSERT_EQ(leaf.size(), rows.size());
    for (std::size_t at = 0; at < rows.size(); ++at) {
        EXPECT_EQ(leaf[at].key, sync::key_of(pair, rows[at]));
        EXPECT_EQ(leaf[at].digest, sync::row_digest(pair.upstream.encoding, rows[at]));
    }
}

TEST_P(Encoding, OfEveryTypeSurvivesCopyingByLiterals)
{
    make_every_type();
    db::Session session = m_database->open(db::Role::reader);
    db::Session writer = m_database->open(db::Role::writer);
    const sync::TablePair pair = plan(session, DigestKind::sha256);
    sync::RowInserter inserter(pair, writer);
    const auto rows = read_rows(session, pair.upstream);
    for (const auto& row : rows)
        inserter.add(row, {});
    EXPECT_EQ(inserter.finish(), rows.size());
    expect_copied(pair);
}

TEST_P(Encoding, OfEveryTypeSurvivesCopyingByLoadData)
{
    make_every_type();
    const LocalInfile allowed(m_database->open(db::Role::writer));
    db::Session session = m_database->open(db::Role::reader);
    db::Session writer = m_database->open(db::Role::writer);
    const sync::TablePair pair = plan(session, DigestKind::sha256);
    const auto rows = read_rows(session, pair.upstream);
    sync::LoadPipe load(pair.downstream, writer, base::StopToken());
    for (const auto& row : rows)
        load.add(row);
    EXPECT_EQ(load.finish(), rows.size());
    expect_copied(pair);
}

/// What both families say of reals in the form for comparing between them. The other family's
/// server is asked too.
TEST_P(Encoding, OfRealsIsTheSameTextOnTheOtherFamily)
{
    const std::string variable =
        is_mariadb() ? "SLICETOOL_TEST_MYSQL_A" : "SLICETOOL_TEST_MARIADB_A";
    const char* other = wanted_server(variable);
    if (other == nullptr)
        GTEST_SKIP() << variable << ", a server of the other family, is not set";
    const ScratchDatabase foreign(other, "other");
    for (const auto& type : common_types()) {
        if (!type.type.starts_with("FLOAT") && !type.type.starts_with("DOUBLE"))
            continue;
        std::vector<std::string> statements{"CREATE TABLE " + type.name + " (r " + type.type + ")"};
        for (const auto& value : type.values)
            statements.push_back("INSERT INTO " + type.name + " VALUES (" + value + ")");
        const hash::Form form =
            type.type.starts_with("FLOAT") ? hash::Form::neutral_float : hash::Form::neutral_real;
        const hash::RowEncoding encoding({{"r", form, true, 400}}, DigestKind::sha256);
        std::vector<std::vector<std::string>> texts;
        for (const ScratchDatabase* database :
             std::initializer_list<const ScratchDatabase*>{m_database.get(), &foreign}) {
            database->run(statements);
            db::Session session = database->open(db::Role::reader);
            db::Result result =
                session.query("read", fmt::format("SELECT {}, {} FROM {}", encoding.row_sql(),
                                                  encoding.select_list()[0], type.name));
            texts.emplace_back();
            while (result.next()) {
                texts.back().push_back(result.text(0));
                std::string here;
                encoding.encode({result.get(1)}, here);
                EXPECT_EQ(result.text(0), here) << type.name;
            }
        }
        EXPECT_EQ(texts[0], texts[1]) << type.name;
    }
}

/// Reals go from each family to the other by literals, and are read back alike.
TEST_P(Encoding, OfRealsSurvivesCopyingToTheOtherFamily)
{
    const std::string variable =
        is_mariadb() ? "SLICETOOL_TEST_MYSQL_A" : "SLICETOOL_TEST_MARIADB_A";
    const char* other = wanted_server(variable);
    if (other == nullptr)
        GTEST_SKIP() << variable << ", a server of the other family, is not set";
    const ScratchDatabase foreign(other, "other");
    db::Session writer = foreign.open(db::Role::writer);
    const LocalInfile allowed(foreign.open(db::Role::writer));
    for (const auto& type : common_types()) {
        if (!type.type.starts_with("FLOAT") && !type.type.starts_with("DOUBLE"))
            continue;
        const std::string create =
            "CREATE TABLE every_type (id BIGINT NOT NULL PRIMARY KEY, r " + type.type + ")";
        std::vector<std::string> statements{"DROP TABLE IF EXISTS every_type", create};
        for (std::size_t at = 0; at < type.values.size(); ++at)
            statements.push_back(
                fmt::format("INSERT INTO every_type VALUES ({}, {})", at, type.values[at]));
        m_database->run(statements);
        db::Session session = m_database->open(db::Role::reader);
        for (const bool load : {false, true}) {
            foreign.run({"DROP TABLE IF EXISTS every_type", create});
            const auto up = db::read_table(session, "every_type");
            const auto down = db::read_table(writer, "every_type");
            const auto pair = sync::plan_table_pair(up.value(), down.value(), {},
                                                    DigestKind::sha256, k_limits, k_limits);
            const auto rows = read_rows(session, pair.upstream);
            if (load) {
                db::Session loader = foreign.open(db::Role::writer);
                sync::LoadPipe pipe(pair.downstream, loader, base::StopToken());
                for (const auto& row : rows)
                    pipe.add(row);
                EXPECT_EQ(pipe.finish(), rows.size());
            } else {
                sync::RowInserter inserter(pair, writer);
                for (const auto& row : rows)
                    inserter.add(row, {});
                EXPECT_EQ(inserter.finish(), rows.size());
            }
            EXPECT_EQ(rows, read_rows(writer, pair.downstream)) << type.name;
            EXPECT_TRUE(hash::proves_equal(
                sync::read_fingerprints(session, pair.upstream, {sync::Range{}})[0],
                sync::read_fingerprints(writer, pair.downstream, {sync::Range{}})[0]))
                << type.name << (load ? " loaded" : " inserted");
        }
    }
}

/// MySQL prints an expression that is a DOUBLE with 22 characters at most where it joins strings.
TEST_P(Encoding, OfDifferentRealsIsDifferent)
{
    std::vector<std::string> statements{
        "CREATE TABLE every_type (id BIGINT NOT NULL PRIMARY KEY AUTO_INCREMENT, d DOUBLE, "
        "md DOUBLE(53,30), f FLOAT)"};
    for (const char* neighbours : {"(1.2345678901234567e-105, 1.2345678901234567e-9, 1e-6)",
                                   "(1.2345678901234569e-105, 1.2345678901234569e-9, 1.0000001e-6)",
                                   "(1.7976931348623157e308, 1.2345678901234567e16, 3.4028234e38)",
                                   "(1.7976931348623155e308, 1.2345678901234568e16, 3.4028232e38)",
                                   "(1.2345678901234567e-5, 0.1, 16777215)",
                                   "(1.2345678901234569e-5, 0.10000000000000002, 16777214)"}) {
        const std::string row = neighbours;
        statements.push_back("INSERT INTO every_type (d, md, f) VALUES " + row);
        statements.push_back("INSERT INTO every_type (d, md, f) SELECT -d, -md, -f FROM every_type "
                             "ORDER BY id DESC LIMIT 1");
    }
    m_database->run(statements);
    db::Session session = m_database->open(db::Role::reader);
    for (const auto& [column, form] :
         {std::pair("d", hash::Form::exact_real), std::pair("d", hash::Form::neutral_real),
          std::pair("md", hash::Form::fixed_real), std::pair("f", hash::Form::exact_float),
          std::pair("f", hash::Form::neutral_float)}) {
        const hash::RowEncoding encoding({{column, form, true, 400}}, DigestKind::sha256);
        const auto count = [&](const std::string& expression) {
            return session.query_value("count",
                                       "SELECT COUNT(DISTINCT " + expression + ") FROM every_type");
        };
        EXPECT_EQ(count(encoding.row_sql()), count(column))
            << column << " in form " << static_cast<int>(form);
    }
}

/// GROUP_CONCAT cuts its arguments at their declared lengths, and a DOUBLE prints more than that.
TEST_P(Encoding, OfNarrowRangesOfRealsIsNotCut)
{
    std::vector<std::string> values{"-1.2345678901234567e-105", "-1.2345678901234567e-10",
                                    "-2.2250738585072014e-308", "-1.7976931348623157e308",
                                    "-0.00012345678901234567"};
    for (const std::string type : {"DOUBLE", "DOUBLE NOT NULL", "FLOAT", "DOUBLE(200,30)"}) {
        std::vector<std::string> statements{
            "DROP TABLE IF EXISTS every_type, duplicate",
            fmt::format(
                "CREATE TABLE every_type (id TINYINT NOT NULL PRIMARY KEY, a {0}, b {0}, c {0})",
                type),
            "CREATE TABLE duplicate LIKE every_type"};
        const bool single = type == "FLOAT";
        for (std::size_t at = 0; at < values.size(); ++at) {
            const std::string value =
                single ? values[at].substr(0, 10) + "e-" + std::to_string(at * 9) : values[at];
            const bool too_large = type == "DOUBLE(200,30)" && value.ends_with("e308");
            statements.push_back(fmt::format("INSERT INTO every_type VALUES ({0}, {1}, {1}, {1})",
                                             at, too_large ? "1e169" : value));
        }
        m_database->run(statements);
        db::Session session = m_database->open(db::Role::reader);
        const sync::TablePair pair = plan(session, DigestKind::sha256);
        std::string here;
        for (const auto& row : read_rows(session, pair.upstream))
            pair.upstream.encoding.encode(row, here);
        const auto fingerprint =
            sync::read_fingerprints(session, pair.upstream, {sync::Range{}})[0];
        EXPECT_EQ(hash::to_hex(fingerprint.digest), hash::digest_hex(DigestKind::sha256, here))
            << type << here;
    }
}

class EncodingOnMySql : public Encoding
{
};

/// MySQL's JSON functions make DECIMALs; text that is stored makes DOUBLEs, which print 1.50
/// as 1.5.
TEST_P(EncodingOnMySql, OfAJsonDecimalDoesNotSurviveCopyingAndIsNotCalledEqual)
{
    m_database->run({"CREATE TABLE every_type (id BIGINT NOT NULL PRIMARY KEY, doc JSON)",
                     "CREATE TABLE duplicate LIKE every_type",
                     "INSERT INTO every_type VALUES (1, JSON_ARRAY(1.50))"});
    db::Session session = m_database->open(db::Role::reader);
    db::Session writer = m_database->open(db::Role::writer);
    const sync::TablePair pair = plan(session, DigestKind::sha256);
    sync::RowInserter inserter(pair, writer);
    inserter.add(read_rows(session, pair.upstream).at(0), {});
    EXPECT_EQ(inserter.finish(), 1U);
    EXPECT_FALSE(
        hash::proves_equal(sync::read_fingerprints(session, pair.upstream, {sync::Range{}})[0],
                           sync::read_fingerprints(session, pair.downstream, {sync::Range{}})[0]));
}

/// A table whose encoding is written out below, so that both sides cannot err alike.
class KnownEncoding : public Encoding
{
protected:
    std::string text() const { return k_first + k_second + k_third; }

    sync::TablePair make_known(db::Session& session, DigestKind digest) const
    {
        m_database->run({"SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'",
                         "CREATE TABLE every_type (id BIGINT NOT NULL PRIMARY KEY, name "
                         "VARCHAR(20) NOT NULL, price DECIMAL(10,2), "
                         "ratio FLOAT, exact_ratio DOUBLE, kind ENUM('a','b','') , marks "
                         "SET('x','y','z'), flags BIT(64), "
                         "filled INT(6) ZEROFILL, born DATE, clock TIME(3), seen DATETIME(6), "
                         "stamp TIMESTAMP(6) NULL, since YEAR, "
                         "code CHAR(8) CHARACTER SET latin1, raw VARBINARY(10), fixed BINARY(3), "
                         "body TEXT, data BLOB) "
                         "CHARACTER SET utf8mb4",
                         "INSERT INTO every_type VALUES (-9223372036854775808, '', -0.50, 0.1, "
                         "0.1, 'b', 'x,z', b'101', 42, "
                         "'2024-02-29', '-01:02:03.004', '2024-02-29 23:59:59.000001', '2038-01-19 "
                         "03:14:07.999999', 2155, "
                         "_latin1 X'E42C', X'00FF', X'61', 'abc', X'')",
                         "INSERT INTO every_type (id, name) VALUES (0, '~,;')",
                         "INSERT INTO every_type VALUES (9223372036854775807, '\xf0\x9f\x98\x80', "
                         "0, 16777217, 1e16, '', '', 0, 0, "
                         "'0000-00-00', '00:00:00', '0000-00-00 00:00:00', '1970-01-01 00:00:01', "
                         "0, '', '', '', '', '~')",
                         "CREATE TABLE duplicate LIKE every_type"});
        return plan(session, digest);
    }

    const std::string k_first =
        "-9223372036854775808,-0.50,0.10000000149011612,0.1,2,5,5,42,2024-02-29,-01:02:03.004,"
        "2024-02-29 23:59:59.000001,2038-01-19 03:14:07.999999,2155,0,2,2,3,64,64;" +
        std::string("\xe4,\x00\xff"
                    "a\0\0",
                    7) +
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const std::string k_second = "0,~,~,~,~,~,~,~,~,~,~,~,~,3,~,~,~,~,~;~,;";
    const std::string k_third =
        "9223372036854775807,0.00,16777216,1e16,3,0,0,0,0000-00-00,00:00:00.000,"
        "0000-00-00 00:00:00.000000,1970-01-01 "
        "00:00:01.000000,0000,4,0,0,3,64,64;\xf0\x9f\x98\x80" +
        std::string("\0\0\0", 3) +
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        "7ace431cb61584cb9b8dc7ec08cf38ac0a2d649660be86d349fb43108b542fa4";
};

TEST_P(KnownEncoding, IsTheSameTextOnEveryServer)
{
    db::Session session = m_database->open(db::Role::reader);
    const sync::TablePair pair = make_known(session, DigestKind::sha256);
    db::Result result = session.query("read", fmt::format("SELECT {} FROM every_type ORDER BY id",
                                                          pair.upstream.encoding.row_sql()));
    for (const auto& row : {k_first, k_second, k_third}) {
        ASSERT_TRUE(result.next());
        EXPECT_EQ(result.text(0), row);
    }
}

TEST_P(KnownEncoding, IsTheSameTextFromHere)
{
    db::Session session = m_database->open(db::Role::reader);
    const sync::TablePair pair = make_known(session, DigestKind::sha256);
    std::string here;
    for (const auto& row : read_rows(session, pair.upstream))
        pair.upstream.encoding.encode(row, here);
    EXPECT_EQ(here, text());
}

TEST_P(KnownEncoding, HasTheSameSha256OnEveryServer)
{
    db::Session session = m_database->open(db::Role::reader);
    const sync::TablePair pair = make_known(session, DigestKind::sha256);
    const auto fingerprint = sync::read_fingerprints(session, pair.upstream, {sync::Range{}}).at(0);
    EXPECT_EQ(fingerprint.rows, 3U);
    EXPECT_EQ(hash::to_hex(fingerprint.digest),
              "e3da89c0c7157d816c65da82d28a4bc96d6f6e60de904ccade0ae54a37aa7f6d");
}

/// Gives a MySQL server the MD5() that it has no longer, for as long as it lives.
class ClassicHashing
{
public:
    explicit ClassicHashing(db::Session session)
        : m_session(std::move(session)), m_lacks_it(!m_session.server().has_md5)
    {
        if (m_lacks_it)
            m_session.execute("install", "INSTALL COMPONENT 'file://component_classic_hashing'");
    }
    ClassicHashing(const ClassicHashing&) = delete;
    ClassicHashing& operator=(const ClassicHashing&) = delete;
    ~ClassicHashing()
    {
        if (m_lacks_it)
            m_session.execute("remove", "UNINSTALL COMPONENT 'file://component_classic_hashing'");
    }

private:
    db::Session m_session;
    const bool m_lacks_it;
};

TEST_P(KnownEncoding, HasTheSameMd5OnEveryServer)
{
    const ClassicHashing hashing(m_database->open(db::Role::writer));
    db::Session session = m_database->open(db::Role::reader);
    ASSERT_TRUE(session.server().has_md5);
    const sync::TablePair pair = make_known(session, DigestKind::md5);
    const auto fingerprint = sync::read_fingerprints(session, pair.upstream, {sync::Range{}}).at(0);
    EXPECT_EQ(hash::to_hex(fingerprint.digest), "c0df4a2c36edae37674394ac9bda7c8c");
}

INSTANTIATE_TEST_SUITE_P(Servers, Encoding, testing::ValuesIn(server_variables()), server_name);
INSTANTIATE_TEST_SUITE_P(Servers, EncodingOnMySql,
                         testing::Values("SLICETOOL_TEST_MYSQL_A", "SLICETOOL_TEST_MYSQL_B"),
                         server_name);
INSTANTIATE_TEST_SUITE_P(Servers, KnownEncoding, testing::ValuesIn(server_variables()),
                         server_name);

} // namespace
} // namespace slicetool::test
