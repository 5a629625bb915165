#include "sync/subset.hpp"

#include "base/error.hpp"
#include "sync/dangling.hpp"
#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

sql::Column number(const std::string& name)
{
    return not_null(integer(name));
}

sql::ForeignKey key(const std::string& column, const std::string& parent)
{
    return {"fk", {column}, "", parent, {"id"}, "", ""};
}

/// customers <- orders <- items, and orders -> shops, which may be NULL.
class SubsetTest : public testing::Test
{
protected:
    SubsetTest()
    {
        add("customers", {number("id")}, {});
        add("shops", {number("id")}, {});
        add("orders", {number("id"), number("customer"), integer("shop")},
            {key("customer", "customers"), key("shop", "shops")});
        add("items", {number("id"), number("order")}, {key("order", "orders")});
        options.automatic = true;
    }

    void add(const std::string& name, const std::vector<sql::Column>& columns,
             const std::vector<sql::ForeignKey>& keys)
    {
        sql::Table made = table(columns, {unique_index("PRIMARY", {"id"})});
        made.schema = "d";
        made.name = name;
        made.foreign_keys = keys;
        tables[name] = made;
        options.tables.push_back({name, "", false, {}});
    }

    SubsetTable& said(const std::string& name)
    {
        return *std::find_if(options.tables.begin(), options.tables.end(),
                             [&](const auto& each) { return each.name == name; });
    }

    std::string condition(const std::string& name) const
    {
        const Subset subset = build_subset(options, tables);
        const auto found = subset.conditions.find(name);
        const auto own = std::find_if(options.tables.begin(), options.tables.end(),
                                      [&](const auto& each) { return each.name == name; });
        return with_subset(own->where,
                           found == subset.conditions.end() ? SubsetCondition{} : found->second);
    }

    std::string refusal() const
    {
        try {
            build_subset(options, tables);
        } catch (const base::Refusal& why) {
            return why.what();
        }
        return "";
    }

    std::map<std::string, sql::Table> tables;
    FollowOptions options;
};

TEST_F(SubsetTest, RestrictsNothingWhereEveryRowIsInTheSlice)
{
    EXPECT_THAT(build_subset(options, tables).conditions, IsEmpty());
    EXPECT_EQ(build_subset(options, tables).followed.size(), 3U);
}

TEST_F(SubsetTest, RestrictsChildrenAndTheirChildren)
{
    said("customers").where = "a OR b";
    EXPECT_EQ(condition("orders"),
              "`customer` IN (SELECT `id` FROM `d`.`customers` WHERE (a OR b))");
    EXPECT_EQ(condition("items"),
              "`order` IN (SELECT `id` FROM `d`.`orders` WHERE `customer` IN (SELECT `id` FROM "
              "`d`.`customers` WHERE (a OR b)))");
    EXPECT_EQ(condition("customers"), "(a OR b)");
    EXPECT_EQ(condition("shops"), "");
}

TEST_F(SubsetTest, KeepsRowsThatReferToNothing)
{
    said("shops").where = "s";
    said("orders").where = "o";
    EXPECT_EQ(condition("orders"),
              "(o) AND (`shop` IS NULL OR `shop` IN (SELECT `id` FROM `d`.`shops` WHERE (s)))");
}

TEST_F(SubsetTest, FollowsReferencesOfSeveralColumns)
{
    options.automatic = false;
    said("orders").where = "o";
    options.references = {{"items", {"id", "order"}, "orders", {"shop", "id"}, "f.yaml:3"}};
    EXPECT_EQ(condition("items"),
              "(`id`, `order`) IN (SELECT `shop`, `id` FROM `d`.`orders` WHERE (o))");
    EXPECT_EQ(describe(options.references[0]), "items(id, order) -> orders(shop, id)");
}

TEST_F(SubsetTest, PullsParentsOfTablesWithAConditionOfTheirOwn)
{
    options.pull_parents = true;
    said("customers").where = "c";
    said("orders").where = "o";
    EXPECT_EQ(condition("customers"),
              "((c)) OR `id` IN (SELECT `customer` FROM `d`.`orders` WHERE (o))");
    EXPECT_EQ(condition("orders"), "(o)");
    EXPECT_EQ(condition("items"), "`order` IN (SELECT `id` FROM `d`.`orders` WHERE (o))");
    EXPECT_EQ(condition("shops"), "") << "every shop is there";
}

TEST_F(SubsetTest, PulledRowsPullTheirParentsInTurn)
{
    options.pull_parents = true;
    said("customers").where = "c";
    said("items").where = "i";
    EXPECT_EQ(condition("orders"),
              "(`customer` IN (SELECT `id` FROM `d`.`customers` WHERE (c))) OR "
              "`id` IN (SELECT `order` FROM `d`.`items` WHERE (i))");
    EXPECT_EQ(
        condition("customers"),
        "((c)) OR `id` IN (SELECT `customer` FROM `d`.`orders` WHERE (`customer` IN (SELECT `id` "
        "FROM `d`.`customers` WHERE (c))) OR `id` IN (SELECT `order` FROM `d`.`items` WHERE (i)))");
}

TEST_F(SubsetTest, TellsWhatItCannotFollow)
{
    said("customers").where = "c";
    said("shops").skip = true;
    said("shops").where = "s";
    add("tree", {number("id"), integer("up")}, {key("up", "tree")});
    said("tree").where = "t";
    const Subset subset = build_subset(options, tables);
    EXPECT_THAT(subset.notes,
                ElementsAre(HasSubstr("orders.shop -> shops.id is not followed, since "
                                      "shops is skipped"),
                            HasSubstr("tree.up -> tree.id is not followed")));
    EXPECT_EQ(condition("orders"), "`customer` IN (SELECT `id` FROM `d`.`customers` WHERE (c))");
    EXPECT_EQ(condition("tree"), "(t)");
}

TEST_F(SubsetTest, RefusesCyclesAndNamesThem)
{
    tables["customers"].foreign_keys = {key("id", "items")};
    EXPECT_EQ(refusal(), "") << "all rows of the three are in the slice";
    said("shops").where = "s";
    EXPECT_THAT(refusal(), HasSubstr("customers -> items -> orders -> customers"));
    options.automatic = false;
    said("shops").where = "";
    said("items").where = "i";
    options.references = {{"items", {"order"}, "items", {"id"}, "f.yaml:3"}};
    EXPECT_THAT(refusal(), HasSubstr("items -> items"));
}

TEST_F(SubsetTest, RefusesWhatDoesNotExist)
{
    const auto refused = [&](const Reference& reference) {
        options.references = {reference};
        return refusal();
    };
    EXPECT_THAT(refused({"orders", {"x"}, "shops", {"id"}, "f.yaml:3"}),
                HasSubstr("orders.x -> shops.id (f.yaml:3): table orders has no column x"));
    EXPECT_THAT(refused({"orders", {"shop"}, "stores", {"id"}, "f.yaml:3"}),
                HasSubstr("table stores is not among the job's tables"));
    EXPECT_THAT(refused({"orders", {"shop", "id"}, "shops", {"id"}, "f.yaml:3"}),
                HasSubstr("not as many columns"));
    tables.erase("shops");
    EXPECT_THAT(refused({"orders", {"shop"}, "shops", {"id"}, "f.yaml:3"}),
                HasSubstr("there is no table shops upstream"));
}

TEST_F(SubsetTest, RefusesMaskedReferences)
{
    said("orders").masks = {{"CUSTOMER", "hash", "f.yaml:9"}};
    EXPECT_THAT(refusal(), HasSubstr("column customer of orders is masked (the mask of column "
                                     "CUSTOMER, \"hash\" (f.yaml:9))"));
}

TEST(Dangling, CountsRowsThatReferToNothingAndShowsOne)
{
    EXPECT_EQ(
        build_dangling("d`b", {"c", {"a", "b"}, "p", {"x", "y"}, ""}),
        "SELECT COUNT(*), MIN(CONCAT_WS(CAST(', ' AS BINARY), c.`a`, c.`b`)) FROM `d``b`.`c` AS "
        "c WHERE c.`a` IS NOT NULL AND c.`b` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
        "`d``b`.`p` AS p WHERE p.`x` = c.`a` AND p.`y` = c.`b`)");
}

} // namespace
} // namespace slicetool::sync
