#pragma once

#include "config/include.hpp"
#include "config/job.hpp"
#include "config/resolve_endpoint.hpp"
#include "config/variables.hpp"

#include <string>
#include <vector>

namespace slicetool::config {

/// Where a config's `${NAME}` and `include` come from.
struct ConfigSources
{
    Variables::Environment environment = environment_variable;
    ReadIncluded read; ///< unset: nothing can be included
};

/// Reads and checks a YAML file and those that it includes; docs/config.md describes them. Relative
/// paths in a file are taken from its folder. Throws UsageError that lists everything wrong, one
/// "file:line:column: sentence" a line.
Config read_config(const std::string& path);

/// The same for text already read; `file_name` stands in messages and gives the folder.
Config parse_config(const std::string& text, const std::string& file_name,
                    const ConfigSources& sources = {});

/// One kind of mapping in the file and the keys that it may have.
struct KeySection
{
    std::string name;
    std::vector<std::string> keys;
};

/// Every key that the reader knows; tests hold the JSON Schema and docs/config.md against it.
std::vector<KeySection> key_sections();

} // namespace slicetool::config
