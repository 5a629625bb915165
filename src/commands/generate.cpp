#include "commands/generate.hpp"

#include "commands/command.hpp"
#include "commands/exit_status.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <map>

namespace slicetool::commands {

void register_generate(CLI::App& app, Action& action)
{
    using Maker = std::string (*)(const CLI::App&);
    static const std::map<std::string, Maker> k_makers{
        {"man", manual_page}, {"bash", bash_completion}, {"zsh", zsh_completion}};
    auto what = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand(
        "generate", "Print the manual page, or the completion of a shell, for packages");
    command->group(""); // not for people
    command->add_option("what", *what, "man, bash or zsh")
        ->required()
        ->check(CLI::IsMember({"man", "bash", "zsh"}));
    command->callback([&app, &action, what] {
        action = [&app, what](const base::StopToken&) {
            fmt::print("{}", k_makers.at(*what)(app));
            return static_cast<int>(k_exit_equal);
        };
    });
}

} // namespace slicetool::commands
