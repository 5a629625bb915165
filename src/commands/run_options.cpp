#include "commands/run_options.hpp"

#include "base/error.hpp"
#include "commands/table_orders.hpp"
#include "commands/take_option.hpp"
#include "config/values.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace slicetool::commands {

namespace {

config::Options said_on_command_line(const ScanChoices& choices, const std::string& max_delete)
{
    config::Options options;
    take(options.zoom, choices.zoom, "--zoom", &config::parse_zoom, config::k_expected_zoom);
    take(options.digest, choices.digest, "--digest", &config::parse_digest,
         config::k_expected_digest);
    take(options.jobs, choices.jobs, "--jobs", &config::parse_jobs, config::k_expected_jobs);
    take(options.max_delete, max_delete, "--max-delete", &config::parse_max_delete,
         config::k_expected_max_delete);
    return options;
}

sync::DeleteLimit delete_limit(const std::optional<config::MaxDelete>& said)
{
    sync::DeleteLimit limit;
    if (!said)
        return limit;
    limit.rows = said->rows;
    if (said->percent) {
        limit.fraction = *said->percent / 100;
        limit.at_least = 0;
    }
    return limit;
}

std::optional<hash::DigestKind> digest(const config::Options& options)
{
    switch (options.digest.value_or(config::DigestChoice::automatic)) {
    case config::DigestChoice::md5:
        return hash::DigestKind::md5;
    case config::DigestChoice::sha256:
        return hash::DigestKind::sha256;
    case config::DigestChoice::automatic:
        break;
    }
    return std::nullopt;
}

} // namespace

void add_scan_options(CLI::App& command, ScanChoices& choices)
{
    constexpr const char* k_group = "Tables";
    command
        .add_option(
            "--tables", choices.tables,
            "Only these tables, separated by commas (default: the job's, else every base table)")
        ->group(k_group);
    command.add_option("--exclude", choices.exclude, "All but these tables")->group(k_group);
    command
        .add_option("--zoom", choices.zoom,
                    "auto, or range sizes from coarse to fine, such as 1000,1")
        ->group("Scan");
    command.add_option("--digest", choices.digest, "auto, md5 or sha256")->group("Scan");
    command
        .add_option("--jobs", choices.jobs,
                    "Pairs of sessions that work at the same time (default 1)")
        ->group("Scan")
        ->type_name("N");
    command.add_flag("--list-keys", choices.list_keys, "List the key of every row that differs")
        ->group("Scan");
}

sync::RunOptions scan_options(const ScanChoices& choices, const std::string& max_delete,
                              const std::optional<config::Job>& job,
                              const config::Options& defaults)
{
    config::Options common = said_on_command_line(choices, max_delete);
    const std::optional<config::Zoom> zoom = common.zoom;
    if (job)
        common.fill_from(job->options);
    common.fill_from(defaults);
    sync::RunOptions options;
    options.tables = table_orders(split_names(choices.tables), common, zoom, job);
    options.default_choices.zoom = common.zoom.value_or(config::Zoom{}).sizes;
    options.exclude = split_names(choices.exclude);
    options.listing.keys = choices.list_keys;
    options.delete_limit = delete_limit(common.max_delete);
    options.digest = digest(common);
    options.jobs = common.jobs.value_or(1);
    return options;
}

} // namespace slicetool::commands
