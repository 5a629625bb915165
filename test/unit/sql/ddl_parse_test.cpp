#include "sql/ddl_parse.hpp"

#include "base/error.hpp"
#include "parsed_table.hpp"

#include <gmock/gmock.h>

namespace slicetool::sql {
namespace {

TEST(DdlParse, ColumnsOfMariaDb)
{
    const Table table = mariadb(R"(CREATE TABLE `t` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `z` mediumint(5) unsigned zerofill DEFAULT 00012,
  `n` int(11) DEFAULT -1 COMMENT 'GENERATED ALWAYS AS (`x`) STORED, it''s',
  `en` enum('a','b''c','d,e','f\\g','ü') DEFAULT 'b''c',
  `d` datetime(3) DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  `cu` datetime DEFAULT (current_timestamp() + interval 1 day),
  `e` varchar(10) /*M!100301 COMPRESSED*/ INVISIBLE DEFAULT concat('a',',') CHECK (`e` <> ')'),
  `g` int(11) GENERATED ALWAYS AS (`n` + 1) STORED COMMENT 'c',
  `b` int(11) DEFAULT NULL WITHOUT SYSTEM VERSIONING,
  `rs` timestamp(6) GENERATED ALWAYS AS ROW START,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=55 DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci COMMENT='x=y' WITH SYSTEM VERSIONING)");
    ASSERT_EQ(table.columns.size(), 10U);
    const auto& columns = table.columns;
    EXPECT_TRUE(columns[0].auto_increment && columns[0].is_unsigned && !columns[0].nullable);
    EXPECT_EQ(columns[0].column_type, "bigint(20) unsigned");
    EXPECT_TRUE(columns[1].zerofill);
    EXPECT_EQ(columns[2].default_sql, "-1");
    EXPECT_EQ(columns[2].generated, Generated::no);
    EXPECT_EQ(columns[2].comment, "GENERATED ALWAYS AS (`x`) STORED, it's");
    EXPECT_THAT(columns[3].elements, testing::ElementsAre("a", "b'c", "d,e", "f\\g", "ü"));
    EXPECT_EQ(columns[4].default_sql, "current_timestamp(3)");
    EXPECT_EQ(columns[4].on_update_sql, "current_timestamp(3)");
    EXPECT_EQ(columns[4].precision, 3U);
    EXPECT_EQ(columns[5].default_sql, "(current_timestamp() + interval 1 day)");
    EXPECT_EQ(columns[6].default_sql, "concat('a',',')");
    EXPECT_TRUE(columns[6].invisible);
    EXPECT_THAT(columns[6].other_attributes, testing::ElementsAre("COMPRESSED"));
    EXPECT_EQ(columns[7].generation_expression, "`n` + 1");
    EXPECT_EQ(columns[7].generated, Generated::stored);
    EXPECT_TRUE(columns[8].without_system_versioning);
    EXPECT_TRUE(columns[9].system_row_bound);
    ASSERT_EQ(table.checks.size(), 1U);
    EXPECT_EQ(table.checks[0].column, "e");
    EXPECT_EQ(table.checks[0].expression, "`e` <> ')'");
    EXPECT_EQ(table.kind, TableKind::system_versioned);
    EXPECT_EQ(table.next_auto_increment, 55U);
    EXPECT_EQ(table.engine, "InnoDB");
    EXPECT_EQ(table.comment, "x=y");
}

TEST(DdlParse, IndexesKeysAndOptionsOfMySql)
{
    const Table table = mysql(R"(CREATE TABLE `m` (
  `a` int NOT NULL /*!80023 INVISIBLE */,
  `g` point NOT NULL /*!80003 SRID 4326 */,
  `k` varchar(10) DEFAULT (concat(_utf8mb4'a',_utf8mb4'b\'\\')),
  KEY `fn` (((`a` + 1)),(lower(`k`)) DESC),
  PRIMARY KEY (`a`),
  UNIQUE KEY `u` (`k`(3),`a` DESC) COMMENT 'ü',
  KEY `ik` (`k`) /*!80000 INVISIBLE */,
  FULLTEXT KEY `ft` (`k`) /*!50100 WITH PARSER `ngram` */ ,
  CONSTRAINT `f``k` FOREIGN KEY (`a`, `k`) REFERENCES `other`.`t``2` (`x`, `y`) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT `c` CHECK ((`a` > 0)) /*!80016 NOT ENFORCED */
) /*!50100 TABLESPACE `innodb_system` */ ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci STATS_PERSISTENT=1 ROW_FORMAT=COMPRESSED COMPRESSION='zlib'
/*!50100 PARTITION BY RANGE (`a`)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */)");
    EXPECT_TRUE(table.columns[0].invisible);
    EXPECT_EQ(table.columns[1].srid, 4326U);
    EXPECT_EQ(table.columns[2].default_sql, "(concat(_utf8mb4'a',_utf8mb4'b\\'\\\\'))");
    ASSERT_EQ(table.indexes.size(), 5U);
    EXPECT_TRUE(table.indexes[0].primary) << "the primary key comes first";
    EXPECT_EQ(table.indexes[1].parts[0].expression, "(`a` + 1)");
    EXPECT_EQ(table.indexes[1].parts[1].expression, "lower(`k`)");
    EXPECT_TRUE(table.indexes[1].parts[1].descending);
    EXPECT_EQ(table.indexes[2].parts[0].prefix_length, 3U);
    EXPECT_EQ(table.indexes[2].comment, "ü");
    EXPECT_TRUE(table.indexes[3].ignored);
    EXPECT_EQ(table.indexes[4].type, "FULLTEXT");
    EXPECT_THAT(table.indexes[4].other_options, testing::ElementsAre("WITH PARSER `ngram`"));
    ASSERT_EQ(table.foreign_keys.size(), 1U);
    const ForeignKey& key = table.foreign_keys[0];
    EXPECT_EQ(key.name, "f`k");
    EXPECT_EQ(key.referenced_schema, "other");
    EXPECT_EQ(key.referenced_table, "t`2");
    EXPECT_THAT(key.referenced_columns, testing::ElementsAre("x", "y"));
    EXPECT_EQ(key.on_delete, "SET NULL");
    EXPECT_EQ(key.on_update, "CASCADE");
    ASSERT_EQ(table.checks.size(), 1U);
    EXPECT_FALSE(table.checks[0].enforced);
    EXPECT_EQ(table.row_format, "COMPRESSED");
    EXPECT_EQ(table.options.size(), 2U);
    EXPECT_EQ(table.partition_clause,
              "PARTITION BY RANGE (`a`) (PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB)");
}

TEST(DdlParse, BinaryDefaultsBecomeHexadecimal)
{
    const Table table = mariadb(std::string_view("CREATE TABLE `t` (`b` binary(3) DEFAULT '\\0\xff"
                                                 "A', `c` varchar(3) DEFAULT 'A') ENGINE=InnoDB"));
    EXPECT_EQ(table.columns[0].default_sql, "0x00FF41");
    EXPECT_EQ(table.columns[1].default_sql, "'A'");
}

TEST(DdlParse, WhatIsNoTableIsAnError)
{
    Table table;
    EXPECT_THROW(parse_create_table("CREATE VIEW `v` AS SELECT 1", table), base::Error);
    EXPECT_THROW(parse_create_table("", table), base::Error);
}

TEST(DdlParse, DamagedTextDoesNotCrash)
{
    const std::string text =
        "CREATE TABLE `m` (`a` enum('x','y') NOT NULL DEFAULT 'x' COMMENT 'c' CHECK (`a` > 0), "
        "KEY `k` (`a`(3)) USING BTREE, CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `o` (`x`) ON "
        "DELETE CASCADE, `g` int GENERATED ALWAYS AS (`a` + 1) STORED) ENGINE=InnoDB UNION=(`a`)";
    const auto survive = [](const std::string& damaged) {
        Table table;
        try {
            parse_create_table(damaged, table);
        } catch (const base::Error&) {
            // Just as good.
        }
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        survive(text.substr(0, at));
        for (const char c : {'(', ')', ',', '\'', '`', ' '}) {
            std::string damaged = text;
            damaged[at] = c;
            survive(damaged);
        }
        survive(text.substr(0, at) + text.substr(at + 1));
    }
}

} // namespace
} // namespace slicetool::sql
