#include "sync/schema_order.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

sql::Table table(const std::string& name, const std::vector<std::string>& refers_to)
{
    sql::Table result;
    result.schema = "db";
    result.name = name;
    for (const auto& other : refers_to)
        result.foreign_keys.push_back({"f", {"a"}, "db", other, {"id"}, "", ""});
    return result;
}

SchemaOrder order(const std::vector<sql::Table>& tables)
{
    std::vector<const sql::Table*> pointers;
    for (const auto& each : tables)
        pointers.push_back(&each);
    return order_by_foreign_keys(pointers);
}

TEST(SchemaOrder, ParentsComeFirst)
{
    const auto result =
        order({table("child", {"parent"}), table("free", {}), table("parent", {"elsewhere"})});
    EXPECT_THAT(result.order, testing::ElementsAre(1, 2, 0));
    EXPECT_THAT(result.keys_later, testing::Each(false));
}

TEST(SchemaOrder, SelfReferencesWaitForNothing)
{
    EXPECT_THAT(order({table("tree", {"tree"})}).keys_later, testing::ElementsAre(false));
}

TEST(SchemaOrder, CyclesGetTheirKeysLater)
{
    const auto result = order({table("a", {"b"}), table("b", {"a"}), table("c", {"a"})});
    EXPECT_THAT(result.order, testing::ElementsAre(0, 1, 2));
    EXPECT_THAT(result.keys_later, testing::ElementsAre(true, false, false));
}

} // namespace
} // namespace slicetool::sync
