#pragma once

#include "commands/run_state.hpp"
#include "sync/watermarks.hpp"

namespace slicetool::commands {

/// Watermarks in the state file, for the two databases of a run.
class RunWatermarks : public sync::Watermarks
{
public:
    /// After RunState::begin. The state must outlive this.
    explicit RunWatermarks(RunState& state) : m_state(state) {}

    std::optional<std::string> of(const std::string& table, const std::string& column) override;
    void remember(const std::string& table, const std::string& column,
                  const std::string& value) override;

private:
    RunState& m_state;
};

} // namespace slicetool::commands
