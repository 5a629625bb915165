#include "commands/undo_options.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
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

undo::Limits limits(const UndoChoices& choices, report::Reporter& reporter)
{
    undo::Limits limits;
    limits.max_bytes = k_default_max_bytes;
    if (!choices.max_size.empty()) {
        const auto bytes = base::parse_bytes(choices.max_size);
        if (!bytes)
            throw base::UsageError(fmt::format(
                "--undo-max-size must be a size such as 500M or 2G, not '{}'.", choices.max_size));
        limits.max_bytes = *bytes;
    }
    if (choices.when_full == "go-on")
        limits.when_full = undo::WhenFull::go_on;
    else if (!choices.when_full.empty() && choices.when_full != "stop")
        throw base::UsageError(
            fmt::format("--undo-when-full must be stop or go-on, not '{}'.", choices.when_full));
    limits.full = [&reporter](const std::string& sentence) {
        reporter.note("", report::Severity::warning, sentence);
    };
    return limits;
}

/// "20260131T031500Z-4711": sorts by time, and names the process.
std::string new_run(std::chrono::system_clock::time_point now)
{
    return fmt::format("{:%Y%m%dT%H%M%SZ}-{}",
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

std::string undo_folder(const UndoChoices& choices)
{
    return choices.folder.empty() ? undo::default_folder() : choices.folder;
}

std::unique_ptr<undo::Writer> open_undo(const UndoChoices& choices, const Connections& connections,
                                        report::Reporter& reporter)
{
    if (choices.off)
        return nullptr;
    const std::string folder = undo_folder(choices);
    undo::Limits bounds = limits(choices, reporter);
    undo::prepare_folder(folder);
    if (const std::size_t gone = undo::prune(folder, undo::Retention{}); gone > 0)
        spdlog::info("{} old undo files in {} were deleted.", gone, folder);
    const auto now = std::chrono::system_clock::now();
    undo::Header header;
    header.run = new_run(now);
    header.started = static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(now));
    header.tool_version = k_version;
    header.upstream = connections.from.url();
    header.downstream = connections.to.url();
    const std::string path = undo::file_of(folder, header.run);
    return std::make_unique<undo::Writer>(path, std::move(header), std::move(bounds));
}

} // namespace slicetool::commands
