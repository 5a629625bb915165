#include "config/read_config.hpp"

#include "config/alternate.hpp"
#include "config/config_keys.hpp"
#include "config/key_makers.hpp"
#include "config/step_keys.hpp"
#include "config/text_file.hpp"
#include "config/yaml_tree.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

namespace slicetool::config {

namespace {

/// One byte above what the parser takes, so that the parser is the one to say so, with the file's
/// name.
constexpr std::size_t k_max_file_bytes = k_max_config_bytes + 1;

/// Where `from` and `to` of a job stand, until every endpoint is known.
struct Reference
{
    std::string name;
    YamlPtr node;
};

/// The sections of the root, as they stand in the files.
struct Sections
{
    YamlPtr vars;
    YamlPtr endpoints;
    YamlPtr defaults;
    YamlPtr steps;
    YamlPtr jobs;
};

Key<Sections> section_key(const char* name, YamlPtr Sections::*member)
{
    return {name, [member](NodeReader&, const YamlEntry& entry, Sections& into) {
                into.*member = entry.value;
            }};
}

const KeyTable<Sections>& root_keys()
{
    static const KeyTable<Sections> k_keys{
        known_key<Sections>("include"), // the files stand in the tree already
        section_key("vars", &Sections::vars),
        section_key("endpoints", &Sections::endpoints),
        section_key("defaults", &Sections::defaults),
        section_key("steps", &Sections::steps),
        section_key("jobs", &Sections::jobs),
    };
    return k_keys;
}

/// Reads one config. Its phases: the tree with what it includes, the variables, the mappings, then
/// what refers to what.
class ConfigReader
{
public:
    ConfigReader(const std::string& file, const ConfigSources& sources)
        : m_sources(sources), m_variables(sources.environment), m_reader(m_problems)
    {
        m_config.file = file;
    }

    Config read(const std::string& text);

private:
    void read_endpoints(const YamlPtr& node);
    void read_endpoint(const YamlEntry& entry);
    void check_endpoint(const YamlNode& node, const EndpointSettings& settings);
    void read_defaults(const YamlPtr& node);
    void collect_steps(const YamlPtr& node);
    YamlPtr named_step(const std::string& name, Variables& scope);
    void check_unused_steps();
    void read_jobs(const YamlPtr& node);
    void read_job(const YamlEntry& entry);
    YamlPtr expand_job(const YamlPtr& node, Variables& scope);
    void check_ends(const YamlNode& name_node, const YamlNode& mapping, const Job& job);
    void check_references();
    bool check_name(const YamlEntry& entry, std::string_view what);

    const ConfigSources& m_sources;
    Variables m_variables;
    Problems m_problems;
    NodeReader m_reader;
    Config m_config;
    std::map<std::string, YamlPtr> m_steps;
    std::set<std::string> m_used_steps;
    std::vector<Reference> m_references;
};

Config ConfigReader::read(const std::string& text)
{
    const YamlPtr root =
        read_with_includes(text, m_config.file, m_reader, m_sources.environment, m_sources.read);
    if (!root || root->kind == YamlNode::Kind::null) {
        m_problems.add({m_config.file, 1, 1},
                       "The file is empty; it needs at least 'endpoints' (see docs/config.md).");
        m_problems.throw_if_any();
    }
    Sections sections;
    m_reader.mapping(*root, "The file", root_keys(), sections);
    if (sections.vars)
        m_variables.define(*sections.vars, m_reader);
    if (sections.endpoints)
        read_endpoints(sections.endpoints);
    if (sections.defaults)
        read_defaults(sections.defaults);
    if (sections.steps)
        collect_steps(sections.steps);
    if (sections.jobs)
        read_jobs(sections.jobs);
    check_unused_steps();
    check_references();
    m_problems.throw_if_any();
    return std::move(m_config);
}

void ConfigReader::read_endpoints(const YamlPtr& node)
{
    m_reader.entries(*m_variables.expand(node, m_reader), "'endpoints'",
                     [this](const YamlEntry& endpoint) { read_endpoint(endpoint); });
}

void ConfigReader::read_endpoint(const YamlEntry& entry)
{
    if (!check_name(entry, "An endpoint's name"))
        return;
    EndpointEntry endpoint;
    endpoint.position = NodeReader::position(*entry.key);
    const std::string what = fmt::format("Endpoint {}", in_quotes(entry.key->text));
    m_reader.mapping(*entry.value, what, endpoint_keys(), endpoint.settings);
    check_endpoint(*entry.key, endpoint.settings);
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

void ConfigReader::read_defaults(const YamlPtr& node)
{
    m_reader.mapping(*m_variables.expand(node, m_reader), "'defaults'", default_keys(),
                     m_config.defaults);
}

void ConfigReader::collect_steps(const YamlPtr& node)
{
    m_reader.entries(*node, "'steps'", [this](const YamlEntry& entry) {
        if (!check_name(entry, "A step's name"))
            return;
        const auto kinds = key_names(step_keys());
        if (std::find(kinds.begin(), kinds.end(), entry.key->text) != kinds.end())
            m_reader.problem(*entry.key, fmt::format("{} is a kind of steps; a reusable step needs "
                                                     "another name.",
                                                     in_quotes(entry.key->text)));
        m_steps.emplace(entry.key->text, entry.value);
    });
}

YamlPtr ConfigReader::named_step(const std::string& name, Variables& scope)
{
    const auto found = m_steps.find(name);
    if (found == m_steps.end())
        return nullptr;
    m_used_steps.insert(name);
    return scope.expand_again(found->second, m_reader);
}

/// Those that jobs use were read there, with the jobs' variables.
void ConfigReader::check_unused_steps()
{
    for (const auto& [name, node] : m_steps) {
        if (!m_used_steps.contains(name))
            read_named_steps(m_reader, m_variables.expand(node, m_reader));
    }
}

void ConfigReader::read_jobs(const YamlPtr& node)
{
    m_reader.entries(*node, "'jobs'", [this](const YamlEntry& job) { read_job(job); });
}

void ConfigReader::read_job(const YamlEntry& entry)
{
    if (!check_name(entry, "A job's name"))
        return;
    Variables scope = m_variables;
    const YamlPtr expanded = expand_job(entry.value, scope);
    m_reader.set_named_steps({names_of(m_steps), [this, &scope](const std::string& name) {
                                  return named_step(name, scope);
                              }});
    Job job;
    job.position = NodeReader::position(*entry.key);
    const std::string what = fmt::format("Job {}", in_quotes(entry.key->text));
    m_reader.mapping(*expanded, what, job_keys(), job);
    m_reader.set_named_steps({});
    check_ends(*entry.key, *expanded, job);
    if (job.follow.pull_parents && !job.follow.automatic && job.follow.edges.empty())
        m_reader.problem(*entry.key, fmt::format("{} says 'parents: pull', but has no 'follow' "
                                                 "that names references.",
                                                 what));
    m_config.jobs.emplace(entry.key->text, std::move(job));
}

/// With the job's own variables added to the scope first, wherever they stand in it.
YamlPtr ConfigReader::expand_job(const YamlPtr& node, Variables& scope)
{
    const auto is_vars = [](const YamlEntry& entry) { return entry.key->text == "vars"; };
    const auto vars = std::find_if(node->entries.begin(), node->entries.end(), is_vars);
    if (vars != node->entries.end())
        scope.define(*vars->value, m_reader);
    auto expanded = std::make_shared<YamlNode>(*node);
    for (auto& entry : expanded->entries) {
        if (!is_vars(entry))
            entry.value = scope.expand(entry, m_reader);
    }
    return expanded;
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
    ConfigSources sources;
    sources.read = [](const std::string& included) {
        return read_text_file(included, "the included file", k_max_file_bytes);
    };
    return parse_config(read_text_file(path, "the config", k_max_file_bytes), path, sources);
}

Config parse_config(const std::string& text, const std::string& file_name,
                    const ConfigSources& sources)
{
    return ConfigReader(file_name, sources).read(text);
}

std::vector<KeySection> key_sections()
{
    return {{"root", key_names(root_keys())},        {"endpoint", key_names(endpoint_keys())},
            {"defaults", key_names(default_keys())}, {"job", key_names(job_keys())},
            {"alternate", key_names(alternate_keys())},
            {"table", key_names(table_keys())},      {"columns", key_names(column_keys())},
            {"step", key_names(step_keys())},        {"sync", key_names(sync_keys())},
            {"lite", key_names(lite_keys())},        {"keys", key_names(keys_keys())},
            {"replace", key_names(replace_keys())}};
}

} // namespace slicetool::config
