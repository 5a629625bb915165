#include "commands/described_options.hpp"

#include <CLI/CLI.hpp>

namespace slicetool::commands {

std::vector<DescribedOption> options_of(const CLI::App& command)
{
    std::vector<DescribedOption> described;
    for (const CLI::Option* option : command.get_options()) {
        if (option->get_group().empty() || !option->nonpositional())
            continue;
        DescribedOption one;
        for (const auto& name : option->get_snames())
            one.names.push_back("-" + name);
        for (const auto& name : option->get_lnames())
            one.names.push_back("--" + name);
        if (option->get_items_expected_max() > 0)
            one.value = option->get_type_name();
        one.description = option->get_description();
        one.preset = option->get_default_str();
        described.push_back(std::move(one));
    }
    return described;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app)
{
    return app.get_subcommands(
        [](const CLI::App* command) { return !command->get_group().empty(); });
}

} // namespace slicetool::commands
