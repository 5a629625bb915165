#include "undo/folder.hpp"

#include "base/error.hpp"
#include "undo/reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace slicetool::undo {

namespace fs = std::filesystem;

namespace {

/// Empty when it is not set, or no absolute path.
std::string folder_in(const char* variable)
{
    const char* value = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): nobody sets any
    return value != nullptr && *value == '/' ? value : "";
}

[[noreturn]] void fail(const std::string& folder, const std::string& why)
{
    throw base::Error(fmt::format(
        "Cannot keep undo files in {}: {}. Nothing was done: name another folder with --undo-dir, "
        "or say --no-undo.",
        folder, why));
}

void make_folders(const fs::path& folder)
{
    if (folder.empty() || fs::is_directory(folder))
        return;
    make_folders(folder.parent_path());
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        fail(folder.string(), std::strerror(errno));
}

std::vector<Listed> files_without_headers(const std::string& folder)
{
    std::vector<Listed> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        std::error_code gone; // by another run, meanwhile
        if (entry.path().extension() != k_suffix || !entry.is_regular_file(gone))
            continue;
        Listed file{entry.path().string(), entry.file_size(gone), entry.last_write_time(gone), {}};
        if (!gone)
            files.push_back(std::move(file));
    }
    std::sort(files.begin(), files.end(), [](const Listed& a, const Listed& b) {
        return a.written != b.written ? a.written > b.written : a.path > b.path;
    });
    return files;
}

/// A writer holds a lock on its file.
bool is_being_written(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool is_locked = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(file);
    return is_locked;
}

} // namespace

std::string default_folder()
{
    if (const std::string state = folder_in("XDG_STATE_HOME"); !state.empty())
        return state + "/slicetool/undo";
    if (const std::string home = folder_in("HOME"); !home.empty())
        return home + "/.local/state/slicetool/undo";
    throw base::UsageError("Where to keep undo files is unknown, since neither XDG_STATE_HOME nor "
                           "HOME is set: name a folder with --undo-dir, or say --no-undo.");
}

void prepare_folder(const std::string& folder)
{
    make_folders(fs::absolute(folder));
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        fail(folder, std::strerror(errno));
}

std::string file_of(const std::string& folder, const std::string& run)
{
    return (fs::path(folder) / (run + k_suffix)).string();
}

std::vector<Listed> list_files(const std::string& folder)
{
    auto files = files_without_headers(folder);
    for (auto& file : files) {
        try {
            file.header = read_header(file.path);
        } catch (const base::Error&) { // it is listed without
        }
    }
    return files;
}

std::size_t prune(const std::string& folder, const Retention& retention)
{
    const auto oldest = fs::file_time_type::clock::now() - retention.max_age;
    std::map<std::string, std::size_t> kept; // by downstream
    std::size_t deleted = 0;
    for (const auto& file : list_files(folder)) {
        if (!file.header)
            continue;
        std::size_t& count = kept[file.header->downstream];
        std::error_code ignored;
        if ((count < retention.max_files && file.written >= oldest) || is_being_written(file.path))
            ++count;
        else
            deleted += fs::remove(file.path, ignored) ? 1 : 0;
    }
    return deleted;
}

} // namespace slicetool::undo
