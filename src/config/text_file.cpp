#include "config/text_file.hpp"

#include "base/error.hpp"
#include "config/problems.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace slicetool::config {

namespace {

class FileDescriptor
{
public:
    explicit FileDescriptor(const std::string& path)
        : m_fd(open(path.c_str(), O_RDONLY | O_CLOEXEC))
    {
    }
    ~FileDescriptor()
    {
        if (m_fd >= 0)
            close(m_fd);
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    int get() const { return m_fd; }

private:
    int m_fd;
};

[[noreturn]] void throw_unreadable(const std::string& path, std::string_view what, int error)
{
    throw base::UsageError(
        fmt::format("Cannot read {} {}: {}.", what, in_quotes(path), std::strerror(error)));
}

/// Length of the UTF-8 sequence at the start of `text`, or 0 when there is none (overlong forms,
/// surrogates and values above U+10FFFF included; RFC 3629, section 4).
std::size_t utf8_length(std::string_view text)
{
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    const unsigned second = byte(1);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return tail(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F);
        return !bad && tail(1) && tail(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool bad = (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
        return !bad && tail(1) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

bool is_forbidden_control(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

} // namespace

std::string read_text_file(const std::string& path, std::string_view what, std::size_t max_bytes)
{
    const FileDescriptor file(path);
    if (file.get() < 0)
        throw_unreadable(path, what, errno);
    std::string text;
    std::array<char, 65536> buffer{};
    while (true) {
        const ssize_t count = read(file.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw_unreadable(path, what, errno);
        if (count == 0)
            return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > max_bytes)
            throw base::UsageError(fmt::format("Cannot use {} {}: it is larger than {} bytes.",
                                               what, in_quotes(path), max_bytes));
    }
}

std::optional<std::size_t> find_unclean_byte(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text.substr(at));
        if (length == 0 || is_forbidden_control(text[at]))
            return at;
        at += length;
    }
    return std::nullopt;
}

OpenTo open_to(const std::string& path)
{
    struct stat status = {};
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
        return OpenTo::nobody_else;
    if ((status.st_mode & S_IWOTH) != 0)
        return OpenTo::writers;
    return (status.st_mode & S_IROTH) != 0 ? OpenTo::readers : OpenTo::nobody_else;
}

std::string place_path(std::string_view path, std::string_view folder, std::string_view home)
{
    if (path.starts_with("~/") && !home.empty())
        return (std::filesystem::path(home) / path.substr(2)).string();
    if (path.empty() || path.starts_with('/') || folder.empty())
        return std::string(path);
    return (std::filesystem::path(folder) / path).string();
}

std::string home_folder()
{
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
        return home;
    const passwd* user = getpwuid(geteuid());
    return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "";
}

} // namespace slicetool::config
