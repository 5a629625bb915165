#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace slicetool::config {

/// The whole file. Throws UsageError, with `what` naming the file's part in things ("the config"),
/// when it cannot be read, is a directory, or is larger than `max_bytes`. Pipes such as /dev/fd/63
/// are fine.
std::string read_text_file(const std::string& path, std::string_view what, std::size_t max_bytes);

/// Offset of the first byte that is not UTF-8 or is a control character other than tab, line feed
/// and carriage return. Empty when the text is clean.
std::optional<std::size_t> find_unclean_byte(std::string_view text);

enum class OpenTo { nobody_else, readers, writers };

/// Who beside the owner and the group may use a file; `nobody_else` when that cannot be told, and
/// for pipes and devices.
OpenTo open_to(const std::string& path);

/// `path` with a leading "~/" replaced by `home`, and, when relative, put below `folder` ("" leaves
/// it).
std::string place_path(std::string_view path, std::string_view folder, std::string_view home);

/// $HOME, else the home folder of the user database, else "".
std::string home_folder();

} // namespace slicetool::config
