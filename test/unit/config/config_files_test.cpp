// Holds the reader, config/slicetool.schema.json, config/example.yaml and docs/config.md together.

#include "config/read_config.hpp"

#include "config/text_file.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace slicetool::config {

using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

namespace {

std::string file(const std::string& name)
{
    return read_text_file(std::string(SLICETOOL_SOURCE_DIR) + "/" + name, "the file", 1 << 20);
}

const nlohmann::json& schema()
{
    static const nlohmann::json k_schema =
        nlohmann::json::parse(file("config/slicetool.schema.json"));
    return k_schema;
}

const nlohmann::json& schema_of(const std::string& section)
{
    return section == "root" ? schema() : schema().at("definitions").at(section);
}

/// The first column, in backquotes, of the table under "### section".
std::vector<std::string> documented_keys(const std::string& section)
{
    std::istringstream lines(file("docs/config.md"));
    std::vector<std::string> keys;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("#"))
            inside = line == "### " + section;
        else if (inside && line.starts_with("| `"))
            keys.push_back(line.substr(3, line.find('`', 3) - 3));
    }
    return keys;
}

} // namespace

TEST(ConfigFiles, SchemaAndReaderKnowTheSameKeys)
{
    for (const auto& section : key_sections()) {
        std::vector<std::string> keys;
        for (const auto& [key, definition] : schema_of(section.name).at("properties").items())
            keys.push_back(key);
        EXPECT_THAT(keys, UnorderedElementsAreArray(section.keys)) << section.name;
        EXPECT_EQ(schema_of(section.name).at("additionalProperties"), false) << section.name;
    }
}

TEST(ConfigFiles, SchemaHasNoMappingThatTheReaderLacks)
{
    std::vector<std::string> names;
    for (const auto& section : key_sections())
        names.push_back(section.name);
    for (const auto& [name, definition] : schema().at("definitions").items()) {
        if (definition.contains("properties")) {
            EXPECT_THAT(names, Contains(name));
        }
    }
}

TEST(ConfigFiles, DocsDescribeEveryKeyAndNoOther)
{
    for (const auto& section : key_sections())
        EXPECT_THAT(documented_keys(section.name), UnorderedElementsAreArray(section.keys))
            << section.name;
}

TEST(ConfigFiles, EveryWordOfTheSchemaIsAccepted)
{
    for (const auto* key : {"ssl_mode", "digest", "outside"}) {
        for (const auto& word : schema_of(key).at("enum")) {
            const std::string text =
                "defaults: {" + std::string(key) + ": " + word.get<std::string>() + "}";
            EXPECT_NO_THROW(parse_config(text, "c.yaml")) << text;
        }
    }
}

TEST(ConfigFiles, ExampleParsesAndMeansWhatItSays)
{
    const auto config = parse_config(file("config/example.yaml"), "config/example.yaml");
    EXPECT_EQ(config.endpoints.size(), 4U);
    EXPECT_EQ(find_job(config, "reports").alternate->views, "reports");
    const auto developer = find_job(config, "developer");
    ASSERT_EQ(developer.tables.size(), 11U);
    EXPECT_EQ(developer.tables[4].where, "ordered_at >= '2026-06-01'");
    EXPECT_EQ(developer.options.max_delete->rows, 50000U);
    EXPECT_TRUE(developer.tables[10].skip);
    EXPECT_EQ(developer.follow.edges.size(), 2U);
    const auto hourly = find_job(config, "hourly");
    EXPECT_EQ(hourly.tables[0].steps.at(0).column, "updated_at");
    EXPECT_EQ(hourly.tables[2].steps.at(0).kind, StepKind::clear);
    EXPECT_TRUE(find_job(config, "nightly").tables.empty());
    EXPECT_EQ(find_job(config, "nightly").options.jobs, 4U);
}

TEST(ConfigFiles, ExampleShowsEveryKeyOfJobsAndTables)
{
    const std::string example = file("config/example.yaml");
    for (const auto& section : key_sections()) {
        if (section.name == "endpoint")
            continue; // a password in plain text is nothing to show
        for (const auto& key : section.keys) {
            if (key != "ssl_cert" && key != "ssl_key") {
                EXPECT_THAT(example, AnyOf(HasSubstr(key + ":"), HasSubstr("- " + key + " ")))
                    << section.name;
            }
        }
    }
}

} // namespace slicetool::config
