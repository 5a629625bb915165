#include "config/read_config.hpp"

#include "config/config_keys.hpp"
#include "config/text_file.hpp"
#include "config/yaml_tree.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

namespace slicetool::config {

namespace {

/// One byte above what the parser takes, so that the parser is the one to say so, with the file's
/// name.
constexpr std::size_t k_max_file_bytes = (4 << 20) + 1;

/// Where `from` and `to` of a job stand, until every endpoint is known.
struct Reference
{
    std::string name;
    YamlPtr node;
};

/// Reads one file. Its phases: the tree, the mappings, then what refers to what.
class ConfigReader
{
public:
    explicit ConfigReader(const std::string& file) : m_reader(file, m_problems)
    {
        m_config.file = file;
    }

    Config read(const YamlPtr& root);
    KeyTable<Config> root_keys();

private:
    void read_endpoints(const YamlEntry& entry);
    void read_endpoint(const YamlEntry& entry);
    void check_endpoint(const YamlNode& node, const EndpointSettings& settings);
    void place_paths(EndpointSettings& settings) const;
    void read_defaults(const YamlEntry& entry);
    void read_jobs(const YamlEntry& entry);
    void read_job(const YamlEntry& entry);
    void check_ends(const YamlNode& name_node, const YamlNode& mapping, const Job& job);
    void check_references();
    bool check_name(const YamlEntry& entry, std::string_view what);

    Problems m_problems;
    NodeReader m_reader;
    Config m_config;
    std::vector<Reference> m_references;
};

Config ConfigReader::read(const YamlPtr& root)
{
    if (!root || root->kind == YamlNode::Kind::null) {
        m_problems.add({m_config.file, 1, 1},
                       "The file is empty; it needs at least 'endpoints' (see docs/config.md).");
        m_problems.throw_if_any();
    }
    m_reader.mapping(*root, "The file", root_keys(), m_config);
    check_references();
    m_problems.throw_if_any();
    return std::move(m_config);
}

KeyTable<Config> ConfigReader::root_keys()
{
    const auto call = [this](void (ConfigReader::*member)(const YamlEntry&)) {
        return [this, member](NodeReader&, const YamlEntry& entry, Config&) {
            (this->*member)(entry);
        };
    };
    return {{"endpoints", call(&ConfigReader::read_endpoints)},
            {"defaults", call(&ConfigReader::read_defaults)},
            {"jobs", call(&ConfigReader::read_jobs)}};
}

void ConfigReader::read_endpoints(const YamlEntry& entry)
{
    m_reader.entries(*entry.value, "'endpoints'",
                     [this](const YamlEntry& endpoint) { read_endpoint(endpoint); });
}

void ConfigReader::read_endpoint(const YamlEntry& entry)
{
    if (!check_name(entry, "An endpoint's name"))
        return;
    EndpointEntry endpoint;
    endpoint.position = m_reader.position(*entry.key);
    const std::string what = fmt::format("Endpoint {}", in_quotes(entry.key->text));
    m_reader.mapping(*entry.value, what, endpoint_keys(), endpoint.settings);
    check_endpoint(*entry.key, endpoint.settings);
    place_paths(endpoint.settings);
    m_config.endpoints.emplace(entry.key->text, std::move(endpoint));
}

void ConfigReader::check_endpoint(const YamlNode& node, const EndpointSettings& settings)
{
    const std::string what = fmt::format("Endpoint {}", in_quotes(node.text));
    if (settings.socket && (settings.host || settings.port))
        m_reader.problem(node,
                         fmt::format("{} has both 'socket' and 'host' or 'port'; keep one.", what));
    const std::array ways{settings.password.has_value(), settings.password_env.has_value(),
                          settings.password_file.has_value(), settings.prompt.value_or(false)};
    if (std::count(ways.begin(), ways.end(), true) > 1)
        m_reader.problem(node, fmt::format("{} has more than one of 'password', 'password_env', "
                                           "'password_file' and 'prompt'; keep one.",
                                           what));
}

void ConfigReader::place_paths(EndpointSettings& settings) const
{
    const std::string folder = std::filesystem::path(m_config.file).parent_path().string();
    for (auto* path : {&settings.password_file, &settings.ca_file, &settings.certificate_file,
                       &settings.key_file}) {
        if (*path)
            *path = place_path(**path, folder, home_folder());
    }
}

void ConfigReader::read_defaults(const YamlEntry& entry)
{
    m_reader.mapping(*entry.value, "'defaults'", default_keys(), m_config.defaults);
    place_paths(m_config.defaults.endpoint);
}

void ConfigReader::read_jobs(const YamlEntry& entry)
{
    m_reader.entries(*entry.value, "'jobs'", [this](const YamlEntry& job) { read_job(job); });
}

void ConfigReader::read_job(const YamlEntry& entry)
{
    if (!check_name(entry, "A job's name"))
        return;
    Job job;
    job.position = m_reader.position(*entry.key);
    const std::string what = fmt::format("Job {}", in_quotes(entry.key->text));
    m_reader.mapping(*entry.value, what, job_keys(), job);
    check_ends(*entry.key, *entry.value, job);
    m_config.jobs.emplace(entry.key->text, std::move(job));
}

void ConfigReader::check_ends(const YamlNode& name_node, const YamlNode& mapping, const Job& job)
{
    if (mapping.kind != YamlNode::Kind::mapping)
        return;
    const std::string what = fmt::format("Job {}", in_quotes(name_node.text));
    for (const auto& [key, name] : {std::pair("from", &job.from), std::pair("to", &job.to)}) {
        const auto& entries = mapping.entries;
        const auto found = std::find_if(entries.begin(), entries.end(),
                                        [k = key](const YamlEntry& e) { return e.key->text == k; });
        if (found == entries.end())
            m_reader.problem(name_node,
                             fmt::format("{} has no '{}'; it names an endpoint.", what, key));
        else if (!name->empty())
            m_references.push_back({*name, found->value});
    }
    if (!job.from.empty() && job.from == job.to)
        m_reader.problem(name_node,
                         fmt::format("{} has the same endpoint for 'from' and 'to'.", what));
}

void ConfigReader::check_references()
{
    const auto names = names_of(m_config.endpoints);
    for (const auto& [name, node] : m_references) {
        if (!m_config.endpoints.contains(name))
            m_reader.problem(*node, fmt::format("There is no endpoint {}{}", in_quotes(name),
                                                suggestion(name, names)));
    }
}

/// Names are used on the command line and in names of files and services, hence so few characters.
bool ConfigReader::check_name(const YamlEntry& entry, std::string_view what)
{
    const auto& name = entry.key->text;
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.';
    };
    if (name.size() <= 64 && std::all_of(name.begin(), name.end(), allowed))
        return true;
    m_reader.problem(*entry.key,
                     fmt::format("{} is made of at most 64 letters, digits, '_', '-' and "
                                 "'.'; {} is not.",
                                 what, in_quotes(name)));
    return false;
}

} // namespace

Config read_config(const std::string& path)
{
    return parse_config(read_text_file(path, "the config", k_max_file_bytes), path);
}

Config parse_config(const std::string& text, const std::string& file_name)
{
    return ConfigReader(file_name).read(parse_yaml(text, file_name));
}

std::vector<KeySection> key_sections()
{
    return {{"root", key_names(ConfigReader("").root_keys())},
            {"endpoint", key_names(endpoint_keys())},
            {"defaults", key_names(default_keys())},
            {"job", key_names(job_keys())},
            {"table", key_names(table_keys())},
            {"columns", key_names(column_keys())}};
}

} // namespace slicetool::config
