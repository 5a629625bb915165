#include "config/read_password.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <termios.h>
#include <unistd.h>

namespace slicetool::config {

namespace {

/// Longer lines are pasted by mistake; both servers cut or refuse them.
constexpr std::size_t k_max_length = 4096;

constexpr char k_interrupt = 3;  // Ctrl-C
constexpr char k_end = 4;        // Ctrl-D
constexpr char k_backspace = 8;  // Ctrl-H
constexpr char k_kill_line = 21; // Ctrl-U
constexpr char k_delete = 127;

/// An open terminal that neither echoes nor turns keys into signals, until it is destroyed.
class SilentTerminal
{
public:
    explicit SilentTerminal(const std::string& path)
        : m_fd(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY))
    {
        if (m_fd < 0)
            refuse();
        if (tcgetattr(m_fd, &m_before) != 0) {
            close(m_fd);
            refuse();
        }
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
        silent.c_cc[VMIN] = 1;
        silent.c_cc[VTIME] = 0;
        tcsetattr(m_fd, TCSAFLUSH, &silent);
    }

    ~SilentTerminal()
    {
        write_text("\n");
        tcsetattr(m_fd, TCSAFLUSH, &m_before);
        close(m_fd);
    }

    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    void write_text(std::string_view text) const
    {
        while (!text.empty()) {
            const ssize_t count = write(m_fd, text.data(), text.size());
            if (count < 0 && errno != EINTR)
                return;
            text.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
        }
    }

    /// The next key, or Ctrl-D at the end of the input.
    char read_key() const
    {
        char key = k_end;
        while (read(m_fd, &key, 1) < 0 && errno == EINTR) {
        }
        return key;
    }

private:
    [[noreturn]] static void refuse()
    {
        throw base::UsageError(
            "There is no terminal to ask for a password; put it in an option file "
            "(--defaults-file) or in SLICETOOL_FROM_PASSWORD or "
            "SLICETOOL_TO_PASSWORD.");
    }

    int m_fd;
    termios m_before{};
};

/// Removes one UTF-8 character.
void remove_last(std::string& text)
{
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
        text.pop_back();
    if (!text.empty())
        text.pop_back();
}

} // namespace

std::string read_password(const std::string& prompt, const std::string& terminal)
{
    const SilentTerminal tty(terminal);
    tty.write_text(prompt);
    std::string password;
    while (password.size() <= k_max_length) {
        switch (const char key = tty.read_key()) {
        case '\n':
        case '\r':
            return password;
        case k_interrupt:
            throw base::Interrupted();
        case k_end:
            throw base::UsageError("No password was entered.");
        case k_backspace:
        case k_delete:
            remove_last(password);
            break;
        case k_kill_line:
            password.clear();
            break;
        default:
            password += key;
        }
    }
    throw base::UsageError("The password entered is too long.");
}

} // namespace slicetool::config
