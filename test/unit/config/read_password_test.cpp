#include "config/read_password.hpp"

#include "base/error.hpp"
#include "temporary_folder.hpp"

#include <array>
#include <future>
#include <gmock/gmock.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

namespace slicetool::config {

using testing::HasSubstr;
using testing::Not;

namespace {

/// A terminal whose other end a test types on and looks at.
class FakeTerminal
{
public:
    FakeTerminal()
    {
        std::array<char, 256> name{};
        if (openpty(&m_keyboard, &m_terminal, name.data(), nullptr, nullptr) != 0)
            throw std::runtime_error("openpty failed");
        m_name = name.data();
    }
    ~FakeTerminal()
    {
        close(m_keyboard);
        close(m_terminal);
    }
    FakeTerminal(const FakeTerminal&) = delete;
    FakeTerminal& operator=(const FakeTerminal&) = delete;

    /// Waits for the prompt, types, and gives what read_password returned or threw.
    std::future<std::string> type(const std::string& keys)
    {
        auto result =
            std::async(std::launch::async, [this] { return read_password("Password: ", m_name); });
        while (m_seen.find("Password: ") == std::string::npos)
            look();
        EXPECT_EQ(write(m_keyboard, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
        result.wait();
        look();
        return result;
    }

    bool echoes() const
    {
        termios state{};
        tcgetattr(m_terminal, &state);
        return (state.c_lflag & ECHO) != 0 && (state.c_lflag & ICANON) != 0;
    }

    const std::string& seen() const { return m_seen; }

private:
    void look()
    {
        std::array<char, 1024> buffer{};
        const ssize_t count = read(m_keyboard, buffer.data(), buffer.size());
        if (count > 0)
            m_seen.append(buffer.data(), static_cast<std::size_t>(count));
    }

    int m_keyboard = -1;
    int m_terminal = -1;
    std::string m_name;
    std::string m_seen;
};

} // namespace

TEST(ReadPassword, ReadsALineWithoutEcho)
{
    FakeTerminal terminal;
    EXPECT_EQ(terminal.type("s3cret word\r").get(), "s3cret word");
    EXPECT_THAT(terminal.seen(), HasSubstr("Password: "));
    EXPECT_THAT(terminal.seen(), Not(HasSubstr("s3cret")));
    EXPECT_TRUE(terminal.echoes());
}

TEST(ReadPassword, CanBeEdited)
{
    FakeTerminal terminal;
    EXPECT_EQ(terminal
                  .type("wrong\x15"
                        "r\xC3\xA9\x7Fighz\bt\n")
                  .get(),
              "right");
}

TEST(ReadPassword, CtrlCInterruptsAndPutsTheTerminalBack)
{
    FakeTerminal terminal;
    auto result = terminal.type("abc\x03");
    EXPECT_THROW(result.get(), base::Interrupted);
    EXPECT_TRUE(terminal.echoes());
}

TEST(ReadPassword, EndOfInputIsAnError)
{
    FakeTerminal terminal;
    auto result = terminal.type("abc\x04");
    EXPECT_EQ(message_of<base::UsageError>([&] { result.get(); }), "No password was entered.");
}

TEST(ReadPassword, WithoutATerminalItSaysWhatElseToDo)
{
    for (const auto* path : {"/nonexistent/tty", "/dev/null"})
        EXPECT_THAT(
            message_of<base::UsageError>([&] { read_password("Password: ", path); }),
            HasSubstr("There is no terminal to ask for a password; put it in an option file"));
}

} // namespace slicetool::config
