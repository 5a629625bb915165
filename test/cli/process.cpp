#include "cli/process.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace slicetool::test {
namespace {

constexpr std::chrono::seconds k_longest{120};

bool is_clean(const std::string& variable)
{
    return variable.rfind("SLICETOOL_FROM", 0) != 0 && variable.rfind("SLICETOOL_TO_", 0) != 0 &&
           variable.rfind("MYSQL", 0) != 0 && variable.rfind("HOME=", 0) != 0 &&
           variable.rfind("XDG_", 0) != 0;
}

std::vector<std::string> environment_with(const Process::Environment& changes,
                                          const std::string& home)
{
    std::vector<std::string> variables;
    if (changes.count("HOME") == 0)
        variables.push_back("HOME=" + home);
    for (char** entry = environ; *entry != nullptr; ++entry)
        if (is_clean(*entry) &&
            changes.count(std::string(*entry).substr(0, std::string(*entry).find('='))) == 0)
            variables.emplace_back(*entry);
    for (const auto& [name, value] : changes)
        variables.push_back(name + "=" + value);
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& words)
{
    std::vector<char*> list;
    for (auto& word : words)
        list.push_back(word.data());
    list.push_back(nullptr);
    return list;
}

void redirect(const std::string& path, int descriptor, int flags)
{
    const int file = ::open(path.c_str(), flags, 0600);
    if (file < 0 || ::dup2(file, descriptor) < 0)
        ::_exit(126);
    ::close(file);
}

} // namespace

TemporaryFolder::TemporaryFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "slicetool-cli.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("no temporary folder");
    m_path = name;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& text) const
{
    const std::string path = m_path + "/" + name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), 0600);
    return path;
}

std::string TemporaryFolder::read(const std::string& name) const
{
    std::ostringstream text;
    text << std::ifstream(m_path + "/" + name).rdbuf();
    return text.str();
}

Process::Process(const std::vector<std::string>& words, const Environment& environment)
    : m_started(std::chrono::steady_clock::now())
{
    const std::string out = m_folder.path() + "/out";
    const std::string err = m_folder.path() + "/err";
    const std::string home = m_folder.path() + "/home";
    std::filesystem::create_directory(home);
    auto arguments = words;
    auto variables = environment_with(environment, home);
    const auto argv = pointers(arguments);
    const auto envp = pointers(variables);
    m_pid = ::fork();
    if (m_pid < 0)
        throw std::runtime_error("cannot fork");
    if (m_pid == 0) {
        redirect("/dev/null", 0, O_RDONLY);
        redirect(out, 1, O_WRONLY | O_CREAT);
        redirect(err, 2, O_WRONLY | O_CREAT);
        ::execvpe(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
}

Process::~Process()
{
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
}

void Process::signal(int number) const
{
    if (m_pid > 0)
        ::kill(m_pid, number);
}

void Process::take_status(int status)
{
    m_pid = -1;
    m_ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    m_ended.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - m_started);
    m_ended.out = m_folder.read("out");
    m_ended.err = m_folder.read("err");
}

bool Process::wait_for(std::chrono::milliseconds duration)
{
    const auto until = std::chrono::steady_clock::now() + duration;
    while (m_pid > 0) {
        int status = 0;
        if (::waitpid(m_pid, &status, WNOHANG) == m_pid)
            take_status(status);
        else if (std::chrono::steady_clock::now() >= until)
            return false;
        else
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

bool Process::wait_for_stop()
{
    const auto until = std::chrono::steady_clock::now() + k_longest;
    while (m_pid > 0 && std::chrono::steady_clock::now() < until) {
        int status = 0;
        if (::waitpid(m_pid, &status, WNOHANG | WUNTRACED) != m_pid) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            continue;
        }
        if (WIFSTOPPED(status))
            return true;
        take_status(status);
    }
    return false;
}

bool Process::wait_for_words(const std::string& words)
{
    const auto until = std::chrono::steady_clock::now() + k_longest;
    while (m_folder.read("err").find(words) == std::string::npos) {
        if (wait_for(std::chrono::milliseconds(2)))
            return m_ended.err.find(words) != std::string::npos;
        if (std::chrono::steady_clock::now() >= until)
            return false;
    }
    return true;
}

Ended Process::wait()
{
    if (!wait_for(k_longest)) {
        signal(SIGKILL);
        wait_for(k_longest);
    }
    return m_ended;
}

std::vector<std::string> slicetool_words(const std::vector<std::string>& arguments)
{
    std::vector<std::string> words = {SLICETOOL_BINARY};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

Ended slicetool(const std::vector<std::string>& arguments, const Process::Environment& environment)
{
    return Process(slicetool_words(arguments), environment).wait();
}

} // namespace slicetool::test
