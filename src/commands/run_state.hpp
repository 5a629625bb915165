#pragma once

#include "commands/connection_options.hpp"
#include "report/html_document.hpp"
#include "report/reporter.hpp"
#include "state/keeper.hpp"
#include "state/run_recorder.hpp"

#include <memory>
#include <optional>
#include <string>

namespace slicetool::commands {

/// The options that say where runs are remembered.
struct StateOptions
{
    std::string file; ///< empty: the config's, else the user's own
    bool none = false;
};

void add_state_options(CLI::App& command, StateOptions& options);

/// The file that the options mean, else the config's, else the user's own; empty: none. Throws
/// base::UsageError when the user has no home.
std::string state_path(const StateOptions& options, const std::optional<std::string>& in_config);

/// What this run finds of earlier ones, and leaves for later ones. Trouble with the file is a
/// warning, never a failure.
class RunState
{
public:
    explicit RunState(StateOptions options);

    /// Keeps what the run tells, once `begin` was called.
    const std::shared_ptr<state::RunRecorder>& recorder() const { return m_recorder; }

    /// Whom to tell of trouble, as long as it lives.
    void complain_to(const std::weak_ptr<report::Reporter>& reporter) { m_reporter = reporter; }

    /// To be called when it is known which databases are meant.
    void begin(const std::string& command, const Connections& connections);

    /// Adds the run's number, and earlier runs of the same command between the same databases.
    void complete(report::ReportContext& context);

    /// For what else is to be remembered; it may not work.
    state::Keeper& keeper() { return m_keeper; }

    /// Which two databases this run is about: both URLs, without passwords.
    const std::string& pair() const { return m_pair; }

    /// Downstream's URL, without password.
    const std::string& downstream() const { return m_downstream; }

private:
    void complain(const std::string& sentence) const;

    const StateOptions m_options;
    std::weak_ptr<report::Reporter> m_reporter;
    std::string m_pair;
    std::string m_downstream;
    std::string m_command;
    state::Keeper m_keeper;
    std::shared_ptr<state::RunRecorder> m_recorder;
};

} // namespace slicetool::commands
