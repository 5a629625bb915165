#pragma once

#include <string>

namespace slicetool::commands {

enum class Replace { no, yes };

/// Throws base::UsageError, which names --force, when the file exists and is not to be replaced.
void refuse_existing_file(const std::string& path, Replace replace);

/// Writes and syncs a file. What exists is replaced in one instant, or, without `replace`, left
/// alone with a base::UsageError. Throws base::Error when it cannot be written; then nothing of it
/// is left.
void write_new_file(const std::string& path, const std::string& text, Replace replace);

} // namespace slicetool::commands
