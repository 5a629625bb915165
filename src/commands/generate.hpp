#pragma once

#include <string>

namespace CLI {
class App;
}

namespace slicetool::commands {

/// Texts for a package, made from the descriptions of the options, so that they cannot differ from
/// --help: a manual page (man(7) macros), and the functions by which bash and zsh complete.
std::string manual_page(const CLI::App& app);
std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);

} // namespace slicetool::commands
