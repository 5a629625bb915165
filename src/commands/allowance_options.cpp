#include "commands/allowance_options.hpp"

#include <CLI/CLI.hpp>

namespace slicetool::commands {

namespace {

constexpr const char* k_group = "Writing";

} // namespace

void add_row_allowances(CLI::App& command, sync::Allowances& allowances)
{
    command
        .add_flag("--allow-triggers", allowances.triggers,
                  "Write to tables whose triggers will fire")
        ->group(k_group);
    add_server_allowances(command, allowances);
}

void add_server_allowances(CLI::App& command, sync::Allowances& allowances)
{
    command
        .add_flag("--allow-read-only", allowances.read_only,
                  "Try to write to a server that is read-only")
        ->group(k_group);
    command
        .add_flag("--allow-replica", allowances.replica,
                  "Write to a server that replicates from another one")
        ->group(k_group);
}

} // namespace slicetool::commands
