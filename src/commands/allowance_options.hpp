#pragma once

#include "sync/guards.hpp"

namespace CLI {
class App;
}

namespace slicetool::commands {

/// What a command that writes rows may be allowed: --allow-triggers, and those of the server.
void add_row_allowances(CLI::App& command, sync::Allowances& allowances);

/// --allow-read-only and --allow-replica.
void add_server_allowances(CLI::App& command, sync::Allowances& allowances);

} // namespace slicetool::commands
