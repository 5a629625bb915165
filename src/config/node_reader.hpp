#pragma once

#include "config/problems.hpp"
#include "config/yaml_tree.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slicetool::config {

class NodeReader;

/// One key that a mapping may have, and how its value gets into a T.
template<class T>
struct Key
{
    std::string name;
    std::function<void(NodeReader&, const YamlEntry&, T&)> read;
};

template<class T>
using KeyTable = std::vector<Key<T>>;

template<class T>
std::vector<std::string> key_names(const KeyTable<T>& table)
{
    std::vector<std::string> names;
    for (const auto& key : table)
        names.push_back(key.name);
    return names;
}

/// The same keys for a T that holds an M.
template<class T, class M>
KeyTable<T> keys_of_member(const KeyTable<M>& table, M T::*member)
{
    KeyTable<T> result;
    for (const auto& key : table) {
        const auto read = key.read;
        result.push_back(
            {key.name, [read, member](NodeReader& reader, const YamlEntry& entry, T& into) {
                 read(reader, entry, into.*member);
             }});
    }
    return result;
}

/// "on line 7", or "at other.yaml:7:3" when that is another file than that of `now`: where a name
/// was given first.
std::string place_of(const YamlNode& first, const YamlNode& now);

/// Reads values out of nodes. What is wrong is added to the problems, and the value is left unset,
/// so that one pass finds everything. The problems must outlive the reader.
class NodeReader
{
public:
    explicit NodeReader(Problems& problems) : m_problems(problems) {}

    /// What a config calls its reusable steps, and the node of one; null: there is none.
    struct NamedSteps
    {
        std::vector<std::string> names;
        std::function<YamlPtr(const std::string& name)> find;
    };

    void set_named_steps(NamedSteps steps) { m_named_steps = std::move(steps); }
    const NamedSteps& named_steps() const { return m_named_steps; }

    static Position position(const YamlNode& node);
    void problem(const YamlNode& node, std::string sentence);

    /// Non-empty text. `secret` keeps it out of messages.
    std::optional<std::string> text(const YamlEntry& entry);
    std::optional<std::string> text_of(const YamlNode& node, std::string_view name);

    /// Empty text is allowed here, and no message shows it.
    std::optional<std::string> secret(const YamlEntry& entry);

    /// A list of at least one distinct, non-empty text.
    std::optional<std::vector<std::string>> texts(const YamlEntry& entry);

    /// A scalar that `parse` turns into a T; `expected` completes "must be …".
    template<class T, class Parse>
    void value(const YamlEntry& entry, std::optional<T>& into, Parse parse,
               std::string_view expected)
    {
        if (entry.value->kind == YamlNode::Kind::scalar)
            into = parse(entry.value->text);
        if (!into)
            wrong_value(entry, expected);
    }

    /// Every entry of a mapping, once a key; says so when `node` is no mapping or a key no plain
    /// name.
    void entries(const YamlNode& node, std::string_view name,
                 const std::function<void(const YamlEntry&)>& visit);

    /// A mapping with the keys of `table` and no others.
    template<class T>
    void mapping(const YamlNode& node, std::string_view name, const KeyTable<T>& table, T& into)
    {
        entries(node, name, [&](const YamlEntry& entry) {
            for (const auto& key : table) {
                if (key.name == entry.key->text)
                    return key.read(*this, entry, into);
            }
            unknown_key(entry, key_names(table));
        });
    }

    void wrong_value(const YamlEntry& entry, std::string_view expected);
    void wrong_value(const YamlNode& node, std::string_view name, std::string_view expected);

private:
    void unknown_key(const YamlEntry& entry, const std::vector<std::string>& known);

    Problems& m_problems;
    NamedSteps m_named_steps;
};

} // namespace slicetool::config
