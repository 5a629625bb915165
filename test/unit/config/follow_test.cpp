#include "config/follow.hpp"

#include "base/error.hpp"
#include "config/read_config.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

Follow follow_of(const std::string& keys)
{
    const std::string text =
        "endpoints: {a: {host: h}, b: {host: h}}\njobs: {j: {from: a, to: b, " + keys + "}}\n";
    return parse_config(text, "c.yaml").jobs.at("j").follow;
}

std::string error_of(const std::string& keys)
{
    return message_of<base::UsageError>([&] { follow_of(keys); });
}

} // namespace

TEST(FollowEdges, NameOneColumnOrSeveral)
{
    const auto edge = parse_follow_edge("orders.customer_id -> customers.id");
    ASSERT_TRUE(edge);
    EXPECT_EQ(edge->child, "orders");
    EXPECT_THAT(edge->child_columns, ElementsAre("customer_id"));
    EXPECT_EQ(edge->parent, "customers");
    EXPECT_THAT(edge->parent_columns, ElementsAre("id"));
    const auto composite = parse_follow_edge("items(shop, no)->orders( shop,no )");
    ASSERT_TRUE(composite);
    EXPECT_THAT(composite->child_columns, ElementsAre("shop", "no"));
    EXPECT_THAT(composite->parent_columns, ElementsAre("shop", "no"));
}

TEST(FollowEdges, NamesMayBeStrange)
{
    const auto edge = parse_follow_edge("`a.b ``c`.`d->e`->order-lines.größe");
    ASSERT_TRUE(edge);
    EXPECT_EQ(edge->child, "a.b `c");
    EXPECT_THAT(edge->child_columns, ElementsAre("d->e"));
    EXPECT_EQ(edge->parent, "order-lines");
    EXPECT_THAT(edge->parent_columns, ElementsAre("größe"));
}

TEST(FollowEdges, OthersAreNone)
{
    for (const auto* text : {"", "a", "a.b", "a.b -> c", "a.b -> .c", "a.b => c.d", "a.b -> c.d.e",
                             "a.b -> c.d x", "a(b, c) -> d(e)", "a() -> b()", "a(b,) -> c(d)",
                             "a(b -> c(d)", "`a.b -> c.d", "``.a -> b.c", "a.b -> c.d -> e.f"})
        EXPECT_FALSE(parse_follow_edge(text)) << text;
}

TEST(Follow, IsAutomaticOrAList)
{
    EXPECT_TRUE(follow_of("follow: auto").automatic);
    const auto both = follow_of("follow: [auto, a.b -> c.d], parents: pull");
    EXPECT_TRUE(both.automatic);
    EXPECT_TRUE(both.pull_parents);
    ASSERT_EQ(both.edges.size(), 1U);
    EXPECT_EQ(both.edges[0].position.text(), "c.yaml:2:43");
    EXPECT_FALSE(follow_of("follow: auto, parents: leave").pull_parents);
    EXPECT_FALSE(follow_of("jobs: 2").automatic);
}

TEST(Follow, RefusesWhatIsNoReference)
{
    EXPECT_THAT(error_of("follow: [a.b]"),
                HasSubstr("c.yaml:2:37: An entry of 'follow' must be 'auto', or a reference such "
                          "as 'orders.customer_id -> customers.id' or 'a(x, y) -> b(x, y)', not "
                          "'a.b'."));
    EXPECT_THAT(error_of("follow: {}"),
                HasSubstr("'follow' must be 'auto' or a list of references, not a mapping."));
    EXPECT_EQ(error_of("parents: pull"), "c.yaml:2:8: Job 'j' says 'parents: pull', but has no "
                                         "'follow' that names references.");
    EXPECT_THAT(error_of("parents: fetch"), HasSubstr("'parents' must be pull or leave"));
}

} // namespace slicetool::config
