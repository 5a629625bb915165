#include "base/error.hpp"
#include "commands/allowance_options.hpp"
#include "commands/alternation.hpp"
#include "commands/command.hpp"
#include "commands/mask_key.hpp"
#include "commands/run_options.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace slicetool::commands {

namespace {

struct CheckOptions
{
    ConnectionOptions connection;
    TellingOptions telling;
    ScanChoices scan;
    sync::Allowances allowances;
};

int check(const CheckOptions& options, const base::StopToken& stop)
{
    return tell_run(options.telling, ListsRows::no, [&](Telling& reporter, RunState&) {
        Connections connections = resolve(options.connection);
        if (!connections.job)
            throw base::UsageError(
                "check looks at a job: say --config FILE and, if it holds several, --job NAME.");
        reporter.add_files_of(connections);
        warn(reporter, connections.warnings);
        const auto alternator = begin_alternation(connections, reporter);
        sync::RunOptions run =
            scan_options(options.scan, "", connections.job, connections.defaults);
        run.command = "check";
        run.mode = sync::Mode::make_equal;
        run.check_only = true;
        run.allowances = options.allowances;
        return sync::run(with_mask_key(connections.from, run, connections.job), connections.to, run,
                         reporter, stop)
            .exit_status();
    });
}

} // namespace

void register_check(CLI::App& app, Action& action)
{
    auto options = std::make_shared<CheckOptions>();
    CLI::App* command = app.add_subcommand(
        "check",
        "Check a job on both servers, as slice does before it begins, and do nothing else");
    add_connection_options(*command, options->connection);
    command->add_option("--tables", options->scan.tables, "Only these tables, separated by commas")
        ->group("Tables");
    command->add_option("--exclude", options->scan.exclude, "All but these tables")
        ->group("Tables");
    add_row_allowances(*command, options->allowances);
    add_telling_options(*command, options->telling);
    command->callback([options, &action] {
        action = [options](const base::StopToken& stop) { return check(*options, stop); };
    });
}

} // namespace slicetool::commands
