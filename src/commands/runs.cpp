#include "state/runs.hpp"
#include "base/error.hpp"
#include "base/new_file.hpp"
#include "base/text.hpp"
#include "commands/command.hpp"
#include "commands/exit_status.hpp"
#include "commands/run_state.hpp"
#include "config/read_config.hpp"
#include "config/values.hpp"
#include "report/html_document.hpp"
#include "report/json_document.hpp"
#include "report/run_text.hpp"
#include "report/screen.hpp"
#include "report/terminal.hpp"
#include "report/time_text.hpp"
#include "state/retention.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sys/stat.h>

namespace slicetool::commands {

namespace {

struct RunsOptions
{
    StateOptions state;
    std::string config_file;
    bool json = false;
    // list
    std::string job;
    std::size_t limit = 20;
    // show
    std::string id;
    std::string html_file;
    // prune
    std::optional<std::size_t> keep;
    std::string older_than;
};

void print(const std::string& text)
{
    report::Screen::of_process()->print_out(text);
}

void print(const nlohmann::ordered_json& document)
{
    print(document.dump(2) + "\n");
}

std::optional<std::string> configured_state(const RunsOptions& options)
{
    if (options.config_file.empty())
        return std::nullopt;
    const auto config = config::read_config(options.config_file);
    return options.job.empty() ? config.defaults.options.state_file
                               : config::find_job(config, options.job).options.state_file;
}

/// The file that the options mean. Empty when no run has made it yet.
std::unique_ptr<state::File> open_state(const RunsOptions& options)
{
    const std::string path = state_path(options.state, configured_state(options));
    std::error_code trouble;
    if (!std::filesystem::exists(path, trouble))
        return nullptr;
    return std::make_unique<state::File>(path, state::File::Missing::refuse);
}

int list(const RunsOptions& options)
{
    std::vector<report::RunLine> runs;
    if (const auto file = open_state(options))
        file->read([&](SQLite::Database& database) {
            runs = state::list_runs(database, {options.job, "", ""}, options.limit);
        });
    if (options.json)
        print(report::run_list_document(runs));
    else
        print(report::run_list_text(runs, report::Terminal::of_process().size().columns));
    return k_exit_equal;
}

/// Empty: the last.
std::optional<std::int64_t> number_of(const std::string& id)
{
    if (id == "last")
        return std::nullopt;
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (problem != std::errc() || end != id.data() + id.size())
        throw base::UsageError(
            fmt::format("A run is named by its number, or 'last', not '{}'.", id));
    return number;
}

state::StoredRun find_run(const RunsOptions& options)
{
    const auto number = number_of(options.id);
    std::optional<state::StoredRun> run;
    if (const auto file = open_state(options))
        file->read([&](SQLite::Database& database) {
            if (const auto wanted = number ? number : state::last_run(database))
                run = state::load_run(database, *wanted);
        });
    if (!run)
        throw base::UsageError(
            options.id == "last"
                ? "There is no run yet."
                : fmt::format("There is no run {}: `slicetool runs` lists those that are kept.",
                              options.id));
    return std::move(*run);
}

/// As a run's --report does, but without the runs before it.
int write_page(const state::StoredRun& run, const std::string& file)
{
    const report::ReportContext context{run.tool_version, report::rfc3339(run.line.started),
                                        std::to_string(run.line.id), std::nullopt};
    base::NewFile page(file, S_IRUSR | S_IWUSR);
    page.write(report::html_document(run.record, context));
    page.take_place();
    return k_exit_equal;
}

int show(const RunsOptions& options)
{
    const auto run = find_run(options);
    if (!options.html_file.empty())
        return write_page(run, options.html_file);
    if (options.json)
        print(
            report::json_document(run.record, run.tool_version, report::rfc3339(run.line.started)));
    else {
        const auto terminal = report::Terminal::of_process();
        print(report::run_text(run.line, run.record, terminal.size().columns,
                               terminal.colour_out ? report::Colour::yes : report::Colour::no));
    }
    return k_exit_equal;
}

state::Retention retention_of(const RunsOptions& options)
{
    if (!options.keep && options.older_than.empty())
        return state::k_retention;
    state::Retention retention{options.keep, std::nullopt};
    if (!options.older_than.empty()) {
        const auto age = config::parse_age(options.older_than);
        if (!age)
            throw base::UsageError(fmt::format("--older-than must be {}, not '{}'.",
                                               config::k_expected_age, options.older_than));
        retention.longest = *age;
    }
    return retention;
}

int prune(const RunsOptions& options)
{
    const auto retention = retention_of(options);
    std::size_t gone = 0;
    if (const auto file = open_state(options)) {
        file->write([&](SQLite::Database& database) {
            gone = state::prune_runs(database, retention, std::chrono::system_clock::now());
        });
        file->shrink();
    }
    print(fmt::format("{} forgotten.\n", base::count_of(gone, "run", "runs")));
    return k_exit_equal;
}

using Run = int (*)(const RunsOptions&);

void set_callback(CLI::App* command, Action& action, const std::shared_ptr<RunsOptions>& options,
                  Run run)
{
    command->callback([command, &action, options, run] {
        if (command->get_subcommands().empty())
            action = [options, run](const base::StopToken&) { return run(*options); };
    });
}

} // namespace

void register_runs(CLI::App& app, Action& action)
{
    auto options = std::make_shared<RunsOptions>();
    CLI::App* command = app.add_subcommand(
        "runs", "List the runs that are remembered; show one again; forget some");
    command->require_subcommand(0, 1);
    command->add_option("--job", options->job, "Only runs of this job");
    command->add_option("--limit", options->limit, "At most so many, the newest")
        ->type_name("N")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print one JSON document");
    command
        ->add_option("--config", options->config_file,
                     "YAML file that may say where runs are remembered: in `defaults`, or with "
                     "--job in that job")
        ->type_name("FILE");
    command
        ->add_option("--state", options->state.file,
                     "The file to look in (default: the config's, else "
                     "~/.local/state/slicetool/state.sqlite)")
        ->type_name("FILE");
    set_callback(command, action, options, &list);

    CLI::App* show_command =
        command->add_subcommand("show", "Print a run's report again (but no differing rows)");
    show_command->fallthrough();
    show_command->add_option("run", options->id, "Its number, or 'last'")->required();
    show_command
        ->add_option("--html", options->html_file, "Write it to this file as a page of HTML")
        ->type_name("FILE");
    set_callback(show_command, action, options, &show);

    CLI::App* prune_command = command->add_subcommand(
        "prune", "Forget runs: those that are old or many, as each run does by itself");
    prune_command->fallthrough();
    prune_command->add_option("--keep", options->keep, "Keep the newest N")->type_name("N");
    prune_command->add_option("--older-than", options->older_than, "Forget older ones: 12h, 90d")
        ->type_name("AGE");
    set_callback(prune_command, action, options, &prune);
}

} // namespace slicetool::commands
