#pragma once

#include "undo/entries.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// The folder in which the undo files of all runs stand.
namespace slicetool::undo {

/// What the names of undo files end with.
inline constexpr const char* k_suffix = ".undo";

/// $XDG_STATE_HOME/slicetool/undo, or ~/.local/state/slicetool/undo. Throws base::UsageError when
/// neither is known.
std::string default_folder();

/// Makes the folder, for this user alone, if there is none, and sees whether it can be written to.
/// Throws base::Error that says what to do.
void prepare_folder(const std::string& folder);

/// The file of a run.
std::string file_of(const std::string& folder, const std::string& run);

struct Listed
{
    std::string path;
    std::uint64_t bytes = 0;
    std::filesystem::file_time_type written;
    std::optional<Header> header; ///< none: it cannot be read
};

/// The undo files in a folder, the newest first.
std::vector<Listed> list_files(const std::string& folder);

/// Which files go.
struct Retention
{
    std::chrono::hours max_age{24 * 30};
    std::size_t max_files = 100; ///< of each downstream database
};

/// Deletes files that are too old, and the oldest of those that are too many. Returns how many. A
/// file that cannot be deleted stays, and so does one that cannot be read, or that a run still
/// writes.
std::size_t prune(const std::string& folder, const Retention& retention);

} // namespace slicetool::undo
