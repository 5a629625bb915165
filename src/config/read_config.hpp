#pragma once

#include "config/job.hpp"

#include <string>
#include <vector>

namespace slicetool::config {

/// Reads and checks a YAML file; docs/config.md describes it. Relative paths in it are taken from
/// the file's folder. Throws UsageError that lists everything wrong, one "file:line:column:
/// sentence" a line.
Config read_config(const std::string& path);

/// The same for text already read; `file_name` stands in messages and gives the folder.
Config parse_config(const std::string& text, const std::string& file_name);

/// One kind of mapping in the file and the keys that it may have.
struct KeySection
{
    std::string name;
    std::vector<std::string> keys;
};

/// Every key that the reader knows; tests hold the JSON Schema and docs/config.md against it.
std::vector<KeySection> key_sections();

} // namespace slicetool::config
