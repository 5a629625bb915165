#include "config/variables.hpp"

#include "base/error.hpp"
#include "config/text_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace slicetool::config {

namespace {

/// Bounds what a few lines can grow to; more than 20,000 tables with a condition each need.
constexpr std::size_t k_max_made_bytes = 16 << 20;

/// What a node costs in memory, roughly, aliases followed.
std::size_t bytes_of(const YamlNode& node)
{
    std::size_t bytes = sizeof(YamlNode) + node.text.size();
    for (const auto& item : node.items)
        bytes += bytes_of(*item);
    for (const auto& [key, value] : node.entries)
        bytes += bytes_of(*key) + bytes_of(*value);
    return bytes;
}

/// As shells allow them: letters, digits and '_', no digit first.
bool is_variable_name(std::string_view name)
{
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), allowed);
}

} // namespace

void Variables::define(const YamlNode& mapping, NodeReader& reader)
{
    reader.entries(mapping, "'vars'", [&](const YamlEntry& entry) {
        if (!is_variable_name(entry.key->text)) {
            reader.problem(*entry.key,
                           fmt::format("A variable's name is made of letters, digits and '_', with "
                                       "no digit first; {} is not.",
                                       in_quotes(entry.key->text)));
            return;
        }
        if (entry.value->kind != YamlNode::Kind::scalar) {
            reader.problem(*entry.value, fmt::format("The variable {} must be text.",
                                                     in_quotes(entry.key->text)));
            return;
        }
        m_values[entry.key->text] = expand_node(entry.value, reader, Secret::no)->text;
    });
}

YamlPtr Variables::expand(const YamlPtr& node, NodeReader& reader)
{
    return expand_node(node, reader, Secret::no);
}

YamlPtr Variables::expand(const YamlEntry& entry, NodeReader& reader)
{
    const bool secret = entry.key->text == "password";
    return expand_node(entry.value, reader, secret ? Secret::yes : Secret::no);
}

YamlPtr Variables::expand_again(const YamlPtr& node, NodeReader& reader)
{
    count(*node, bytes_of(*node));
    return expand_node(node, reader, Secret::no);
}

YamlPtr Variables::expand_node(const YamlPtr& node, NodeReader& reader, Secret secret)
{
    if (node->kind == YamlNode::Kind::scalar)
        return expand_scalar(node, reader, secret);
    auto copy = std::make_shared<YamlNode>(*node);
    bool changed = false;
    for (auto& item : copy->items) {
        const YamlPtr expanded = expand_node(item, reader, secret);
        changed |= expanded != item;
        item = expanded;
    }
    for (auto& [key, value] : copy->entries) {
        const YamlPtr expanded = expand({key, value}, reader);
        changed |= expanded != value;
        value = expanded;
    }
    return changed ? copy : node;
}

YamlPtr Variables::expand_scalar(const YamlPtr& node, NodeReader& reader, Secret secret)
{
    if (node->text.find("${") == std::string::npos)
        return node;
    auto copy = std::make_shared<YamlNode>(*node);
    copy->text = replaced(*node, reader, secret);
    copy->written = node;
    return copy;
}

std::optional<std::string> Variables::value_of(const std::string& name) const
{
    const auto found = m_values.find(name);
    return found != m_values.end() ? std::optional(found->second) : m_environment(name);
}

std::string Variables::replaced(const YamlNode& node, NodeReader& reader, Secret secret)
{
    const std::string_view text = node.text;
    const auto problem = [&](const std::string& sentence) {
        // What looks like a variable may be a part of the password.
        reader.problem(node, secret == Secret::yes
                                 ? "A variable in this password is not known, or not written as "
                                   "'${NAME}'; '$${' stands for '${'."
                                 : sentence);
    };
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t next = text.find("${", at);
        const std::size_t plain_end = std::min(next, text.size());
        result += text.substr(at, plain_end - at);
        at = plain_end;
        if (at == text.size())
            break;
        if (result.ends_with('$') && next > 0 && text[next - 1] == '$') { // "$${"
            result += '{';
            at += 2;
            continue;
        }
        const std::size_t end = text.find('}', at);
        const std::string name(text.substr(at + 2, end == std::string::npos ? 0 : end - at - 2));
        if (!is_variable_name(name)) {
            problem("'${' begins a variable, as in '${NAME}'; write '$${' for the plain text.");
            result += "${";
            at += 2;
            continue;
        }
        const auto value = value_of(name);
        if (!value)
            problem(fmt::format("The variable {} is not set: neither 'vars' nor the environment "
                                "has it.",
                                in_quotes(name)));
        else if (find_unclean_byte(*value))
            problem(
                fmt::format("The value of the variable {} is not UTF-8 text.", in_quotes(name)));
        result += value ? *value : std::string(text.substr(at, end + 1 - at));
        at = end + 1;
        count(node, value ? value->size() : 0);
    }
    return result;
}

void Variables::count(const YamlNode& node, std::size_t bytes)
{
    *m_bytes += bytes;
    if (*m_bytes > k_max_made_bytes)
        throw base::UsageError(fmt::format("{}: With variables replaced and steps reused, the "
                                           "config is larger than {} MiB.",
                                           NodeReader::position(node).text(),
                                           k_max_made_bytes >> 20));
}

} // namespace slicetool::config
