#pragma once

#include "report/reporter.hpp"

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::report {

/// How many tables of a run ended in one way.
struct OutcomeCount
{
    std::string word; ///< of an Outcome or a SchemaAction; "unfinished"
    std::uint64_t tables = 0;
};

/// One run in a list of runs.
struct RunLine
{
    std::int64_t id = 0;
    std::string command;
    std::string job;  ///< empty: the endpoints were given
    std::string from; ///< endpoints in words, without passwords
    std::string to;
    std::chrono::system_clock::time_point started;
    std::optional<std::chrono::system_clock::time_point> ended; ///< empty: not yet, or never
    Seconds elapsed{0};  ///< of a run that ended, like what follows
    int exit_status = 0; ///<
    std::string failure;
    std::vector<OutcomeCount> outcomes; ///< without zeros
    std::uint64_t differing = 0;        ///< rows that differed
    std::uint64_t copied = 0;
    std::uint64_t deleted = 0;
};

/// Two lines for each run, within `width` columns. Times are this machine's.
std::string run_list_text(const std::vector<RunLine>& runs, std::size_t width);

/// The same for programs; docs/exit-status-and-json.md.
nlohmann::ordered_json run_list_document(const std::vector<RunLine>& runs);

} // namespace slicetool::report
