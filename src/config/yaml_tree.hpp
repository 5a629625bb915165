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
    std::shared_ptr<const std::string> file; ///< in which it stands
    std::string text;                        ///< of a scalar, UTF-8
    YamlPtr written; ///< of a scalar whose variables were replaced: as it stands in the file
    std::vector<YamlPtr> items;     ///< of a sequence
    std::vector<YamlEntry> entries; ///< of a mapping, in order; duplicate keys are kept
    std::size_t weight = 1;         ///< nodes below and including this one, aliases counted in full
    std::size_t height = 1;         ///< levels below and including this one
};

/// No file is larger than this: 20,000 tables with a condition each are about 2 MiB.
inline constexpr std::size_t k_max_config_bytes = 4 << 20;

/// Most nodes of a config, aliases followed, so that a few lines cannot stand for billions.
inline constexpr std::size_t k_max_nodes = 500'000;

/// The one document in `text`; null for an empty one. Safe on hostile input: size, depth and the
/// number of nodes after following aliases are bounded. Throws UsageError "file:line:column:
/// sentence".
YamlPtr parse_yaml(const std::string& text, const std::string& file_name);

} // namespace slicetool::config
