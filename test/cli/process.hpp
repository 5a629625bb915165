#pragma once

#include <chrono>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

/// Programs run by tests.
namespace slicetool::test {

/// A folder of its own, gone in the end.
class TemporaryFolder
{
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    const std::string& path() const { return m_path; }
    /// Writes a file (mode 0600) and returns its path.
    std::string write(const std::string& name, const std::string& text) const;
    std::string read(const std::string& name) const;

private:
    std::string m_path;
};

/// How a program ended and what it wrote.
struct Ended
{
    int status = -1; ///< exit status; 128 + N when signal N ended it
    std::string out;
    std::string err;
    std::chrono::milliseconds elapsed{0};
};

/// A child process. Its environment is the test's without anything that names passwords or option
/// files; HOME is an empty folder. Killed when it still runs in the destructor.
class Process
{
public:
    using Environment = std::map<std::string, std::string>;

    explicit Process(const std::vector<std::string>& words, const Environment& environment = {});
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    pid_t pid() const { return m_pid; }
    void signal(int number) const;
    bool wait_for(std::chrono::milliseconds duration);
    /// Waits until the program stands still (SIGSTOP) or ends; true when it stands.
    bool wait_for_stop();
    /// Waits until the program has said this on standard error, or ends; true when it said it.
    bool wait_for_words(const std::string& words);
    /// Waits to the end, at most two minutes (then it is killed: status 137).
    Ended wait();

private:
    void take_status(int status);

    TemporaryFolder m_folder;
    std::chrono::steady_clock::time_point m_started;
    pid_t m_pid = -1;
    Ended m_ended;
};

/// The program under test with these arguments, to its end.
Ended slicetool(const std::vector<std::string>& arguments,
                const Process::Environment& environment = {});

/// {the program's path, arguments…}
std::vector<std::string> slicetool_words(const std::vector<std::string>& arguments);

} // namespace slicetool::test
