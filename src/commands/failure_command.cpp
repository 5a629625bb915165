#include "commands/failure_command.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace slicetool::commands {

namespace {

constexpr std::array k_passed_on = {"PATH",   "HOME", "USER",          "LANG",
                                    "LC_ALL", "TZ",   "XDG_STATE_HOME"};

std::vector<std::string> environment(const FailedRun& run)
{
    std::vector<std::string> variables;
    for (const char* name : k_passed_on) {
        if (const char* value = std::getenv(name))
            variables.push_back(fmt::format("{}={}", name, value));
    }
    variables.push_back("SLICETOOL_RUN=" + run.id.value_or(""));
    variables.push_back(fmt::format("SLICETOOL_STATUS={}", run.exit_status));
    return variables;
}

/// As posix_spawn wants it: the strings stay the caller's.
std::vector<char*> pointers(std::vector<std::string>& strings)
{
    std::vector<char*> all;
    for (auto& string : strings)
        all.push_back(string.data());
    all.push_back(nullptr);
    return all;
}

/// Returns an errno. The child gets its signals, which this program blocks, and no input.
int spawn(const std::string& command, const FailedRun& run, pid_t& child)
{
    std::vector<std::string> words = {"sh", "-c", command};
    std::vector<std::string> variables = environment(run);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int error = posix_spawn(&child, "/bin/sh", &actions, &attributes, pointers(words).data(),
                                  pointers(variables).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

} // namespace

std::string run_failure_command(const std::string& command, const FailedRun& run)
{
    pid_t child = 0;
    if (const int error = spawn(command, run, child); error != 0)
        return fmt::format("The command of --on-failure could not be run: {}.",
                           std::strerror(error));
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return fmt::format("The command of --on-failure could not be waited for: {}.",
                               std::strerror(errno));
    }
    if (WIFSIGNALED(status))
        return fmt::format("The command of --on-failure was ended by signal {}.", WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return fmt::format("The command of --on-failure ended with status {}.",
                           WEXITSTATUS(status));
    return "";
}

} // namespace slicetool::commands
