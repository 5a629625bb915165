#include "commands/command.hpp"
#include "commands/run_options.hpp"
#include "commands/undo_options.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace slicetool::commands {

namespace {

struct SliceOptions
{
    ConnectionOptions connection;
    TellingOptions telling;
    ScanChoices scan;
    std::string max_delete;
    bool dry_run = false;
    bool lite = false;
    sync::Allowances allowances;
    UndoChoices undo;
};

int slice(const SliceOptions& options, const base::StopToken& stop)
{
    const ListsRows lists_rows = options.scan.list_keys ? ListsRows::yes : ListsRows::no;
    return tell_run(options.telling, lists_rows, [&](report::Reporter& reporter) {
        const Connections connections = resolve(options.connection);
        warn(reporter, connections.warnings);
        sync::RunOptions run =
            scan_options(options.scan, options.max_delete, connections.job, connections.defaults);
        run.command = "slice";
        run.mode = options.dry_run ? sync::Mode::compare : sync::Mode::make_equal;
        run.dry_run = options.dry_run;
        run.lite = options.lite;
        run.allowances = options.allowances;
        const auto undo =
            options.dry_run ? nullptr : open_undo(options.undo, connections, reporter);
        run.undo = undo.get();
        return sync::run(connections.from, connections.to, run, reporter, stop).exit_status();
    });
}

} // namespace

void register_slice(CLI::App& app, Action& action)
{
    auto options = std::make_shared<SliceOptions>();
    CLI::App* command = app.add_subcommand("slice", "Make downstream's tables equal to upstream's: "
                                                    "copy only the rows that differ, and prove it");
    add_connection_options(*command, options->connection);
    add_scan_options(*command, options->scan);
    constexpr const char* k_group = "Writing";
    command->add_flag("-n,--dry-run", options->dry_run, "Only compare: tell what would change")
        ->group(k_group);
    command
        ->add_flag("--lite", options->lite,
                   "Only new rows, and rows whose timestamp says that they were changed lately: "
                   "every sync becomes a lite step")
        ->group(k_group);
    command
        ->add_option("--max-delete", options->max_delete,
                     "Refuse to delete more rows of a table than this, a number or a percentage "
                     "(default: 10%, and 1000 at least)")
        ->group(k_group);
    command
        ->add_flag("--allow-empty-upstream", options->allowances.empty_upstream,
                   "Empty a downstream table whose upstream is empty")
        ->group(k_group);
    command
        ->add_flag("--allow-triggers", options->allowances.triggers,
                   "Write to tables whose triggers will fire")
        ->group(k_group);
    command
        ->add_flag("--allow-read-only", options->allowances.read_only,
                   "Try to write to a server that is read-only")
        ->group(k_group);
    command
        ->add_flag("--allow-replica", options->allowances.replica,
                   "Write to a server that replicates from another one")
        ->group(k_group);
    add_undo_options(*command, options->undo);
    add_telling_options(*command, options->telling);
    command->callback([options, &action] {
        action = [options](const base::StopToken& stop) { return slice(*options, stop); };
    });
}

} // namespace slicetool::commands
