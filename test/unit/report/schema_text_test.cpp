#include "report/schema_text.hpp"

#include <gtest/gtest.h>

namespace slicetool::report {
namespace {

SchemaResult would_create()
{
    return {"customers", SchemaAction::would_create, "",
            {},          {"collation a became b"},   {"CREATE TABLE `customers` (\n  `id` int\n)"}};
}

TEST(SchemaText, IsAScriptInADryRun)
{
    EXPECT_EQ(schema_text(would_create(), true, Reader::program, 80),
              "-- customers: would create\n"
              "--     translated: collation a became b\n"
              "CREATE TABLE `customers` (\n"
              "  `id` int\n"
              ");\n");
}

TEST(SchemaText, LetsNoNameOrSentenceEndTheComment)
{
    SchemaResult result = would_create();
    result.table = "x\nDROP TABLE y;";
    result.translations = {"a\nDROP TABLE y;"};
    EXPECT_EQ(schema_text(result, true, Reader::program, 80),
              "-- x\\nDROP TABLE y;: would create\n"
              "--     translated: a\\nDROP TABLE y;\n"
              "CREATE TABLE `customers` (\n"
              "  `id` int\n"
              ");\n");
}

TEST(SchemaText, IndentsStatementsThatAreAboutToRun)
{
    EXPECT_EQ(schema_text(would_create(), false, Reader::person, 80),
              "customers: would create\n"
              "    translated: collation a became b\n"
              "    CREATE TABLE `customers` (\n"
              "      `id` int\n"
              "    );\n");
}

TEST(SchemaText, ListsDriftButNotTheStatementsThatRan)
{
    EXPECT_EQ(schema_text({"t", SchemaAction::drift, "", {"One.", "Two."}, {}, {}}, false,
                          Reader::person, 80),
              "t: with drift\n    One.\n    Two.\n");
    EXPECT_EQ(schema_text({"t", SchemaAction::created, "", {}, {}, {"CREATE …"}}, false,
                          Reader::person, 80),
              "t: created\n");
}

TEST(SchemaText, WrapsTheReason)
{
    EXPECT_EQ(schema_text({"t", SchemaAction::refused, "It would lose data.", {}, {}, {}}, false,
                          Reader::person, 16),
              "t: refused\n    It would\n    lose data.\n");
}

TEST(SchemaText, EscapesControlCharactersInSqlForPeopleOnly)
{
    const SchemaResult result{"t", SchemaAction::would_alter, "", {}, {}, {"X '\x1b[2J'"}};
    EXPECT_EQ(schema_text(result, true, Reader::person, 80), "-- t: would alter\nX '\\x1b[2J';\n");
    EXPECT_EQ(schema_text(result, true, Reader::program, 80), "-- t: would alter\nX '\x1b[2J';\n");
}

} // namespace
} // namespace slicetool::report
