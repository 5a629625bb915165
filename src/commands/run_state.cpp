#include "commands/run_state.hpp"

#include "base/error.hpp"
#include "state/location.hpp"
#include "state/runs.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <utility>

namespace slicetool::commands {

void add_state_options(CLI::App& command, StateOptions& options)
{
    constexpr const char* k_group = "State";
    auto* file = command
                     .add_option("--state", options.file,
                                 "Remember runs in this file (default: "
                                 "~/.local/state/slicetool/state.sqlite)")
                     ->group(k_group)
                     ->type_name("FILE");
    command.add_flag("--no-state", options.none, "Remember nothing")
        ->group(k_group)
        ->excludes(file);
}

std::string state_path(const StateOptions& options, const std::optional<std::string>& in_config)
{
    if (options.none)
        return "";
    if (!options.file.empty())
        return options.file;
    if (in_config)
        return *in_config;
    std::string path = state::default_path();
    if (path.empty())
        throw base::UsageError("There is no home folder to keep the state in: name a file with "
                               "--state, or do without: --no-state.");
    return path;
}

RunState::RunState(StateOptions options)
    : m_options(std::move(options)), m_recorder(std::make_shared<state::RunRecorder>(m_keeper))
{
}

void RunState::begin(const std::string& command, const Connections& connections)
{
    m_command = command;
    m_downstream = connections.to.url();
    m_pair = state::pair_of(connections.from.url(), m_downstream);
    std::string path;
    try {
        path = state_path(m_options, connections.job ? connections.job->options.state_file
                                                     : connections.defaults.state_file);
    } catch (const base::UsageError& problem) {
        return complain(problem.what());
    }
    if (path.empty())
        return;
    m_keeper.open(path, [this](const std::string& sentence) { complain(sentence); });
    m_recorder->begin({k_version, command, connections.job_name, connections.from.describe(),
                       connections.to.describe(), m_pair, std::chrono::system_clock::now()});
}

void RunState::complete(report::ReportContext& context)
{
    constexpr std::size_t k_most_runs = 60; // as many as a report draws
    const auto id = m_recorder->run();
    if (!id)
        return;
    std::vector<report::RunLine> runs;
    if (!m_keeper.read([&](SQLite::Database& database) {
            runs = state::list_runs(database, {"", m_pair, m_command}, k_most_runs + 1);
        }))
        return;
    std::erase_if(runs, [&](const report::RunLine& run) { return run.id >= *id; });
    context.run_id = std::to_string(*id);
    context.history = std::move(runs);
}

void RunState::complain(const std::string& sentence) const
{
    if (const auto reporter = m_reporter.lock())
        reporter->note("", report::Severity::warning, sentence);
}

} // namespace slicetool::commands
