#include "commands/alternation.hpp"
#include "commands/attempts.hpp"
#include "commands/command.hpp"
#include "commands/mask_key.hpp"
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
    unsigned rechecks = 3;
    unsigned retries = 0;
};

int verify(const VerifyOptions& options, const base::StopToken& stop)
{
    const bool lists = options.scan.list_keys || options.column_diff;
    return tell_run(
        options.telling, lists ? ListsRows::yes : ListsRows::no,
        [&](Telling& reporter, RunState& state) {
            Connections connections = resolve(options.connection, options.scan.replicas);
            reporter.add_files_of(connections);
            warn(reporter, connections.warnings);
            compare_database_in_use(connections);
            state.begin("verify", connections);
            sync::RunOptions run =
                scan_options(options.scan, "", connections.job, connections.defaults);
            run.command = "verify";
            run.mode = sync::Mode::compare;
            run.rechecks = options.rechecks;
            run.listing = {lists, options.column_diff};
            keep_lag(run, connections.replicas);
            const base::Endpoint from = with_mask_key(connections.from, run, connections.job);
            return with_attempts(options.retries, reporter, stop, [&](report::Reporter& attempt) {
                return sync::run(from, connections.to, run, attempt, stop).exit_status();
            });
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
    command
        ->add_option("--recheck", options->rechecks,
                     "Look again, at most N times, at rows that differ, and tell those that were "
                     "merely in flight; 0: never")
        ->group("Scan")
        ->type_name("N")
        ->check(CLI::Range(0U, 20U))
        ->capture_default_str();
    add_retry_option(*command, options->retries);
    add_telling_options(*command, options->telling);
    add_state_options(*command, options->telling.state);
    command->callback([options, &action] {
        action = [options](const base::StopToken& stop) { return verify(*options, stop); };
    });
}

} // namespace slicetool::commands
