#include "report/replace_file.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace slicetool::report {

namespace {

[[noreturn]] void fail(const std::string& path, const char* what)
{
    throw base::Error(fmt::format("Cannot write {}: {}: {}.", path, what,
                                  std::strerror(errno))); // NOLINT(concurrency-mt-unsafe)
}

/// A new file beside `path`, which is gone again unless it was put in its place.
class FileBeside
{
public:
    explicit FileBeside(const std::string& path) : m_path(path), m_name(path + ".XXXXXX")
    {
        m_fd = ::mkostemp(m_name.data(), O_CLOEXEC);
        if (m_fd < 0)
            fail(m_path, "no file can be made in its folder");
    }
    FileBeside(const FileBeside&) = delete;
    FileBeside& operator=(const FileBeside&) = delete;
    ~FileBeside()
    {
        if (m_fd >= 0)
            ::close(m_fd);
        if (!m_name.empty())
            ::unlink(m_name.c_str());
    }

    int fd() const { return m_fd; }

    void put_in_place(mode_t mode)
    {
        if (::fchmod(m_fd, mode) != 0 || ::fsync(m_fd) != 0)
            fail(m_path, "its data cannot be put on the disk");
        if (::close(std::exchange(m_fd, -1)) != 0)
            fail(m_path, "its data cannot be put on the disk");
        if (std::rename(m_name.c_str(), m_path.c_str()) != 0)
            fail(m_path, "the new file cannot take its place");
        m_name.clear();
    }

private:
    const std::string& m_path;
    std::string m_name;
    int m_fd;
};

} // namespace

void replace_file(const std::string& path, mode_t mode, const std::function<void(Output&)>& write)
{
    FileBeside file(path);
    FdOutput output(file.fd(), path, WriteErrors::fatal);
    write(output);
    file.put_in_place(mode);
}

} // namespace slicetool::report
