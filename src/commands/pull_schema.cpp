#include "sync/pull_schema.hpp"
#include "commands/allowance_options.hpp"
#include "commands/alternation.hpp"
#include "commands/command.hpp"
#include "commands/common.hpp"
#include "commands/table_orders.hpp"
#include "db/session.hpp"
#include "sync/guards.hpp"
#include "sync/run_lock.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <initializer_list>
#include <memory>
#include <optional>

namespace slicetool::commands {

namespace {

struct PullSchemaChoices
{
    ConnectionOptions connection;
    TellingOptions telling;
    std::vector<std::string> tables;
    std::vector<std::string> exclude;
    std::vector<std::string> recreate;
    bool keep_foreign_keys = false;
    bool alter = false;
    bool drop = false;
    bool dry_run = false;
    sync::Allowances allowances;
};

bool has_step(const config::TableEntry& entry, std::initializer_list<config::StepKind> kinds)
{
    return std::any_of(entry.steps.begin(), entry.steps.end(), [&](const config::Step& step) {
        return std::find(kinds.begin(), kinds.end(), step.kind) != kinds.end();
    });
}

/// --tables, else the tables of the job that are not skipped; none: all. Those whose rows come from
/// queries or statements need not exist upstream.
void choose_tables(const PullSchemaChoices& choices, const std::optional<config::Job>& job,
                   sync::PullSchemaOptions& options)
{
    using config::StepKind;
    options.tables = split_names(choices.tables);
    if (!options.tables.empty() || !job)
        return;
    for (const auto& entry : job->tables) {
        if (is_skipped(entry))
            continue;
        options.tables.push_back(entry.name);
        if (!entry.steps.empty() &&
            !has_step(entry, {StepKind::sync, StepKind::lite, StepKind::keys}))
            options.optional.push_back(entry.name);
    }
}

int pull_schema(const PullSchemaChoices& choices, const base::StopToken& stop)
{
    sync::PullSchemaOptions options;
    options.exclude = split_names(choices.exclude);
    options.recreate = split_names(choices.recreate);
    options.foreign_keys =
        choices.keep_foreign_keys ? sql::ForeignKeys::keep : sql::ForeignKeys::leave_out;
    options.alter = choices.alter;
    options.drop_columns = choices.drop;
    options.dry_run = choices.dry_run;
    options.stop = stop;
    return tell_run(choices.telling, ListsRows::no, [&](Telling& reporter, RunState& state) {
        Connections connections = resolve(choices.connection);
        reporter.add_files_of(connections);
        warn(reporter, connections.warnings);
        const auto alternator = begin_alternation(connections, reporter);
        state.begin("pull_schema", connections);
        choose_tables(choices, connections.job, options);
        std::optional<sync::RunLock> lock;
        if (!choices.dry_run) {
            sync::refuse_protected(connections.to);
            lock.emplace(connections.to);
        }
        db::Session upstream = db::Session::open(connections.from, db::Role::reader);
        db::Session downstream = db::Session::open(connections.to, db::Role::writer);
        sync::refuse_same_database(upstream, downstream);
        if (!choices.dry_run)
            sync::refuse_unwritable(downstream, choices.allowances);
        reporter.run_started({"pull_schema", connections.from.describe(), connections.to.describe(),
                              upstream.server().version, downstream.server().version, "", 0, 1,
                              choices.dry_run, "", upstream.server().identity,
                              downstream.server().identity});
        return sync::pull_schema(upstream, downstream, options, reporter).exit_status();
    });
}

} // namespace

void register_pull_schema(CLI::App& app, Action& action)
{
    auto choices = std::make_shared<PullSchemaChoices>();
    CLI::App* command =
        app.add_subcommand("pull_schema", "Create the missing downstream tables; tell, or with "
                                          "--alter repair, how the others differ");
    command->alias("pull-schema");
    add_connection_options(*command, choices->connection);
    constexpr const char* k_tables = "Tables";
    command->add_option("--tables", choices->tables, "Only these tables, separated by commas")
        ->group(k_tables);
    command->add_option("--exclude", choices->exclude, "All but these tables")->group(k_tables);
    constexpr const char* k_group = "Writing";
    command->add_flag("-n,--dry-run", choices->dry_run, "Print the statements, run none")
        ->group(k_group);
    command
        ->add_flag("--keep-foreign-keys", choices->keep_foreign_keys,
                   "Create the foreign keys, too")
        ->group(k_group);
    command->add_flag("--alter", choices->alter, "Repair the definitions that differ")
        ->group(k_group);
    command->add_flag("--drop", choices->drop, "With --alter: drop what exists downstream only")
        ->group(k_group);
    command
        ->add_option("--recreate", choices->recreate,
                     "Drop these downstream tables, with their rows, and create them again")
        ->group(k_group);
    add_server_allowances(*command, choices->allowances);
    add_telling_options(*command, choices->telling);
    add_state_options(*command, choices->telling.state);
    command->callback([choices, &action] {
        action = [choices](const base::StopToken& stop) { return pull_schema(*choices, stop); };
    });
}

} // namespace slicetool::commands
