#pragma once

#include <string>
#include <string_view>

namespace slicetool::config {

/// `text` (UTF-8 without NUL) as a value or key that this program reads back as the same text: in
/// double quotes where YAML, or a `${`, would make something else of it.
std::string yaml_text(std::string_view text);

/// `text` fit for a comment: control characters become '?'.
std::string yaml_comment(std::string_view text);

} // namespace slicetool::config
