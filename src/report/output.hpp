#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace slicetool::report {

/// Where text goes. Not thread-safe by itself.
class Output
{
public:
    Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    virtual ~Output() = default;

    /// Hands all of `text` over before it returns, in one piece where the system allows.
    virtual void write(std::string_view text) = 0;
};

/// What to do when the system does not take the text (a full disk, a closed pipe).
enum class WriteErrors { fatal, ignored };

/// A file descriptor, unbuffered: one write(2) for each call, so a refresh of the screen is never
/// seen half.
class FdOutput : public Output
{
public:
    /// Does not own `fd`. `name` is what an error calls it: "the report to standard output".
    FdOutput(int fd, std::string name, WriteErrors errors);

    /// Throws base::Error with `name` and the system's reason when WriteErrors::fatal.
    void write(std::string_view text) override;

private:
    int m_fd;
    std::string m_name;
    WriteErrors m_errors;
};

/// A file opened for appending and created with mode 0600; an existing one keeps its mode. Throws
/// base::UsageError with the path and the system's reason when it cannot be opened; its write()
/// throws base::Error with both.
std::unique_ptr<Output> open_log_file(const std::string& path);

} // namespace slicetool::report
