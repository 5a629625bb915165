#include "report/json_reporter.hpp"

#include "fixtures.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

namespace slicetool::report::test {
namespace {

using Json = nlohmann::ordered_json;

JsonOptions options(Differences differences)
{
    JsonOptions result;
    result.differences = differences;
    result.tool_version = "0.1.0";
    result.now = [] { return std::chrono::system_clock::from_time_t(1'769'829'300); };
    return result;
}

std::string documentation()
{
    std::ifstream file(SLICETOOL_JSON_DOC);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TableResult orders_with_density()
{
    TableResult result = orders();
    result.density = {{"", 1'990'000, 0, 3, 12}, {"id=1995001", 10'000, 200, 0, 0}};
    return result;
}

/// The run of the example in the documentation.
std::string example()
{
    Stage stage;
    JsonReporter reporter(stage.screen, options(Differences::listed));
    reporter.run_started(run_info("slice"));
    reporter.table_started("orders", 2'000'000);
    reporter.note("orders", Severity::warning, "The downstream table has a trigger.");
    reporter.difference(
        "orders", {DifferenceKind::changed, {{"id", "17"}}, {{"price", "12.50", std::nullopt}}});
    EXPECT_EQ(stage.out, "");
    reporter.table_finished(orders_with_density());
    reporter.run_finished({0, Seconds(3.5), ""});
    EXPECT_EQ(stage.err, "");
    return stage.out;
}

/// A document in which every field that there is appears.
Json full_document()
{
    Stage stage;
    JsonReporter reporter(stage.screen, options(Differences::listed));
    reporter.run_started(run_info("slice"));
    reporter.table_started("lines", 1);
    reporter.table_finished(orders_with_density());
    reporter.schema_result({"t", SchemaAction::drift, "r", {"d"}, {"t"}, {"s"}});
    reporter.note("", Severity::info, "n");
    reporter.dangling({"orders", "orders.customer_id -> customers.id", 2, "7"});
    reporter.difference("orders", {DifferenceKind::changed, {{"id", "\xff"}}, {{"c", "a", "b"}}});
    reporter.run_finished({2, Seconds(1), "f"});
    return Json::parse(stage.out);
}

void collect_keys(const Json& json, std::set<std::string>& keys)
{
    for (const auto& [key, value] : json.items()) {
        if (json.is_object())
            keys.insert(key);
        if (value.is_structured())
            collect_keys(value, keys);
    }
}

TEST(JsonReporter, PrintsTheExampleOfTheDocumentation)
{
    const std::string doc = documentation();
    const std::string fence = "```json\n";
    const std::size_t begin = doc.rfind(fence, doc.find("slicetool-report/1\",\n"));
    ASSERT_NE(begin, std::string::npos);
    const std::size_t end = doc.find("```", begin + fence.size());
    EXPECT_EQ(example(), doc.substr(begin + fence.size(), end - begin - fence.size()));
}

TEST(JsonReporter, EmitsNoFieldThatIsNotDocumented)
{
    const std::string doc = documentation();
    const std::string fields = doc.substr(doc.find("### Fields"));
    std::set<std::string> keys;
    collect_keys(full_document(), keys);
    EXPECT_GT(keys.size(), 50U);
    for (const auto& key : keys) {
        const bool named = fields.find("`" + key + "`") != std::string::npos ||
                           fields.find("{\"" + key + "\"") != std::string::npos;
        EXPECT_TRUE(named) << key;
    }
}

TEST(JsonReporter, DoesNotChokeOnAnyBytes)
{
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    Stage stage;
    JsonReporter reporter(stage.screen, options(Differences::listed));
    RunInfo info = run_info(bytes);
    info.from = info.to = info.digest = info.snapshot = info.upstream_version = bytes;
    reporter.run_started(info);
    reporter.table_started(bytes + "2", 1);
    reporter.note(bytes, Severity::warning, bytes);
    reporter.difference(bytes,
                        {DifferenceKind::changed, {{bytes, bytes}}, {{bytes, bytes, "\xff"}}});
    TableResult failed = table_result(bytes, Outcome::failed, bytes);
    failed.density = {{bytes, 1, 1, 0, 0}};
    reporter.table_finished(failed);
    reporter.schema_result({bytes, SchemaAction::failed, bytes, {bytes}, {bytes}, {bytes}});
    reporter.run_finished({2, Seconds(1), bytes});
    const Json document = Json::parse(stage.out);
    const Json& difference = document["differences"][0];
    EXPECT_EQ(difference["columns"][0]["downstream"], (Json{{"hex", "ff"}}));
    EXPECT_EQ(difference["key"][0]["value"]["hex"].get<std::string>().size(), 512U);
    EXPECT_TRUE(document["tables"][0]["table"].is_string());
}

TEST(JsonReporter, KeepsTextAsItIs)
{
    Stage stage;
    JsonReporter reporter(stage.screen, options(Differences::listed));
    reporter.difference("注文\\", {DifferenceKind::extra, {{"名", "a\tb\\ 😀"}}, {}});
    reporter.run_finished({1, Seconds(1), ""});
    const Json row = Json::parse(stage.out)["differences"][0];
    EXPECT_EQ(row["table"], "注文\\");
    EXPECT_EQ(row["key"][0]["column"], "名");
    EXPECT_EQ(row["key"][0]["value"], "a\tb\\ 😀");
    EXPECT_FALSE(row.contains("columns"));
}

TEST(JsonReporter, PrintsADocumentForARunThatNeverStarted)
{
    Stage stage;
    JsonReporter reporter(stage.screen, options(Differences::not_listed));
    reporter.run_finished({2, Seconds(0.1), "Cannot connect to prod."});
    const Json document = Json::parse(stage.out);
    EXPECT_TRUE(document["run"].is_null());
    EXPECT_EQ(document["failure"], "Cannot connect to prod.");
    EXPECT_EQ(document["exit_status"], 2);
    EXPECT_FALSE(document.contains("differences"));
    EXPECT_EQ(stage.out.back(), '\n');
}

TEST(JsonReporter, ListsNoDifferencesAsAnEmptyListWhenAsked)
{
    Stage stage;
    JsonReporter reporter(stage.screen, options(Differences::listed));
    reporter.run_finished({0, Seconds(0.1), ""});
    EXPECT_EQ(Json::parse(stage.out)["differences"], Json::array());
}

TEST(JsonReporter, TakesEventsFromManyThreadsAndManyDifferences)
{
    Stage stage;
    JsonReporter reporter(stage.screen, options(Differences::listed));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&reporter, t] {
            const std::string table = "t" + std::to_string(t);
            for (int i = 0; i < 10'000; ++i)
                reporter.difference(table,
                                    {DifferenceKind::extra, {{"id", std::to_string(i)}}, {}});
            reporter.table_finished(table_result(table, Outcome::different));
        });
    }
    for (auto& thread : threads)
        thread.join();
    reporter.run_finished({1, Seconds(1), ""});
    const Json document = Json::parse(stage.out);
    EXPECT_EQ(document["differences"].size(), 40'000U);
    EXPECT_EQ(document["totals"]["outcomes"]["different"], 4);
}

TEST(JsonReporter, LetsALaterResultReplaceAnEarlierOne)
{
    Stage stage;
    JsonReporter reporter(stage.screen, options(Differences::not_listed));
    reporter.schema_result({"t", SchemaAction::would_alter, "", {}, {}, {"ALTER"}});
    reporter.schema_result({"t", SchemaAction::altered, "", {}, {}, {"ALTER"}});
    reporter.table_finished(table_result("t", Outcome::failed));
    reporter.table_finished(table_result("t", Outcome::equal));
    reporter.run_finished({0, Seconds(1), ""});
    const Json document = Json::parse(stage.out);
    ASSERT_EQ(document["schema"].size(), 1U);
    EXPECT_EQ(document["schema"][0]["action"], "altered");
    ASSERT_EQ(document["tables"].size(), 1U);
    EXPECT_EQ(document["tables"][0]["outcome"], "equal");
}

} // namespace
} // namespace slicetool::report::test
