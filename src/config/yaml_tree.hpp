#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace slicetool::config {

struct YamlNode;

/// Nodes are immutable and may be shared: an alias is the same node as its anchor.
using YamlPtr = std::shared_ptr<const YamlNode>;

struct YamlEntry
{
    YamlPtr key;
    YamlPtr value;
};

/// One node of a YAML document, with where it stands (from 1); an empty value stands where its key
/// does.
struct YamlNode
{
    enum class Kind { null, scalar, sequence, mapping };

    Kind kind = Kind::null;
    std::size_t line = 0;
    std::size_t column = 0;
    std::string text;               ///< of a scalar, UTF-8
    std::vector<YamlPtr> items;     ///< of a sequence
    std::vector<YamlEntry> entries; ///< of a mapping, in order; duplicate keys are kept
    std::size_t weight = 1;         ///< nodes below and including this one, aliases counted in full
    std::size_t height = 1;         ///< levels below and including this one
};

/// The one document in `text`; null for an empty one. Safe on hostile input: size, depth and the
/// number of nodes after following aliases are bounded. Throws UsageError "file:line:column:
/// sentence".
YamlPtr parse_yaml(const std::string& text, const std::string& file_name);

} // namespace slicetool::config
