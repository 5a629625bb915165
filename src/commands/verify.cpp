#include "commands/command.hpp"
#include "commands/run_options.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace slicetool::commands {

namespace {

struct VerifyOptions
{
    ConnectionOptions connection;
    TellingOptions telling;
    ScanChoices scan;
    bool column_diff = false;
};

int verify(const VerifyOptions& options, const base::StopToken& stop)
{
    const Connections connections = resolve(options.connection);
    sync::RunOptions run = scan_options(options.scan, "", connections.job);
    run.command = "verify";
    run.mode = sync::Mode::compare;
    run.listing.columns = options.column_diff;
    run.listing.keys = run.listing.keys || options.column_diff;
    const ListsRows lists_rows = run.listing.keys ? ListsRows::yes : ListsRows::no;
    return tell_run(
        options.telling, lists_rows, connections.warnings, [&](report::Reporter& reporter) {
            return sync::run(connections.from, connections.to, run, reporter, stop).exit_status();
        });
}

} // namespace

void register_verify(CLI::App& app, Action& action)
{
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = app.add_subcommand(
        "verify", "Compare only: tell which tables differ, and in which rows; writes nothing");
    add_connection_options(*command, options->connection);
    add_scan_options(*command, options->scan);
    command
        ->add_flag("--column-diff", options->column_diff,
                   "Also name the differing columns of changed rows, with both values (shortened)")
        ->group("Scan");
    add_telling_options(*command, options->telling);
    command->callback([options, &action] {
        action = [options](const base::StopToken& stop) { return verify(*options, stop); };
    });
}

} // namespace slicetool::commands
