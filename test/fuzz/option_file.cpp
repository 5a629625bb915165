#include "config/option_file.hpp"
#include "config/option_line.hpp"

#include "base/error.hpp"
#include "fuzz.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace slicetool;

/// A file that exists in memory only.
class MemoryFile
{
public:
    explicit MemoryFile(std::string_view text) : m_fd(::memfd_create("fuzz", MFD_CLOEXEC))
    {
        fuzz::require(m_fd >= 0 && ::fchmod(m_fd, S_IRUSR | S_IWUSR) == 0, "a file in memory");
        fuzz::require(::write(m_fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
                      "written");
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { ::close(m_fd); }

    std::string path() const { return "/proc/self/fd/" + std::to_string(m_fd); }

private:
    int m_fd;
};

void parse_lines(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1);
        const auto line = config::parse_option_line(text.substr(0, end));
        using Kind = config::OptionLine::Kind;
        fuzz::require(line.kind != Kind::option || !line.name.empty(), "options have names");
        text.remove_prefix(end + 1);
    }
}

} // namespace

/// Any text is an option file, or refused with file and line. Files are not included here: any of
/// this machine might be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text = fuzz::text_of(data, size);
    parse_lines(text);
    if (text.find('!') != std::string::npos)
        return 0;
    const MemoryFile file(text);
    try {
        for (const auto& warning : config::read_defaults_file(file.path()).warnings)
            fuzz::require_sentence(warning);
    } catch (const base::UsageError& problem) {
        const std::string message = problem.what();
        fuzz::require_sentence(message);
        fuzz::require(message.starts_with(file.path() + ":"), "problems begin with file:line",
                      message);
    }
    return 0;
}
