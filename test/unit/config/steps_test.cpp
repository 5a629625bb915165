#include "config/read_config.hpp"

#include "base/error.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// A job with one table t, whose keys stand in braces; `root` is what else the file holds.
std::string with_table(const std::string& keys, const std::string& root = "")
{
    return "endpoints: {a: {host: h}, b: {host: h}}\n"
           "jobs: {j: {from: a, to: b, tables: [\n"
           "{table: t, " +
           keys + "}]}}\n" + root;
}

TableEntry table_of(const std::string& keys, const std::string& root = "")
{
    return parse_config(with_table(keys, root), "c.yaml").jobs.at("j").tables.at(0);
}

std::string error_of(const std::string& keys, const std::string& root = "")
{
    return message_of<base::UsageError>([&] { parse_config(with_table(keys, root), "c.yaml"); });
}

std::vector<StepKind> kinds_of(const TableEntry& table)
{
    std::vector<StepKind> kinds;
    for (const auto& step : table.steps)
        kinds.push_back(step.kind);
    return kinds;
}

} // namespace

TEST(Steps, AreKindsInOrder)
{
    const auto table = table_of("steps: [clear, lite, sync, {sync: }, {lite: {}}]");
    EXPECT_THAT(kinds_of(table), ElementsAre(StepKind::clear, StepKind::lite, StepKind::sync,
                                             StepKind::sync, StepKind::lite));
    EXPECT_EQ(table.steps[1].position.text(), "c.yaml:3:27");
    EXPECT_FALSE(table.steps[1].overlap);
    EXPECT_TRUE(table_of("skip: no").steps.empty());
    EXPECT_THAT(kinds_of(table_of("steps: [skip]")), ElementsAre(StepKind::skip));
}

TEST(Steps, SyncTakesWhatATableTakes)
{
    const auto table = table_of("steps: [{sync: {where: x > 1, outside: keep, key: [a, b], zoom: "
                                "[100, 1], columns: {exclude: [c]}}}]");
    const auto& step = table.steps.at(0);
    EXPECT_EQ(step.where, "x > 1");
    EXPECT_EQ(step.outside, Outside::keep);
    EXPECT_THAT(step.key->columns, ElementsAre("a", "b"));
    EXPECT_THAT(step.zoom->sizes, ElementsAre(100U, 1U));
    EXPECT_THAT(*step.excluded_columns, ElementsAre("c"));
}

TEST(Steps, LiteHasAColumnAndAnOverlap)
{
    const auto step = table_of("steps: [{lite: {column: at, overlap: 5m, where: x, key: k, "
                               "columns: {exclude: [c]}}}]")
                          .steps.at(0);
    EXPECT_EQ(step.kind, StepKind::lite);
    EXPECT_EQ(step.column, "at");
    EXPECT_EQ(step.overlap, std::chrono::minutes(5));
    EXPECT_EQ(step.where, "x");
    EXPECT_EQ(step.key->index_name, "k");
    EXPECT_THAT(*step.excluded_columns, ElementsAre("c"));
}

TEST(Steps, KeysAndReplaceHaveAQuery)
{
    const auto table = table_of("steps: [{keys: {query: SELECT 1, others: delete, key: [a], "
                                "columns: {exclude: [c]}}}, {replace: {query: SELECT 2}}]");
    EXPECT_EQ(table.steps.at(0).query, "SELECT 1");
    EXPECT_EQ(table.steps[0].others, Outside::remove);
    EXPECT_THAT(table.steps[0].key->columns, ElementsAre("a"));
    EXPECT_THAT(*table.steps[0].excluded_columns, ElementsAre("c"));
    EXPECT_EQ(table.steps.at(1).kind, StepKind::replace);
    EXPECT_EQ(table.steps[1].query, "SELECT 2");
}

TEST(Steps, SqlIsOneStatementOrSeveral)
{
    const auto table = table_of("steps: [{sql: DELETE FROM x}, {sql: [SELECT 1, SELECT 2]}]");
    EXPECT_THAT(table.steps.at(0).statements, ElementsAre("DELETE FROM x"));
    EXPECT_THAT(table.steps.at(1).statements, ElementsAre("SELECT 1", "SELECT 2"));
    EXPECT_EQ(table.steps[1].kind, StepKind::sql);
}

TEST(Steps, CanBeNamedAndReused)
{
    const auto table = table_of("steps: [all, {sql: x}, many]",
                                "steps: {all: sync, many: [lite, {sync: {where: y}}]}\n");
    EXPECT_THAT(kinds_of(table),
                ElementsAre(StepKind::sync, StepKind::sql, StepKind::lite, StepKind::sync));
    EXPECT_EQ(table.steps[3].where, "y");
    EXPECT_EQ(table.steps[3].position.text(), "c.yaml:4:33");
}

TEST(Steps, RefusesWhatIsNoStep)
{
    EXPECT_EQ(error_of("steps: [sinc]"),
              "c.yaml:3:20: There is no step 'sinc'; did you mean 'sync'?");
    EXPECT_EQ(error_of("steps: [recnt]", "steps: {recent: lite}\n"),
              "c.yaml:3:20: There is no step 'recnt'; did you mean 'recent'?");
    EXPECT_EQ(error_of("steps: [{repalce: }]"),
              "c.yaml:3:21: Unknown key 'repalce'; did you mean 'replace'?");
    EXPECT_EQ(error_of("steps: lite"),
              "c.yaml:3:19: 'steps' must be a list of at least one step, not 'lite'.");
    EXPECT_EQ(error_of("steps: [[lite]]"),
              "c.yaml:3:20: A step must be a kind such as 'lite', or a mapping from one kind to "
              "its options, not a list.");
    EXPECT_THAT(error_of("steps: [{lite: , sync: }]"),
                HasSubstr("c.yaml:3:20: A step must be a kind"));
    EXPECT_EQ(error_of("steps: [{sync: {wher: x}}]"),
              "c.yaml:3:28: Unknown key 'wher'; did you mean 'where'?");
    EXPECT_EQ(error_of("steps: [{sync: 5}]"), "c.yaml:3:27: 'sync' must be a mapping, not '5'.");
    EXPECT_EQ(error_of("steps: [{clear: {where: x}}]"),
              "c.yaml:3:28: The step 'clear' has no options.");
    EXPECT_EQ(error_of("steps: [skip, lite]"),
              "c.yaml:3:19: A table with the step 'skip' has no other steps.");
    EXPECT_EQ(error_of("steps: [{sql: }]"),
              "c.yaml:3:21: 'sql' must be a statement or a list of statements, not empty.");
    EXPECT_EQ(error_of("steps: [{sql: ['']}]"),
              "c.yaml:3:27: A statement in 'sql' must not be empty.");
    EXPECT_EQ(error_of("steps: [{lite: {overlap: soon}}]"),
              "c.yaml:3:37: 'overlap' must be a time from 1s to 24h, such as 30, 30s or 5m, not "
              "'soon'.");
    std::string many = "steps: [lite";
    for (int i = 0; i < 100; ++i)
        many += ", sync";
    EXPECT_EQ(error_of(many + "]"), "c.yaml:3:19: A table has at most 100 steps.");
}

TEST(Steps, AskForTheQueryThatIsMissing)
{
    EXPECT_EQ(error_of("steps: [keys]"),
              "c.yaml:3:20: The step 'keys' needs a query that upstream answers: keys: {query: "
              "SELECT …}.");
    EXPECT_EQ(error_of("steps: [replace]"),
              "c.yaml:3:20: The step 'replace' needs a query that upstream answers: replace: "
              "{query: SELECT …}.");
}

TEST(Steps, RefusesNamesThatAreNone)
{
    EXPECT_EQ(error_of("skip: no", "steps: {lite: sync}\n"),
              "c.yaml:4:9: 'lite' is a kind of steps; a reusable step needs another name.");
    EXPECT_EQ(error_of("skip: no", "steps: {one: two, two: sync}\n"),
              "c.yaml:4:14: There is no step 'two'; expected 'sync', 'lite', 'keys', 'replace', "
              "'clear', 'sql' or 'skip'.");
    EXPECT_EQ(error_of("steps: [one]", "steps: {one: [two], two: sync}\n").substr(0, 35),
              "c.yaml:4:15: There is no step 'two'");
}

TEST(Masks, AreTextOrNull)
{
    const auto table = table_of("mask: {email: \"CONCAT('u', id)\", ssn: null, name: hash}");
    EXPECT_EQ(table.masks.at("email").text, "CONCAT('u', id)");
    EXPECT_EQ(table.masks.at("ssn").text, std::nullopt);
    EXPECT_EQ(table.masks.at("name").text, "hash");
    EXPECT_EQ(table.masks.at("name").position.text(), "c.yaml:3:62");
    EXPECT_EQ(error_of("mask: [email]"), "c.yaml:3:18: 'mask' must be a mapping, not a list.");
    EXPECT_EQ(error_of("mask: {email: [x]}"), "c.yaml:3:26: 'email' must be text, not a list.");
}

} // namespace slicetool::config
