#include "base/error.hpp"
#include "commands/allowance_options.hpp"
#include "commands/alternation.hpp"
#include "commands/attempts.hpp"
#include "commands/command.hpp"
#include "commands/mask_key.hpp"
#include "commands/run_options.hpp"
#include "commands/run_proofs.hpp"
#include "commands/run_watermarks.hpp"
#include "commands/undo_options.hpp"
#include "config/values.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
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
    bool resume = false;
    std::string resume_max_age = "1h";
    unsigned retries = 0;
    bool no_local = false;
    sync::Allowances allowances;
    UndoChoices undo;
};

std::chrono::seconds age_of(const std::string& text)
{
    const auto age = config::parse_age(text);
    if (!age)
        throw base::UsageError(
            fmt::format("--resume-max-age must be {}, not '{}'.", config::k_expected_age, text));
    return *age;
}

int slice(const SliceOptions& options, const base::StopToken& stop)
{
    const ListsRows lists_rows = options.scan.list_keys ? ListsRows::yes : ListsRows::no;
    return tell_run(options.telling, lists_rows, [&](Telling& reporter, RunState& state) {
        Connections connections = resolve(options.connection, options.scan.replicas);
        reporter.add_files_of(connections);
        warn(reporter, connections.warnings);
        std::unique_ptr<sync::Alternator> alternator;
        with_attempts(options.retries, reporter, stop, [&](report::Reporter& attempt) {
            alternator = begin_alternation(connections, attempt);
            return 0;
        });
        state.begin("slice", connections);
        sync::RunOptions run =
            scan_options(options.scan, options.max_delete, connections.job, connections.defaults);
        run.command = "slice";
        run.mode = options.dry_run ? sync::Mode::compare : sync::Mode::make_equal;
        run.dry_run = options.dry_run;
        run.lite = options.lite;
        run.allowances = options.allowances;
        run.local = !options.no_local;
        const auto undo = options.dry_run ? nullptr
                                          : open_undo(options.undo, connections,
                                                      state.recorder()->run(), reporter);
        run.undo = undo.get();
        RunProofs proofs(state, options.resume ? Resume::yes : Resume::no, reporter);
        run.proven = &proofs;
        RunWatermarks watermarks(state);
        run.watermarks = &watermarks;
        run.resume_max_age = age_of(options.resume_max_age);
        keep_lag(run, connections.replicas);
        const base::Endpoint from = with_mask_key(connections.from, run, connections.job);
        const bool covers_job = options.scan.tables.empty() && options.scan.exclude.empty();
        return with_attempts(options.retries, reporter, stop, [&](report::Reporter& attempt) {
            if (alternator)
                alternator->keep_lock();
            if (alternator && !run.dry_run)
                alternator->begin();
            const auto summary = sync::run(from, connections.to, run, attempt, stop);
            end_alternation(alternator.get(), summary, run, covers_job, attempt);
            return summary.exit_status();
        });
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
    auto* dry_run =
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
    add_row_allowances(*command, options->allowances);
    command
        ->add_flag("--no-local", options->no_local,
                   "Let rows travel through this program even where one server has both sides")
        ->group(k_group);
    add_undo_options(*command, options->undo);
    constexpr const char* k_failures = "Failures";
    auto* resume = command
                       ->add_flag("--resume", options->resume,
                                  "Do not look again at what the slice before this one, which "
                                  "failed or was interrupted, had proven")
                       ->group(k_failures)
                       ->excludes(dry_run);
    command
        ->add_option("--resume-max-age", options->resume_max_age,
                     "Older proofs do not count: 30m, 12h, 2d")
        ->group(k_failures)
        ->type_name("AGE")
        ->needs(resume)
        ->capture_default_str();
    add_retry_option(*command, options->retries);
    add_telling_options(*command, options->telling);
    add_state_options(*command, options->telling.state);
    command->callback([options, &action] {
        action = [options](const base::StopToken& stop) { return slice(*options, stop); };
    });
}

} // namespace slicetool::commands
