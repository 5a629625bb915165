#include "report/difference_text.hpp"

#include <gtest/gtest.h>

namespace slicetool::report {
namespace {

TEST(DifferenceText, IsOneLineOfFieldsForARow)
{
    EXPECT_EQ(difference_text("orders", {DifferenceKind::missing, {{"id", "17"}}, {}}),
              "orders\tmissing\tid=17\n");
    EXPECT_EQ(difference_text("lines", {DifferenceKind::extra, {{"id", "17"}, {"lang", "de"}}, {}}),
              "lines\textra\tid=17\tlang=de\n");
}

TEST(DifferenceText, NamesTheColumnsThatDifferBelow)
{
    const Difference difference{DifferenceKind::changed,
                                {{"id", "17"}},
                                {{"price", "12.50", "10.00"},
                                 {"note", std::nullopt, "NULL"},
                                 {"text", "a \"b\" ", "\xff"}}};
    EXPECT_EQ(difference_text("orders", difference),
              "orders\tchanged\tid=17\n"
              "    price: upstream \"12.50\", downstream \"10.00\"\n"
              "    note: upstream NULL, downstream \"NULL\"\n"
              "    text: upstream \"a \\\"b\\\" \", downstream \"\\xff\"\n");
}

TEST(DifferenceText, CannotBeForgedByItsContent)
{
    const Difference difference{
        DifferenceKind::changed, {{"a=b", "1\norders\tmissing\tid=1"}, {"c", "\x1b[31m\\n"}}, {}};
    EXPECT_EQ(difference_text("o\tx", difference),
              "o\\tx\tchanged\ta\\x3db=1\\norders\\tmissing\\tid=1\tc=\\x1b[31m\\\\n\n");
}

} // namespace
} // namespace slicetool::report
