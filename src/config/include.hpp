#pragma once

#include "config/node_reader.hpp"

#include <functional>
#include <string>

namespace slicetool::config {

/// The text of a file that a config includes. Throws base::UsageError.
using ReadIncluded = std::function<std::string(const std::string& path)>;

/// The root of a config together with the files that its `include` names, each of them once,
/// relative to the folder of the file that names them, "${NAME}" in their names replaced from
/// `environment`. The entries of `endpoints`, `defaults`, `vars`, `steps` and `jobs` stand
/// together, those of included files first; names given twice are left for the reader to find. What
/// is wrong with an `include` goes to the reader's problems. Without `read` there is nothing to
/// include from. Null for an empty text; throws UsageError for what parse_yaml refuses.
YamlPtr
read_with_includes(const std::string& text, const std::string& file, NodeReader& reader,
                   const std::function<std::optional<std::string>(const std::string&)>& environment,
                   const ReadIncluded& read);

} // namespace slicetool::config
