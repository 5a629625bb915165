#include "config/node_reader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace slicetool::config {

namespace {

/// What a value is, as a message puts it.
std::string shown(const YamlNode& node)
{
    switch (node.kind) {
    case YamlNode::Kind::null:
        return "empty";
    case YamlNode::Kind::sequence:
        return "a list";
    case YamlNode::Kind::mapping:
        return "a mapping";
    case YamlNode::Kind::scalar:
        break;
    }
    // What a variable stands for may be a secret; its name is not.
    return in_quotes(node.written ? node.written->text : node.text);
}

/// YAML writes them as "\0"; no name, path, condition or password can hold one.
bool has_null_byte(const std::string& text)
{
    return text.find('\0') != std::string::npos;
}

} // namespace

std::string place_of(const YamlNode& first, const YamlNode& now)
{
    return *first.file == *now.file ? fmt::format("on line {}", first.line)
                                    : "at " + NodeReader::position(first).text();
}

Position NodeReader::position(const YamlNode& node)
{
    return {*node.file, node.line, node.column};
}

void NodeReader::problem(const YamlNode& node, std::string sentence)
{
    m_problems.add(position(node), std::move(sentence));
}

std::optional<std::string> NodeReader::text(const YamlEntry& entry)
{
    const auto& value = *entry.value;
    if (value.kind == YamlNode::Kind::scalar)
        return text_of(value, in_quotes(entry.key->text));
    wrong_value(entry, "text");
    return std::nullopt;
}

std::optional<std::string> NodeReader::text_of(const YamlNode& node, std::string_view name)
{
    if (node.kind != YamlNode::Kind::scalar)
        problem(node, fmt::format("{} must be text, not {}.", name, shown(node)));
    else if (node.text.empty())
        problem(node, fmt::format("{} must not be empty.", name));
    else if (has_null_byte(node.text))
        problem(node, fmt::format("{} must not hold a NUL byte.", name));
    else
        return node.text;
    return std::nullopt;
}

std::optional<std::string> NodeReader::secret(const YamlEntry& entry)
{
    const auto& value = *entry.value;
    if (value.kind == YamlNode::Kind::scalar && !has_null_byte(value.text))
        return value.text;
    problem(*entry.value, fmt::format("{} must be text without a NUL byte; put it in quotes.",
                                      in_quotes(entry.key->text)));
    return std::nullopt;
}

std::optional<std::vector<std::string>> NodeReader::texts(const YamlEntry& entry)
{
    if (entry.value->kind != YamlNode::Kind::sequence || entry.value->items.empty()) {
        wrong_value(entry, "a list of at least one name");
        return std::nullopt;
    }
    const std::string name = "A name in " + in_quotes(entry.key->text);
    std::vector<std::string> result;
    std::set<std::string> seen;
    for (const auto& item : entry.value->items) {
        const auto text = text_of(*item, name);
        if (!text)
            continue;
        if (!seen.insert(*text).second)
            problem(*item, fmt::format("{} stands twice in {}.", in_quotes(*text),
                                       in_quotes(entry.key->text)));
        result.push_back(*text);
    }
    return result;
}

void NodeReader::entries(const YamlNode& node, std::string_view name,
                         const std::function<void(const YamlEntry&)>& visit)
{
    if (node.kind != YamlNode::Kind::mapping) {
        problem(node, fmt::format("{} must be a mapping, not {}.", name, shown(node)));
        return;
    }
    std::map<std::string, const YamlNode*> seen;
    for (const auto& entry : node.entries) {
        if (entry.key->kind != YamlNode::Kind::scalar || entry.key->text.empty()) {
            problem(*entry.key, fmt::format("A key must be a name, not {}.", shown(*entry.key)));
            continue;
        }
        const auto [first, is_new] = seen.emplace(entry.key->text, entry.key.get());
        if (is_new)
            visit(entry);
        else
            problem(*entry.key,
                    fmt::format("Duplicate key {}; it was first given {}.",
                                in_quotes(entry.key->text), place_of(*first->second, *entry.key)));
    }
}

void NodeReader::wrong_value(const YamlEntry& entry, std::string_view expected)
{
    wrong_value(*entry.value, in_quotes(entry.key->text), expected);
}

void NodeReader::wrong_value(const YamlNode& node, std::string_view name, std::string_view expected)
{
    problem(node, fmt::format("{} must be {}, not {}.", name, expected, shown(node)));
}

void NodeReader::unknown_key(const YamlEntry& entry, const std::vector<std::string>& known)
{
    const auto& key = entry.key->text;
    if (key == "<<")
        problem(*entry.key,
                "Merging with '<<' is not supported; say what is shared in 'defaults'.");
    else
        problem(*entry.key,
                fmt::format("Unknown key {}{}", in_quotes(key), suggestion(key, known)));
}

} // namespace slicetool::config
