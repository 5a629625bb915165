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
    take(options.chunk_time, choices.chunk_time, "--chunk-time", &config::parse_chunk_time,
         config::k_expected_chunk_time);
    take(options.max_load, choices.max_load, "--max-load", &config::parse_max_load,
         config::k_expected_max_load);
    take(options.max_lag, choices.max_lag, "--max-lag", &config::parse_timeout,
         config::k_expected_timeout);
    take(options.rate, choices.rate, "--rate", &config::parse_size, config::k_expected_size);
    take(options.rate_rows, choices.rate_rows, "--rate-rows", &config::parse_rate_rows,
         config::k_expected_rate_rows);
    if (!choices.pause_file.empty())
        options.pause_file = choices.pause_file;
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

sync::LoadLimits load_limits(const config::Options& options)
{
    sync::LoadLimits limits;
    if (options.chunk_time)
        limits.chunk_time = *options.chunk_time;
    for (const auto& status : options.max_load.value_or(std::vector<config::MaxStatus>{}))
        limits.max_load.push_back({status.variable, status.most});
    limits.max_lag = options.max_lag;
    limits.bytes_per_second = options.rate;
    limits.rows_per_second = options.rate_rows;
    limits.pause_file = options.pause_file.value_or("");
    return limits;
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

void add_load_options(CLI::App& command, ScanChoices& choices)
{
    constexpr const char* k_group = "Load on the servers";
    command
        .add_option("--chunk-time", choices.chunk_time,
                    "How long a statement that fingerprints should take (default 0.5s)")
        ->group(k_group)
        ->type_name("TIME");
    command
        .add_option("--max-load", choices.max_load,
                    "Pause while a server shows more than this, for example Threads_running=25")
        ->group(k_group)
        ->type_name("STATUS=N");
    command
        .add_option("--max-lag", choices.max_lag,
                    "Pause while a --replica of downstream lags by more than this, such as 10s")
        ->group(k_group)
        ->type_name("TIME");
    command
        .add_option("--replica", choices.replicas,
                    "A replica of downstream for --max-lag: as --to; may be given several times")
        ->group(k_group)
        ->type_name("NAME|URL");
    command
        .add_option("--rate", choices.rate, "Copy at most so many bytes in a second, such as 10MiB")
        ->group(k_group)
        ->type_name("BYTES");
    command
        .add_option("--rate-rows", choices.rate_rows,
                    "Copy or delete at most so many rows in a second")
        ->group(k_group)
        ->type_name("N");
    command.add_option("--pause-file", choices.pause_file, "Pause while there is such a file")
        ->group(k_group)
        ->type_name("FILE");
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
    add_load_options(command, choices);
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
    options.follow = follow_options(job);
    options.listing.keys = choices.list_keys;
    options.delete_limit = delete_limit(common.max_delete);
    options.digest = digest(common);
    options.jobs = common.jobs.value_or(1);
    options.load = load_limits(common);
    return options;
}

void keep_lag(sync::RunOptions& run, const std::vector<base::Endpoint>& replicas)
{
    if (run.load.max_lag && replicas.empty())
        throw base::UsageError("--max-lag needs to know downstream's replicas: name them with "
                               "--replica, or with 'replicas' in the config.");
    run.load.replicas = replicas;
}

} // namespace slicetool::commands
