#include "sync/undo.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "commands/allowance_options.hpp"
#include "commands/command.hpp"
#include "commands/common.hpp"
#include "commands/undo_options.hpp"
#include "config/read_config.hpp"
#include "report/screen.hpp"
#include "state/file.hpp"
#include "state/proofs.hpp"
#include "state/watermarks.hpp"
#include "undo/folder.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fmt/chrono.h>
#include <memory>

namespace slicetool::commands {

namespace {

struct UndoCommand
{
    ConnectionOptions connection;
    TellingOptions telling;
    UndoChoices choices; ///< the folder alone
    std::string run;
    std::vector<std::string> tables;
    bool dry_run = false;
    bool force = false;
    bool moved_server = false;
    bool list = false;
    sync::Allowances allowances;
};

/// What --to names, or nothing.
std::string wanted_url(const UndoCommand& options)
{
    std::vector<std::string> warnings;
    return options.connection.to.empty()
               ? ""
               : resolve_downstream(options.connection, "", warnings).url();
}

/// Several files may be meant: which one is for the user to say.
[[noreturn]] void refuse_ambiguous(const std::string& what, const std::vector<undo::Header>& meant)
{
    std::string list;
    for (const auto& header : meant)
        list += fmt::format("\n  {}  {}", header.run, header.downstream);
    throw base::UsageError(fmt::format(
        "{} Name one of them (or say with --to which database is meant):{}", what, list));
}

/// The newest file, if all are of one database; or of those that --to was written by.
std::string last_file(const UndoCommand& options, const std::string& folder)
{
    const std::string url = wanted_url(options);
    std::string path;
    std::vector<undo::Header> newest; // of each database
    for (const auto& file : undo::list_files(folder)) {
        if (!file.header || (!url.empty() && file.header->downstream != url))
            continue;
        if (path.empty())
            path = file.path;
        if (std::none_of(newest.begin(), newest.end(), [&](const undo::Header& header) {
                return header.downstream == file.header->downstream;
            }))
            newest.push_back(*file.header);
    }
    if (newest.size() > 1)
        refuse_ambiguous("The runs that can be taken back wrote to several databases; these are "
                         "the last ones of each.",
                         newest);
    if (!path.empty())
        return path;
    throw base::UsageError(fmt::format("There is no undo file{} in {}.",
                                       url.empty() ? "" : " of a run that wrote to " + url,
                                       folder));
}

/// A path, "last", or the number or name of a run.
std::string file_of(const UndoCommand& options)
{
    if (options.run.find('/') != std::string::npos || options.run.ends_with(undo::k_suffix))
        return options.run;
    const std::string folder = undo_folder(options.choices, options.connection.config_file);
    if (options.run == "last")
        return last_file(options, folder);
    const std::string url = wanted_url(options);
    std::vector<std::string> known;
    std::vector<undo::Header> meant;
    std::string path;
    for (const auto& file : undo::list_files(folder)) {
        if (file.header && file.header->run == options.run)
            return file.path;
        if (!file.header)
            continue;
        known.push_back(file.header->run);
        if (file.header->run.starts_with(options.run + "-") &&
            (url.empty() || file.header->downstream == url)) {
            path = file.path;
            meant.push_back(*file.header);
        }
    }
    if (meant.size() > 1) // each state file counts for itself
        refuse_ambiguous(fmt::format("Several runs have the number {}.", options.run), meant);
    if (!path.empty())
        return path;
    const auto nearest = base::nearest(options.run, known);
    throw base::UsageError(
        fmt::format("There is no undo file of a run {} in {}{} See slicetool undo --list.",
                    options.run, folder, nearest ? "; did you mean " + *nearest + "?" : "."));
}

std::string line_of(const undo::Listed& file)
{
    if (!file.header)
        return fmt::format("{}: cannot be read, or was never begun\n", file.path);
    return fmt::format("{:<26}  {:%Y-%m-%d %H:%M:%S} UTC  {:>8}  {}\n", file.header->run,
                       fmt::gmtime(static_cast<std::time_t>(file.header->started)),
                       base::format_bytes(file.bytes), file.header->downstream);
}

int list(const UndoCommand& options)
{
    const std::string folder = undo_folder(options.choices, options.connection.config_file);
    const auto files = undo::list_files(folder);
    std::string text;
    for (const auto& file : files)
        text += line_of(file);
    report::Screen::of_process()->print_out(
        text.empty() ? fmt::format("There are no undo files in {}.\n", folder) : text);
    return 0;
}

/// The state file, if a run has made one here.
std::unique_ptr<state::File> open_state(const UndoCommand& options)
{
    std::optional<std::string> configured;
    if (const auto& config = options.connection.config_file; !config.empty())
        configured = config::read_config(config).defaults.options.state_file;
    std::error_code trouble;
    std::string path;
    try {
        path = state_path(options.telling.state, configured);
    } catch (const base::UsageError&) { // there is no home, so no file in it
    }
    if (path.empty() || !std::filesystem::exists(path, trouble))
        return nullptr;
    return std::make_unique<state::File>(path, state::File::Missing::refuse);
}

/// What is taken back is older than the watermarks of lite steps say, and than what was proven.
void forget_table(const UndoCommand& options, const std::string& downstream,
                  const std::string& table, report::Reporter& reporter)
{
    try {
        if (const auto file = open_state(options))
            file->write([&](SQLite::Database& database) {
                state::forget_watermarks(database, downstream, table);
                state::forget_proofs(database, downstream, table);
            });
    } catch (const state::Error& trouble) {
        reporter.note(table, report::Severity::warning,
                      fmt::format("{} So lite steps and --resume do not learn that this table is "
                                  "taken back: let a slice without them come first.",
                                  trouble.what()));
    }
}

int undo_run(const UndoCommand& options, const base::StopToken& stop)
{
    return tell_run(options.telling, ListsRows::yes, [&](Telling& reporter, RunState&) {
        const undo::Reader file(file_of(options));
        std::vector<std::string> warnings;
        const base::Endpoint downstream =
            resolve_downstream(options.connection, file.header().downstream, warnings);
        warn(reporter, warnings);
        sync::UndoOptions undo;
        undo.tables = split_names(options.tables);
        undo.dry_run = options.dry_run;
        undo.force = options.force;
        undo.moved_server = options.moved_server;
        undo.allowances = options.allowances;
        undo.before_table = [&](const std::string& table) {
            forget_table(options, file.header().downstream, table, reporter);
        };
        return sync::undo(downstream, file, undo, reporter, stop).exit_status();
    });
}

int undo(const UndoCommand& options, const base::StopToken& stop)
{
    if (options.list)
        return list(options);
    if (options.run.empty())
        throw base::UsageError("Name the run to take back, or last, or an undo file; slicetool "
                               "undo --list tells which there are.");
    return undo_run(options, stop);
}

} // namespace

void register_undo(CLI::App& app, Action& action)
{
    auto options = std::make_shared<UndoCommand>();
    CLI::App* command = app.add_subcommand(
        "undo", "Take one run's changes back; rows that were changed since are refused and listed");
    command->add_option("RUN", options->run,
                        "A run's number or name, last, or the path of an undo file");
    add_downstream_options(*command, options->connection);
    command->add_option("--tables", options->tables, "Only these tables, separated by commas")
        ->group("Tables");
    constexpr const char* k_group = "Writing";
    command->add_flag("-n,--dry-run", options->dry_run, "Only look: tell what would be restored")
        ->group(k_group);
    command
        ->add_flag("--force", options->force,
                   "Also restore rows that were changed since, which loses those changes")
        ->group(k_group);
    command
        ->add_flag("--moved-server", options->moved_server,
                   "Downstream is the server that the run wrote to, although its name, port, data "
                   "folder or UUID is another one now")
        ->group(k_group);
    add_row_allowances(*command, options->allowances);
    constexpr const char* k_files = "Undo";
    command->add_flag("--list", options->list, "List the undo files, the newest first")
        ->group(k_files);
    command
        ->add_option("--undo-dir", options->choices.folder,
                     "Folder of the undo files (default: ~/.local/state/slicetool/undo, or below "
                     "XDG_STATE_HOME)")
        ->group(k_files)
        ->type_name("DIR");
    add_telling_options(*command, options->telling);
    add_state_options(*command, options->telling.state);
    command->callback([options, &action] {
        action = [options](const base::StopToken& stop) { return undo(*options, stop); };
    });
}

} // namespace slicetool::commands
