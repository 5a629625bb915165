#include "commands/new_file.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <unistd.h>

namespace slicetool::commands {

namespace {

[[noreturn]] void throw_unwritable(const std::string& path, int error)
{
    throw base::Error(fmt::format("Cannot write {}: {}.", path, std::strerror(error)));
}

[[noreturn]] void throw_exists(const std::string& path)
{
    throw base::UsageError(
        fmt::format("{} exists; name another file, or replace it with --force.", path));
}

bool write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            text.remove_prefix(static_cast<std::size_t>(written));
    }
    return fsync(descriptor) == 0;
}

} // namespace

void refuse_existing_file(const std::string& path, Replace replace)
{
    if (replace == Replace::no && access(path.c_str(), F_OK) == 0)
        throw_exists(path);
}

void write_new_file(const std::string& path, const std::string& text, Replace replace)
{
    const std::string written =
        replace == Replace::yes ? fmt::format("{}.new-{}", path, getpid()) : path;
    const int descriptor = open(written.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST)
        throw_exists(written);
    if (descriptor < 0)
        throw_unwritable(written, errno);
    bool done = write_all(descriptor, text);
    int error = errno;
    done = close(descriptor) == 0 && done;
    if (done && written != path && rename(written.c_str(), path.c_str()) != 0) {
        done = false;
        error = errno;
    }
    if (done)
        return;
    unlink(written.c_str());
    throw_unwritable(path, error);
}

} // namespace slicetool::commands
