#include "base/new_file.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace slicetool::base {

namespace {

[[noreturn]] void fail(const std::string& path, const char* what)
{
    throw Error(fmt::format("Cannot write {}: {}: {}.", path, what,
                            std::strerror(errno))); // NOLINT(concurrency-mt-unsafe)
}

/// Where `path` leads.
std::string place_of(const std::string& path)
{
    std::error_code error;
    const auto place = std::filesystem::canonical(path, error);
    if (error)
        return path;
    if (!std::filesystem::is_regular_file(place, error))
        throw Error(fmt::format("Cannot write {}: it is no file that could be replaced.", path));
    return place.string();
}

} // namespace

NewFile::NewFile(const std::string& path, mode_t mode)
    : m_path(place_of(path)), m_beside(m_path + ".XXXXXX")
{
    m_fd = ::mkostemp(m_beside.data(), O_CLOEXEC);
    if (m_fd < 0)
        fail(m_path, "no file can be made in its folder");
    if (::fchmod(m_fd, mode) == 0)
        return;
    const int reason = errno;
    ::close(m_fd);
    ::unlink(m_beside.c_str());
    errno = reason;
    fail(m_path, "its mode cannot be set");
}

NewFile::~NewFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
    if (!m_beside.empty())
        ::unlink(m_beside.c_str());
}

void NewFile::write(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(m_fd, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            fail(m_path, "its data cannot be written");
        if (written > 0)
            text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void NewFile::take_place()
{
    sync();
    if (std::rename(m_beside.c_str(), m_path.c_str()) != 0)
        fail(m_path, "the new file cannot take its place");
    m_beside.clear();
    sync_folder();
}

bool NewFile::take_free_place()
{
    sync();
    if (::link(m_beside.c_str(), m_path.c_str()) != 0) {
        if (errno == EEXIST)
            return false;
        fail(m_path, "the new file cannot take its place");
    }
    sync_folder();
    return true;
}

void NewFile::sync()
{
    if (::fsync(m_fd) != 0 || ::close(std::exchange(m_fd, -1)) != 0)
        fail(m_path, "its data cannot be put on the disk");
}

void NewFile::sync_folder() const
{
    const std::string parent = std::filesystem::path(m_path).parent_path().string();
    const int folder =
        ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return;
    ::fsync(folder); // some file systems cannot; then the rename is as safe as theirs are
    ::close(folder);
}

} // namespace slicetool::base
