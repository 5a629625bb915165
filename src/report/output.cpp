#include "report/output.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace slicetool::report {

namespace {

/// Owns the descriptor of a log file.
class LogFile : public Output
{
public:
    LogFile(int fd, const std::string& path)
        : m_fd(fd), m_output(fd, "the log to " + path, WriteErrors::fatal)
    {
    }
    ~LogFile() override { ::close(m_fd); }

    void write(std::string_view text) override { m_output.write(text); }

private:
    int m_fd;
    FdOutput m_output;
};

/// True when the write is to be tried again; waits for room on a descriptor that does not block.
bool try_again(int fd)
{
    if (errno == EINTR)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return false;
    pollfd waited{fd, POLLOUT, 0};
    return ::poll(&waited, 1, -1) >= 0 || errno == EINTR;
}

} // namespace

FdOutput::FdOutput(int fd, std::string name, WriteErrors errors)
    : m_fd(fd), m_name(std::move(name)), m_errors(errors)
{
}

void FdOutput::write(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(m_fd, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (!try_again(m_fd)) {
            if (m_errors == WriteErrors::ignored)
                return;
            throw base::Error(fmt::format("Cannot write {}: {}.", m_name,
                                          std::strerror(errno))); // NOLINT(concurrency-mt-unsafe)
        }
    }
}

std::unique_ptr<Output> open_log_file(const std::string& path)
{
    const int fd =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        throw base::UsageError(
            fmt::format("Cannot open the log file {} for writing: {}. Give --log-file a file in a "
                        "folder that exists and that you may write to.",
                        path, std::strerror(errno))); // NOLINT(concurrency-mt-unsafe)
    }
    return std::make_unique<LogFile>(fd, path);
}

} // namespace slicetool::report
