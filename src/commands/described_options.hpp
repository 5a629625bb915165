#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace slicetool::commands {

/// An option as it is told to users.
struct DescribedOption
{
    std::vector<std::string> names; ///< "-n", "--dry-run"
    std::string value;              ///< what it takes, "FILE"; empty: nothing
    std::string description;
    std::string preset; ///< its value when it is not given; may be empty
};

/// What --help lists of a command, in its order; hidden ones are left out.
std::vector<DescribedOption> options_of(const CLI::App& command);

/// The commands that --help lists.
std::vector<const CLI::App*> commands_of(const CLI::App& app);

} // namespace slicetool::commands
