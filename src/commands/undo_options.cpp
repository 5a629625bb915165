#include "commands/undo_options.hpp"

#include "base/error.hpp"
#include "commands/take_option.hpp"
#include "config/read_config.hpp"
#include "config/values.hpp"
#include "undo/folder.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <fmt/chrono.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace slicetool::commands {

namespace {

constexpr const char* k_group = "Undo";

/// The rows of a bad night of some ten million changes; a first copy takes next to nothing.
constexpr std::uint64_t k_default_max_bytes = 1024ULL * 1024 * 1024;

/// What the command line says, else the job, else the config's defaults.
config::Options said(const UndoChoices& choices, const Connections& connections)
{
    config::Options options;
    if (choices.off)
        options.undo = false;
    if (!choices.folder.empty())
        options.undo_dir = choices.folder;
    take(options.undo_max_size, choices.max_size, "--undo-max-size", &config::parse_size,
         config::k_expected_size);
    take(options.undo_when_full, choices.when_full, "--undo-when-full", &config::parse_when_full,
         config::k_expected_when_full);
    if (connections.job)
        options.fill_from(connections.job->options);
    options.fill_from(connections.defaults);
    return options;
}

undo::Limits limits(const config::Options& options, report::Reporter& reporter)
{
    undo::Limits limits;
    limits.max_bytes = options.undo_max_size.value_or(k_default_max_bytes);
    if (options.undo_when_full == config::WhenFull::go_on)
        limits.when_full = undo::WhenFull::go_on;
    limits.full = [&reporter](const std::string& sentence) {
        reporter.note("", report::Severity::warning, sentence);
    };
    return limits;
}

/// "42-20260131T031500Z-4711": the run's number in the state, if it has one, the time and the
/// process. Numbers begin anew with a new state.
std::string new_run(std::optional<std::int64_t> number, std::chrono::system_clock::time_point now)
{
    return fmt::format("{}{:%Y%m%dT%H%M%SZ}-{}", number ? fmt::format("{}-", *number) : "",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ::getpid());
}

} // namespace

void add_undo_options(CLI::App& command, UndoChoices& choices)
{
    command
        .add_flag("--no-undo", choices.off,
                  "Do not save the rows that are changed or deleted: nothing can be taken back")
        ->group(k_group);
    command
        .add_option("--undo-dir", choices.folder,
                    "Folder of the undo files (default: ~/.local/state/slicetool/undo, or below "
                    "XDG_STATE_HOME)")
        ->group(k_group)
        ->type_name("DIR");
    command
        .add_option("--undo-max-size", choices.max_size,
                    "The most that the undo file of this run may take (default 1G)")
        ->group(k_group)
        ->type_name("SIZE");
    command
        .add_option("--undo-when-full", choices.when_full,
                    "stop (the default): a table whose rows cannot be saved any more is not "
                    "changed; go-on: it is, and cannot be taken back")
        ->group(k_group);
}

std::string undo_folder(const UndoChoices& choices, const std::string& config_file)
{
    if (!choices.folder.empty())
        return choices.folder;
    std::optional<std::string> folder;
    if (!config_file.empty())
        folder = config::read_config(config_file).defaults.options.undo_dir;
    return folder ? *folder : undo::default_folder();
}

std::unique_ptr<undo::Writer> open_undo(const UndoChoices& choices, const Connections& connections,
                                        std::optional<std::int64_t> run, report::Reporter& reporter)
{
    const config::Options options = said(choices, connections);
    if (!options.undo.value_or(true))
        return nullptr;
    const std::string folder = options.undo_dir ? *options.undo_dir : undo::default_folder();
    undo::Limits bounds = limits(options, reporter);
    undo::prepare_folder(folder);
    if (const std::size_t gone = undo::prune(folder, undo::Retention{}); gone > 0)
        spdlog::info("{} old undo files in {} were deleted.", gone, folder);
    const auto now = std::chrono::system_clock::now();
    undo::Header header;
    header.run = new_run(run, now);
    header.started = static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(now));
    header.tool_version = k_version;
    header.upstream = connections.from.url();
    header.downstream = connections.to.url();
    const std::string path = undo::file_of(folder, header.run);
    return std::make_unique<undo::Writer>(path, std::move(header), std::move(bounds));
}

} // namespace slicetool::commands
