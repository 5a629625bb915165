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
};

void add_scan_options(CLI::App& command, ScanChoices& choices);

/// The engine's options from the command line and, where that is silent, the job. Throws
/// base::UsageError.
sync::RunOptions scan_options(const ScanChoices& choices, const std::string& max_delete,
                              const std::optional<config::Job>& job,
                              const config::Options& defaults);

} // namespace slicetool::commands
