#include "config/include.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/text_file.hpp"
#include "config/variables.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace slicetool::config {

namespace {

/// Far more than anybody keeps apart, and few enough to be read at once.
constexpr std::size_t k_max_files = 256;

bool is_mergeable(const YamlEntry& entry)
{
    static constexpr std::array<std::string_view, 5> k_sections{"endpoints", "defaults", "vars",
                                                                "steps", "jobs"};
    return entry.value->kind == YamlNode::Kind::mapping &&
           std::find(k_sections.begin(), k_sections.end(), entry.key->text) != k_sections.end();
}

/// Goes through the files depth first, and puts what they hold into one mapping.
class Includer
{
public:
    Includer(NodeReader& reader, Variables::Environment environment, const ReadIncluded& read)
        : m_reader(reader), m_variables(std::move(environment)), m_read(read)
    {
    }

    YamlPtr read(const std::string& text, const std::string& file);

private:
    void add(const YamlPtr& root);
    void include_from(const YamlEntry& entry);
    void include(const YamlNode& name);
    bool may_include(const YamlNode& name, const std::string& path);
    YamlPtr parse_included(const YamlNode& name, const std::string& path);
    void merge(const YamlEntry& entry);
    void count(const YamlNode& root, std::size_t bytes);

    NodeReader& m_reader;
    Variables m_variables;
    const ReadIncluded& m_read;
    std::shared_ptr<YamlNode> m_merged = std::make_shared<YamlNode>();
    std::vector<std::string> m_open; ///< from the first file to the one that is read
    std::set<std::string> m_known;   ///< files, by their canonical paths
    std::size_t m_bytes = 0;
    std::size_t m_nodes = 0;
};

std::string canonical(const std::string& path)
{
    std::error_code failure;
    const auto found = std::filesystem::weakly_canonical(path, failure);
    return failure ? path : found.string();
}

YamlPtr Includer::read(const std::string& text, const std::string& file)
{
    const YamlPtr root = parse_yaml(text, file);
    if (!root || root->kind != YamlNode::Kind::mapping)
        return root;
    m_merged->kind = YamlNode::Kind::mapping;
    m_merged->file = root->file;
    m_merged->line = root->line;
    m_merged->column = root->column;
    m_known.insert(canonical(file));
    m_open.push_back(canonical(file));
    count(*root, text.size());
    add(root);
    return m_merged;
}

/// First what the file includes, then its own entries. A key that stands twice in one file is kept
/// twice.
void Includer::add(const YamlPtr& root)
{
    std::set<std::string> seen;
    for (const auto& entry : root->entries) {
        if (entry.key->text == "include" && seen.insert("include").second)
            include_from(entry);
    }
    seen.clear();
    for (const auto& entry : root->entries) {
        const bool first = seen.insert(entry.key->text).second;
        if (entry.key->text == "include" && first)
            continue;
        if (first && is_mergeable(entry))
            merge(entry);
        else
            m_merged->entries.push_back(entry);
    }
}

void Includer::merge(const YamlEntry& entry)
{
    for (auto& [key, value] : m_merged->entries) {
        if (key->text != entry.key->text || !is_mergeable({key, value}))
            continue;
        auto grown = std::make_shared<YamlNode>(*value);
        grown->entries.insert(grown->entries.end(), entry.value->entries.begin(),
                              entry.value->entries.end());
        value = grown;
        return;
    }
    m_merged->entries.push_back(entry);
}

void Includer::include_from(const YamlEntry& entry)
{
    if (entry.value->kind == YamlNode::Kind::scalar)
        return include(*m_variables.expand(entry.value, m_reader));
    if (entry.value->kind != YamlNode::Kind::sequence || entry.value->items.empty())
        return m_reader.wrong_value(entry, "the path of a file, or a list of them");
    for (const auto& item : entry.value->items)
        include(*m_variables.expand(item, m_reader));
}

void Includer::include(const YamlNode& name)
{
    const auto text = m_reader.text_of(name, "A path in 'include'");
    if (!text)
        return;
    const std::string folder = std::filesystem::path(*name.file).parent_path().string();
    const std::string path = place_path(*text, folder, home_folder());
    const std::string known_as = canonical(path);
    if (!may_include(name, known_as) || !m_known.insert(known_as).second)
        return;
    const YamlPtr root = parse_included(name, path);
    if (!root)
        return;
    if (root->kind != YamlNode::Kind::mapping) {
        m_reader.problem(*root, "An included file must be a mapping, as every config is.");
        return;
    }
    m_open.push_back(known_as);
    add(root);
    m_open.pop_back();
}

bool Includer::may_include(const YamlNode& name, const std::string& path)
{
    if (!m_read) {
        m_reader.problem(name, "There is no file here to include others from.");
        return false;
    }
    const auto open = std::find(m_open.begin(), m_open.end(), path);
    if (open != m_open.end()) {
        std::vector<std::string> chain(open, m_open.end());
        chain.push_back(path);
        m_reader.problem(name, fmt::format("This include leads back to a file that is being read: "
                                           "{}.",
                                           base::join(chain, " includes ")));
        return false;
    }
    if (m_known.size() >= k_max_files) {
        m_reader.problem(name, fmt::format("A config has at most {} files.", k_max_files));
        return false;
    }
    return true;
}

YamlPtr Includer::parse_included(const YamlNode& name, const std::string& path)
{
    std::string text;
    try {
        text = m_read(path);
    } catch (const base::UsageError& failure) {
        m_reader.problem(name, failure.what());
        return nullptr;
    }
    const YamlPtr root = parse_yaml(text, path);
    if (root)
        count(*root, text.size());
    return root;
}

void Includer::count(const YamlNode& root, std::size_t bytes)
{
    m_bytes += bytes;
    m_nodes += root.weight;
    if (m_bytes > k_max_config_bytes || m_nodes > k_max_nodes)
        throw base::UsageError(fmt::format(
            "{}: With this file, the config is larger than {} MiB or has more than {} values.",
            NodeReader::position(root).text(), k_max_config_bytes >> 20, k_max_nodes));
}

} // namespace

YamlPtr
read_with_includes(const std::string& text, const std::string& file, NodeReader& reader,
                   const std::function<std::optional<std::string>(const std::string&)>& environment,
                   const ReadIncluded& read)
{
    return Includer(reader, environment, read).read(text, file);
}

} // namespace slicetool::config
