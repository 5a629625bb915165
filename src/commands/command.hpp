#pragma once

#include "base/stop.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace slicetool::commands {

/// What a subcommand's callback leaves for main to do once the command line is known to be right.
/// Returns the exit status; throws base::Error.
using Action = std::function<int(const base::StopToken&)>;

void register_check(CLI::App& app, Action& action);
void register_init(CLI::App& app, Action& action);
void register_pull_schema(CLI::App& app, Action& action);
void register_slice(CLI::App& app, Action& action);
void register_undo(CLI::App& app, Action& action);
void register_verify(CLI::App& app, Action& action);

/// Options of the program itself: --version.
void register_version(CLI::App& app);

} // namespace slicetool::commands
