#include "sync/key_choice.hpp"

#include "base/error.hpp"
#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;
using sql::TypeKind;
using testing::ElementsAre;
using testing::HasSubstr;

/// The chosen key; it points into the tables.
ChosenKey choose(const sql::Table& up, const sql::Table& down,
                 const std::vector<std::string>& wanted = {})
{
    const auto matched = match_columns(up, down, {});
    return choose_key(up, down, matched, wanted);
}

std::string refusal(const sql::Table& up, const sql::Table& down,
                    const std::vector<std::string>& wanted = {})
{
    return refusal_of<base::Refusal>([&] { choose(up, down, wanted); });
}

/// Why no key serves.
std::string reason(const sql::Table& up, const sql::Table& down)
{
    const ChosenKey key = choose(up, down);
    EXPECT_EQ(key.upstream, nullptr);
    return key.reason;
}

std::string reason(const sql::Table& both)
{
    return reason(both, both);
}

TEST(ChooseKey, TakesThePrimaryKey)
{
    const auto both = items();
    const auto key = choose(both, both);
    EXPECT_EQ(key.upstream->name, "PRIMARY");
    EXPECT_EQ(key.downstream->name, "PRIMARY");
    EXPECT_THAT(key.positions, ElementsAre(0U));
    EXPECT_TRUE(key.integer);
    EXPECT_TRUE(key.same_scan_order);
}

TEST(ChooseKey, KnowsTheOrderOfItsColumns)
{
    const auto both = table({varchar("x", 5), not_null(varchar("s", 5)), not_null(integer("a"))},
                            {unique_index("PRIMARY", {"A", "s"})});
    const auto key = choose(both, both);
    EXPECT_THAT(key.positions, ElementsAre(2U, 1U));
    EXPECT_FALSE(key.integer);
}

TEST(ChooseKey, TakesAUniqueKeyWithoutNulls)
{
    const auto both = table({integer("maybe"), not_null(integer("sure"))},
                            {unique_index("first", {"maybe"}), unique_index("second", {"sure"})});
    const auto key = choose(both, both);
    EXPECT_EQ(key.upstream->name, "second");
    EXPECT_TRUE(key.integer);
    EXPECT_FALSE(key.same_scan_order) << "a secondary index is read in its own order";
}

TEST(ChooseKey, FindsTheCounterpartByItsColumns)
{
    const auto up = table({not_null(integer("a"))}, {unique_index("one", {"a"})});
    const auto down = table({not_null(integer("a"))}, {unique_index("other", {"A"})});
    EXPECT_EQ(choose(up, down).downstream->name, "other");
}

TEST(ChooseKey, OrdersWhereAScanMayNot)
{
    const auto plain = items();
    auto partitioned = items();
    partitioned.partitioned = true;
    auto aria = items();
    aria.engine = "Aria";
    auto descending = items();
    descending.indexes[0].parts[0].descending = true;
    for (const auto& other : {partitioned, aria, descending}) {
        EXPECT_FALSE(choose(plain, other).same_scan_order);
        EXPECT_FALSE(choose(other, plain).same_scan_order);
    }
}

TEST(ChooseKey, FindsNoneInATableWithoutKeys)
{
    EXPECT_EQ(reason(table({integer("a")}, {})), "there is no unique key");
}

TEST(ChooseKey, SaysWhatSpeaksAgainstEachKey)
{
    sql::Index prefix = unique_index("prefix", {"s"});
    prefix.parts[0].prefix_length = 3;
    sql::Index expression = unique_index("expression", {""});
    expression.parts[0].expression = "lower(`s`)";
    sql::Index plain = unique_index("plain", {"a"});
    plain.unique = false;
    const auto both = table({integer("a"), not_null(varchar("s", 9)),
                             not_null(column("f", TypeKind::float64, "double")),
                             not_null(text("t", "text", 65535))},
                            {unique_index("nullable", {"s", "a"}), prefix, expression, plain,
                             unique_index("real", {"f"}), unique_index("long", {"t"})});
    EXPECT_EQ(reason(both),
              "nullable: column a may be NULL; prefix: it covers only the beginning of column s; "
              "expression: it contains an expression; real: column f is double, which is not "
              "ordered safely; long: column t is text, which is not ordered safely");
}

TEST(ChooseKey, TakesListsWhoseElementsStandInTheSameOrder)
{
    const auto keyed = [](const std::vector<std::string>& elements) {
        return table({not_null(list("e", TypeKind::enumeration, elements))},
                     {unique_index("PRIMARY", {"e"})});
    };
    EXPECT_EQ(choose(keyed({"b", "a"}), keyed({"b", "a", "c"})).upstream->name, "PRIMARY");
    EXPECT_EQ(reason(keyed({"b", "a"}), keyed({"a", "b"})),
              "PRIMARY: the elements of column e are not known to be numbered alike on both sides");
}

TEST(ChooseKey, PassesOverASetWithAnElementForTheSign)
{
    const auto keyed = [](std::size_t elements) {
        return table(
            {not_null(list("e", TypeKind::set, std::vector<std::string>(elements, "element")))},
            {unique_index("PRIMARY", {"e"})});
    };
    EXPECT_EQ(choose(keyed(63), keyed(63)).upstream->name, "PRIMARY");
    const std::string why =
        "PRIMARY: column e is a SET of 64 elements, which is sorted otherwise than compared";
    EXPECT_EQ(reason(keyed(64), keyed(64)), why);
    EXPECT_EQ(reason(keyed(63), keyed(64)), why);
}

TEST(ChooseKey, PassesOverAKeyThatDownstreamLacks)
{
    auto down = items();
    down.indexes[0].unique = false;
    EXPECT_THAT(reason(items(), down), HasSubstr("PRIMARY: downstream has no such unique key"));
    down = items();
    down.columns[0].nullable = true;
    EXPECT_THAT(reason(items(), down), HasSubstr("PRIMARY: downstream has no such unique key"));
    auto wider = composite();
    wider.indexes = {unique_index("PRIMARY", {"a", "s", "n"})};
    EXPECT_THAT(reason(composite(), wider),
                HasSubstr("PRIMARY: downstream has no such unique key"));
}

TEST(ChooseKey, PassesOverTextThatIsOrderedDifferently)
{
    auto down = composite();
    down.columns[1].collation = "utf8mb4_bin";
    EXPECT_THAT(reason(composite(), down),
                HasSubstr("PRIMARY: column s is ordered by utf8mb4_general_ci upstream and by "
                          "utf8mb4_bin downstream"));
}

TEST(ChooseKey, PassesOverACharThatMariaDbIndexesWithBlanks)
{
    auto both = table({not_null(varchar("s", 5))}, {unique_index("PRIMARY", {"s"})});
    both.columns[0].collation = "utf8mb4_nopad_bin";
    EXPECT_NE(choose(both, both).upstream, nullptr);
    both.columns[0].data_type = "char";
    EXPECT_THAT(reason(both), HasSubstr("column s is CHAR with utf8mb4_nopad_bin"));
}

TEST(ChooseKey, PassesOverAKeyWhoseColumnIsNotCopied)
{
    const auto both = items();
    const auto matched = match_columns(both, both, {"id"});
    EXPECT_THAT(choose_key(both, both, matched, {}).reason,
                HasSubstr("PRIMARY: column id is not copied"));
}

TEST(ChooseKey, ObeysTheUser)
{
    const auto both =
        table({not_null(integer("id")), not_null(varchar("code", 9)), not_null(integer("n"))},
              {unique_index("PRIMARY", {"id"}), unique_index("by_code", {"code", "n"})});
    EXPECT_EQ(choose(both, both, {"BY_CODE"}).upstream->name, "by_code");
    EXPECT_EQ(choose(both, both, {"Code", "n"}).upstream->name, "by_code");
    EXPECT_EQ(choose(both, both, {"id"}).upstream->name, "PRIMARY");
}

TEST(ChooseKey, RefusesAWishThatNoKeyFulfils)
{
    const auto both = items();
    EXPECT_EQ(refusal(both, both, {"name"}), "Table items: The key (name) cannot be used (there is "
                                             "no such unique key). Name another one, or none.");
    EXPECT_THAT(refusal(both, both, {"id", "name"}),
                HasSubstr("The key (id, name) cannot be used"));
    EXPECT_THAT(refusal(composite(), composite(), {"a"}), HasSubstr("The key (a) cannot be used"))
        << "a part is not unique";
}

TEST(DescribeKeyColumn, KnowsHowValuesAreWritten)
{
    const KeyColumn number = describe_key_column(integer("i`d"), hash::Form::plain);
    EXPECT_EQ(number.literal, KeyLiteral::number);
    EXPECT_EQ(number.value_sql, "`i``d`");
    EXPECT_EQ(describe_key_column(integer("z"), hash::Form::number).value_sql,
              "CAST(`z` AS UNSIGNED)");
    EXPECT_EQ(
        describe_key_column(column("d", TypeKind::decimal, "decimal"), hash::Form::plain).literal,
        KeyLiteral::number);
    for (const auto kind :
         {TypeKind::date, TypeKind::time, TypeKind::datetime, TypeKind::timestamp, TypeKind::year})
        EXPECT_EQ(describe_key_column(column("t", kind, "t"), hash::Form::plain).literal,
                  KeyLiteral::quoted);
}

TEST(DescribeKeyColumn, GivesTextItsCharacterSet)
{
    const KeyColumn latin1 = describe_key_column(varchar("s", 9, "latin1"), hash::Form::bytes);
    EXPECT_EQ(latin1.literal, KeyLiteral::text);
    EXPECT_EQ(latin1.introducer, "_latin1");
    EXPECT_FALSE(latin1.unicode);
    EXPECT_TRUE(describe_key_column(varchar("s", 9, "utf8mb3"), hash::Form::bytes).unicode);
    const KeyColumn raw = describe_key_column(bytes("b", "varbinary", 9), hash::Form::bytes);
    EXPECT_EQ(raw.introducer, "_binary");
    EXPECT_FALSE(raw.unicode);
}

} // namespace
} // namespace slicetool::sync
