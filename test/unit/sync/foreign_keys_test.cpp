#include "sync/foreign_keys.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

TEST(DanglingCount, LooksForReferencesToNothing)
{
    sql::Table table;
    table.schema = "shop";
    table.name = "lines";
    const sql::ForeignKey key{"f", {"order_id"}, "shop", "orders", {"id"}, "", ""};
    EXPECT_EQ(
        build_dangling_count(table, key),
        "SELECT COUNT(*) FROM `shop`.`lines` AS c WHERE c.`order_id` IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM `shop`.`orders` AS p WHERE p.`id` = c.`order_id`)");
}

TEST(DanglingCount, IgnoresPartlyNullReferencesAsServersDo)
{
    sql::Table table;
    table.schema = "sh`op";
    table.name = "t";
    const sql::ForeignKey key{"f", {"a", "b`"}, "", "p", {"x", "y"}, "", ""};
    EXPECT_EQ(build_dangling_count(table, key),
              "SELECT COUNT(*) FROM `sh``op`.`t` AS c WHERE c.`a` IS NOT NULL AND c.`b``` IS NOT "
              "NULL AND NOT EXISTS "
              "(SELECT 1 FROM `sh``op`.`p` AS p WHERE p.`x` = c.`a` AND p.`y` = c.`b```)");
}

} // namespace
} // namespace slicetool::sync
