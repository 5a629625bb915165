#pragma once

#include <string>

namespace slicetool::base {

/// Replaces a file's content in one step: whoever opens it finds the old text or the new one, also
/// after a crash of the machine. Writes a new file beside it (mode 0644), syncs it, renames it and
/// syncs the folder. Throws base::Error.
void replace_file(const std::string& path, const std::string& text);

} // namespace slicetool::base
