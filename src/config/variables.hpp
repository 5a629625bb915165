#pragma once

#include "config/node_reader.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace slicetool::config {

/// Replaces "${NAME}" in scalars by what `vars` says, else by the environment; "$${" stands for
/// "${". What is wrong goes to the reader's problems, which never show a value. Copies are scopes
/// of their own.
class Variables
{
public:
    using Environment = std::function<std::optional<std::string>(const std::string& name)>;

    explicit Variables(Environment environment) : m_environment(std::move(environment)) {}

    /// Adds the entries of a `vars` mapping, in order: a value may use the ones before it.
    void define(const YamlNode& mapping, NodeReader& reader);

    /// The tree with its variables replaced, keys excepted; what holds none is the same node.
    /// Throws UsageError when the config would grow beyond its limit.
    YamlPtr expand(const YamlPtr& node, NodeReader& reader);

    /// The same for the value of an entry. Nothing is said about the text of a `password`.
    YamlPtr expand(const YamlEntry& entry, NodeReader& reader);

    /// The same for what is read again wherever it is named; every time counts to the limit.
    YamlPtr expand_again(const YamlPtr& node, NodeReader& reader);

private:
    enum class Secret { no, yes };

    YamlPtr expand_node(const YamlPtr& node, NodeReader& reader, Secret secret);
    YamlPtr expand_scalar(const YamlPtr& node, NodeReader& reader, Secret secret);
    std::optional<std::string> value_of(const std::string& name) const;
    std::string replaced(const YamlNode& node, NodeReader& reader, Secret secret);
    void count(const YamlNode& node, std::size_t bytes);

    std::map<std::string, std::string> m_values;
    Environment m_environment;
    std::shared_ptr<std::size_t> m_bytes = std::make_shared<std::size_t>(0); ///< made so far
};

} // namespace slicetool::config
