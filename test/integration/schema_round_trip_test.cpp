#include "schema_fixture.hpp"

#include "db/schema.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace slicetool::test {
namespace {

class SchemaRoundTrip : public SchemaTest
{
};

/// Pairs of the same family only.
class SchemaOfOneFamily : public SchemaTest
{
};

INSTANTIATE_TEST_SUITE_P(Pairings, SchemaRoundTrip, testing::ValuesIn(pairings()), pairing_name);

INSTANTIATE_TEST_SUITE_P(Pairings, SchemaOfOneFamily, testing::Values(pairings()[0], pairings()[1]),
                         pairing_name);

/// Columns that both families have.
const char* const k_common_columns = R"(
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  ti TINYINT NOT NULL DEFAULT -1, tb BOOLEAN DEFAULT 0, si SMALLINT UNSIGNED DEFAULT 7,
  mi MEDIUMINT(5) ZEROFILL DEFAULT 12, i INT NULL, iu INT UNSIGNED NOT NULL,
  de DECIMAL(65,30) NOT NULL DEFAULT 1.5, d2 DECIMAL DEFAULT NULL, fl FLOAT DEFAULT 1.5, f2 FLOAT(7,3),
  db DOUBLE DEFAULT 1e-12, d3 DOUBLE(10,4) UNSIGNED,
  da DATE DEFAULT '2020-00-10', d0 DATE NOT NULL DEFAULT '0000-00-00', tm TIME(6) DEFAULT '-838:59:59',
  dt DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), ts TIMESTAMP NULL DEFAULT NULL,
  t2 TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  t3 TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00', ye YEAR DEFAULT 2001,
  b1 BIT(1) DEFAULT b'1', b64 BIT(64) DEFAULT b'1010',
  en ENUM('a','b''c','d,e','f\\g','ü','') CHARACTER SET utf8mb4 DEFAULT 'b''c',
  se SET('x','y''z','ü\\') CHARACTER SET latin1 DEFAULT 'x,y''z',
  ch CHAR(10) CHARACTER SET latin1 DEFAULT 'é',
  vc VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL DEFAULT 'it''s "q" \\ \n ü',
  vn VARCHAR(5) DEFAULT 'NULL', ve VARCHAR(5) NOT NULL DEFAULT '', vcu VARCHAR(30) DEFAULT 'current_timestamp',
  vg VARCHAR(9) CHARACTER SET gbk DEFAULT '中', vi VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci,
  bi BINARY(16) DEFAULT 0x00ff41, vb VARBINARY(20) DEFAULT 'abc', vb2 VARBINARY(20) DEFAULT 0xff00,
  tt TINYTEXT, te TEXT CHARACTER SET utf8mb3, mt MEDIUMTEXT, lt LONGTEXT COLLATE utf8mb4_bin,
  tbl TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB, js JSON,
  ge GEOMETRY, po POINT NOT NULL, ls LINESTRING, pl POLYGON, mp MULTIPOINT, ml MULTILINESTRING,
  mpl MULTIPOLYGON, gc GEOMETRYCOLLECTION,
  gv INT GENERATED ALWAYS AS ((i + 1) * 2 - 3) VIRTUAL COMMENT 'generated stored',
  gs VARCHAR(50) GENERATED ALWAYS AS (concat(vn,'x\\''')) STORED,
  nog INT COMMENT 'STORED GENERATED it''s ü \\', inv INT INVISIBLE DEFAULT 3,
  ex VARCHAR(50) DEFAULT (concat('a','ü''\\')),
  PRIMARY KEY (id), UNIQUE KEY u (vc(10), ti), KEY k2 (ti DESC, si) COMMENT 'k''2', FULLTEXT KEY ft (te),
  SPATIAL KEY sp (po), KEY gk (gv), CHECK (ti < 10 AND (si > 0 OR iu <> 3)),
  CHECK (vn <> 'o''k'))";

const char* const k_common_options =
    " ENGINE=InnoDB AUTO_INCREMENT=55 DEFAULT CHARSET=latin1 COMMENT='it''s AUTO_INCREMENT=77 ü'";

std::vector<std::string> common_tables()
{
    return {std::string("CREATE TABLE all_types (") + k_common_columns + ")" + k_common_options,
            "CREATE TABLE utf8_types (" + std::string(k_common_columns) +
                ") DEFAULT CHARSET=utf8mb4",
            "CREATE TABLE part (a INT NOT NULL, b INT, PRIMARY KEY (a)) ROW_FORMAT=COMPRESSED "
            "PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS "
            "THAN MAXVALUE)",
            "CREATE TABLE no_key (a INT, b TEXT, KEY (b(20))) ENGINE=MyISAM CHECKSUM=1",
            "CREATE TABLE mem (a INT PRIMARY KEY, b INT, KEY (b), KEY c (b) USING BTREE) "
            "ENGINE=MEMORY"};
}

std::vector<std::string> hostile_tables()
{
    const std::string longest(64, 'x');
    return {
        "CREATE TABLE parent (id INT PRIMARY KEY, self INT, CONSTRAINT fself FOREIGN KEY (self) "
        "REFERENCES parent (id))",
        "CREATE TABLE `we``ird. %'\"ü` (`a``b` INT PRIMARY KEY, `select` INT CHECK (`select` > 0), "
        "`c,d (e` INT COMMENT 'CONSTRAINT `x` FOREIGN KEY (a', KEY `i``x` (`c,d (e`), CONSTRAINT "
        "`fk``1` "
        "FOREIGN KEY (`c,d (e`) REFERENCES parent (id) ON DELETE SET NULL ON UPDATE CASCADE) "
        "COMMENT='*/ -- # ; `'",
        "CREATE TABLE `" + longest + "` (`" + longest + "` INT PRIMARY KEY, `ключ 鍵` INT, KEY `" +
            longest + "` (`ключ 鍵`))",
        "CREATE TABLE `select` (`primary` INT, `KEY` INT, ` x` INT, PRIMARY KEY (`primary`, "
        "`KEY`))",
        "CREATE TABLE `%` (`%` INT, `?` INT, `\\` INT, `--` INT, `/*!` INT, `'` INT, `\"` INT)"};
}

std::vector<std::string> mariadb_tables()
{
    return {"CREATE TABLE m (id UUID PRIMARY KEY DEFAULT uuid(), i4 INET4, i6 INET6, e VARCHAR(10) "
            "DEFAULT "
            "(concat('a','b')), tx TEXT DEFAULT 'x''y', v VARCHAR(10) COMPRESSED, cu DATETIME "
            "DEFAULT (now() + "
            "INTERVAL 1 DAY), inv INT, KEY ik (inv) IGNORED, KEY hk (i4) USING HASH, uq TEXT, "
            "UNIQUE KEY uqk (uq)) "
            "PAGE_COMPRESSED=1 COLLATE utf8mb4_uca1400_ai_ci",
            "CREATE TABLE sv (a INT PRIMARY KEY, b INT WITHOUT SYSTEM VERSIONING) WITH SYSTEM "
            "VERSIONING",
            "CREATE TABLE sv2 (a INT PRIMARY KEY, rs TIMESTAMP(6) GENERATED ALWAYS AS ROW START, "
            "re TIMESTAMP(6) "
            "GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (rs, re)) WITH SYSTEM VERSIONING",
            "CREATE TABLE ar (a INT) ENGINE=Aria",
            "CREATE TABLE per (a INT, s DATE, e DATE, PERIOD FOR p (s, e), UNIQUE (a, p WITHOUT "
            "OVERLAPS))",
            "CREATE TABLE js (j JSON, k JSON DEFAULT '{}' CHECK (json_length(k) > 0), l LONGTEXT "
            "COLLATE "
            "utf8mb4_bin CHECK (json_valid(l)))"};
}

std::vector<std::string> mysql_tables()
{
    return {
        "CREATE TABLE m (a INT INVISIBLE PRIMARY KEY, v VECTOR(4), e VARCHAR(50) DEFAULT "
        "(concat('a','b''\\\\')), tx TEXT DEFAULT ('x''y'), g POINT NOT NULL SRID 4326, j JSON "
        "DEFAULT "
        "(json_array()), k VARCHAR(10), d DATETIME DEFAULT (now()), u BINARY(16) DEFAULT "
        "(uuid_to_bin(uuid())), "
        "emoji VARCHAR(9) DEFAULT '😀', KEY fn ((a + 1), (lower(k)) DESC), KEY ik (k) INVISIBLE, "
        "CHECK (a > 0) NOT ENFORCED, CHECK (k <> 'ü😀'), UNIQUE KEY (k) COMMENT 'ü')",
        "CREATE TABLE gipk (my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE PRIMARY "
        "KEY, a INT)",
        "CREATE TABLE comp (a INT) COMPRESSION='zlib' STATS_PERSISTENT=1",
        "CREATE TABLE gen (a INT, l VARCHAR(10) CHARACTER SET latin1, g VARCHAR(20) AS (concat(l, "
        "'é\\\\''')), "
        "h INT AS (a * 2) STORED NOT NULL, w VARCHAR(5) AS (CASE WHEN a IS NULL THEN 'n' ELSE 'x' "
        "END))"};
}

TEST_P(SchemaRoundTrip, TypesOfBothFamilies)
{
    m_up->run(common_tables());
    expect_round_trip();
}

TEST_P(SchemaRoundTrip, HostileNames)
{
    m_up->run(hostile_tables());
    sync::PullSchemaOptions options;
    expect_round_trip(options);
    options.foreign_keys = sql::ForeignKeys::keep;
    options.recreate = {"parent", "we`ird. %'\"ü"};
    const auto kept = pull(options);
    EXPECT_EQ(kept.exit_status(), 0) << m_told->text();
    options.recreate.clear();
    EXPECT_EQ(pull(options).equal, 5U) << m_told->text();
}

TEST_P(SchemaOfOneFamily, EveryTypeComesBack)
{
    m_up->run(upstream_is_mariadb() ? mariadb_tables() : mysql_tables());
    expect_round_trip();
}

/// Where the Sakila sample database lies: SLICETOOL_TEST_SAKILA, else beside the project.
std::filesystem::path sakila_folder()
{
    if (const char* folder = std::getenv("SLICETOOL_TEST_SAKILA"))
        return folder;
    return std::filesystem::path(SLICETOOL_SOURCE).parent_path() / "shared" / "data" / "sakila";
}

/// The CREATE TABLE statements of the Sakila script.
std::vector<std::string> sakila_tables()
{
    std::ifstream file(sakila_folder() / "sakila-schema.sql");
    std::stringstream text;
    text << file.rdbuf();
    const std::string script = text.str();
    std::vector<std::string> statements;
    for (auto at = script.find("CREATE TABLE "); at != std::string::npos;
         at = script.find("CREATE TABLE ", at + 1))
        statements.push_back(script.substr(at, script.find(";\n", at) - at));
    return statements;
}

TEST_P(SchemaRoundTrip, Sakila)
{
    const auto tables = sakila_tables();
    if (tables.empty())
        GTEST_SKIP() << "no Sakila";
    m_up->run(tables);
    sync::PullSchemaOptions options;
    options.foreign_keys = sql::ForeignKeys::keep;
    expect_round_trip(options);
    EXPECT_EQ(m_told->results.size(), tables.size());
}

TEST_P(SchemaRoundTrip, ReadsTheStructs)
{
    m_up->run(common_tables());
    m_up->run({"CREATE TRIGGER tr BEFORE INSERT ON part FOR EACH ROW SET NEW.b = 1",
               "CREATE VIEW vw AS SELECT a FROM part"});
    db::Session session = m_up->open(db::Role::reader);
    EXPECT_THAT(db::list_tables(session),
                testing::UnorderedElementsAre("all_types", "utf8_types", "part", "no_key", "mem"));
    const auto tables = db::read_tables(session, {"all_types", "absent", "part", "vw"});
    ASSERT_EQ(tables.size(), 3U);
    const sql::Table& table = tables[0];
    const auto column = [&](const char* name) { return *table.find_column(name); };
    EXPECT_EQ(column("en").elements,
              (std::vector<std::string>{"a", "b'c", "d,e", "f\\g", "ü", ""}));
    EXPECT_EQ(column("se").elements, (std::vector<std::string>{"x", "y'z", "ü\\"}));
    EXPECT_EQ(column("vc").octet_length, 400U);
    EXPECT_EQ(column("vc").length, 100U);
    EXPECT_EQ(column("b64").length, 64U);
    EXPECT_EQ(column("dt").precision, 3U);
    EXPECT_EQ(column("de").scale, 30U);
    EXPECT_EQ(column("ch").charset, "latin1");
    EXPECT_EQ(column("ch").default_sql, "'é'");
    EXPECT_EQ(column("bi").default_sql, "0x00FF4100000000000000000000000000");
    EXPECT_EQ(column("vb2").default_sql, "0xFF00");
    EXPECT_EQ(column("gv").generated, sql::Generated::virtual_column);
    EXPECT_EQ(column("gs").generated, sql::Generated::stored);
    EXPECT_EQ(column("nog").generated, sql::Generated::no);
    EXPECT_EQ(column("nog").comment, "STORED GENERATED it's ü \\");
    EXPECT_TRUE(column("inv").invisible);
    EXPECT_TRUE(column("id").auto_increment);
    EXPECT_EQ(column("bi").charset, "");
    EXPECT_EQ(table.comment, "it's AUTO_INCREMENT=77 ü");
    EXPECT_EQ(table.charset, "latin1");
    EXPECT_EQ(table.next_auto_increment, 55U);
    EXPECT_TRUE(tables[1].partitioned);
    ASSERT_EQ(tables[1].triggers.size(), 1U);
    EXPECT_EQ(tables[1].triggers[0].event, "INSERT");
    EXPECT_EQ(tables[2].kind, sql::TableKind::view);
}

} // namespace
} // namespace slicetool::test
