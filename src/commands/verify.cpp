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
    const bool lists = options.scan.list_keys || options.column_diff;
    return tell_run(
        options.telling, lists ? ListsRows::yes : ListsRows::no, [&](report::Reporter& reporter) {
            const Connections connections = resolve(options.connection);
            warn(reporter, connections.warnings);
            sync::RunOptions run =
                scan_options(options.scan, "", connections.job, connections.defaults);
            run.command = "verify";
            run.mode = sync::Mode::compare;
            run.listing = {lists, options.column_diff};
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
