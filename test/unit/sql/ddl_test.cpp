#include "sql/ddl.hpp"

#include "parsed_table.hpp"

#include <gmock/gmock.h>

namespace slicetool::sql {
namespace {

const char* const k_orders = R"(CREATE TABLE `orders` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `customer` int(11) NOT NULL,
  `note` varchar(20) DEFAULT 'it''s' COMMENT 'free text',
  `seen` timestamp NULL DEFAULT NULL,
  `total` int(11) GENERATED ALWAYS AS (`customer` * 2) VIRTUAL,
  PRIMARY KEY (`id`),
  KEY `k` (`note`(5),`seen` DESC),
  CONSTRAINT `f` FOREIGN KEY (`customer`) REFERENCES `customers` (`id`) ON DELETE CASCADE,
  CONSTRAINT `positive` CHECK (`customer` > 0)
) ENGINE=InnoDB AUTO_INCREMENT=9 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC)";

TEST(Ddl, CreateTableWithoutForeignKeysAndCounter)
{
    EXPECT_EQ(build_create_table(mariadb(k_orders), ForeignKeys::leave_out),
              R"(CREATE TABLE `orders` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `customer` int(11) NOT NULL,
  `note` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT 'it\'s' COMMENT 'free text',
  `seen` timestamp NULL DEFAULT NULL,
  `total` int(11) GENERATED ALWAYS AS (`customer` * 2) VIRTUAL,
  PRIMARY KEY (`id`),
  KEY `k` (`note`(5), `seen` DESC),
  CONSTRAINT `positive` CHECK (`customer` > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC)");
}

TEST(Ddl, CreateTableWithForeignKeys)
{
    EXPECT_THAT(build_create_table(mariadb(k_orders), ForeignKeys::keep),
                testing::HasSubstr(
                    "\n  CONSTRAINT `f` FOREIGN KEY (`customer`) REFERENCES `customers` (`id`) "
                    "ON DELETE CASCADE,\n"));
}

TEST(Ddl, ForeignKeysOfACycleAreAddedLater)
{
    EXPECT_EQ(build_add_foreign_keys(mariadb(k_orders)),
              "ALTER TABLE `orders`\n  ADD CONSTRAINT `f` FOREIGN KEY (`customer`) REFERENCES "
              "`customers` (`id`) ON "
              "DELETE CASCADE");
}

TEST(Ddl, ForeignKeysNameOtherDatabasesOnly)
{
    Table table = mariadb(k_orders);
    table.foreign_keys[0].referenced_schema = "crm";
    EXPECT_THAT(build_foreign_key(table, table.foreign_keys[0]),
                testing::HasSubstr("REFERENCES `crm`.`customers`"));
}

TEST(Ddl, IndexesOfEitherFamily)
{
    Index index;
    index.name = "k";
    index.parts = {{"a", 3, false, "", false}, {"", std::nullopt, true, "lower(`b`)", false}};
    index.ignored = true;
    index.comment = "c";
    EXPECT_EQ(build_index(index, Family::mysql),
              "KEY `k` (`a`(3), (lower(`b`)) DESC) COMMENT 'c' INVISIBLE");
    EXPECT_EQ(build_index(index, Family::mariadb),
              "KEY `k` (`a`(3), (lower(`b`)) DESC) COMMENT 'c' IGNORED");
    index.type = "FULLTEXT";
    EXPECT_THAT(build_index(index, Family::mysql), testing::StartsWith("FULLTEXT KEY `k`"));
}

TEST(Ddl, DropTableQuotes)
{
    EXPECT_EQ(build_drop_table("a`b"), "DROP TABLE `a``b`");
}

} // namespace
} // namespace slicetool::sql
