#pragma once

#include "commands/run_state.hpp"
#include "sync/watermarks.hpp"

namespace slicetool::commands {

/// Watermarks in the state file, for the downstream database of a run.
class RunWatermarks : public sync::Watermarks
{
public:
    /// After RunState::begin. The state must outlive this.
    explicit RunWatermarks(RunState& state) : m_state(state) {}

    std::vector<sync::Watermark> of(const std::string& table) override;
    void put(const std::string& table, const sync::Watermark& mark) override;

private:
    RunState& m_state;
};

} // namespace slicetool::commands
