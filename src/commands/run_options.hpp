#pragma once

#include "commands/common.hpp"
#include "sync/run.hpp"

#include <string>
#include <vector>

namespace slicetool::commands {

/// What slice and verify share on the command line.
struct ScanChoices
{
    std::vector<std::string> tables;
    std::vector<std::string> exclude;
    std::string zoom;
    std::string digest;
    std::string jobs;
    bool list_keys = false;
    std::string chunk_time;
    std::string max_load;
    std::string max_lag;
    std::vector<std::string> replicas;
    std::string rate;
    std::string rate_rows;
    std::string pause_file;
};

void add_scan_options(CLI::App& command, ScanChoices& choices);

/// The engine's options from the command line and, where that is silent, the job. Throws
/// base::UsageError.
sync::RunOptions scan_options(const ScanChoices& choices, const std::string& max_delete,
                              const std::optional<config::Job>& job,
                              const config::Options& defaults);

/// --max-lag is kept on these replicas; throws base::UsageError where it has none.
void keep_lag(sync::RunOptions& run, const std::vector<base::Endpoint>& replicas);

} // namespace slicetool::commands
