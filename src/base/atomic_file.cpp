#include "base/atomic_file.hpp"

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

namespace slicetool::base {

namespace {

constexpr mode_t k_mode = 0644;

[[noreturn]] void fail(const std::string& path, const char* what)
{
    const std::string why = std::strerror(errno); // NOLINT(concurrency-mt-unsafe)
    throw Error(fmt::format("The file {} cannot be {}: {}. It is as it was.", path, what, why));
}

class Descriptor
{
public:
    explicit Descriptor(int number) : m_number(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }

    bool open() const { return m_number >= 0; }
    int number() const { return m_number; }

private:
    int m_number;
};

bool write_all(int file, const std::string& text)
{
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t written = ::write(file, text.data() + at, text.size() - at);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            at += static_cast<std::size_t>(written);
    }
    return true;
}

void sync_folder(const std::string& folder)
{
    const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (open.open())
        ::fsync(
            open.number()); // some file systems cannot; then the rename is as safe as theirs are
}

} // namespace

void replace_file(const std::string& path, const std::string& text)
{
    const std::string parent = std::filesystem::path(path).parent_path().string();
    const std::string folder = parent.empty() ? "." : parent;
    std::string beside = path + ".XXXXXX";
    {
        const Descriptor file(::mkostemp(beside.data(), O_CLOEXEC));
        if (!file.open())
            fail(path, "written");
        if (!write_all(file.number(), text) || ::fchmod(file.number(), k_mode) != 0 ||
            ::fsync(file.number()) != 0) {
            const int number = errno;
            ::unlink(beside.c_str());
            errno = number;
            fail(path, "written");
        }
    }
    if (std::rename(beside.c_str(), path.c_str()) != 0) {
        const int number = errno;
        ::unlink(beside.c_str());
        errno = number;
        fail(path, "replaced");
    }
    sync_folder(folder);
}

} // namespace slicetool::base
