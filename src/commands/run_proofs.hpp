#pragma once

#include "commands/run_state.hpp"
#include "state/proofs.hpp"
#include "sync/proven_ranges.hpp"

#include <map>
#include <mutex>

namespace slicetool::commands {

enum class Resume { no, yes };

/// Keeps what a run proves, and finds what the one before it had proven, in the state file.
class RunProofs : public sync::ProvenRanges
{
public:
    /// After RunState::begin. With Resume::yes it tells which run is resumed, or why none is.
    RunProofs(RunState& state, Resume resume, report::Reporter& reporter);

    std::optional<sync::ProvenBefore> before(const std::string& table) override;
    void begin(const std::string& table, const sync::ProofTerms& terms,
               const std::optional<sync::ProvenBefore>& kept) override;
    void prefix(const std::string& table, const sync::Bound& below, std::uint64_t rows) override;
    void whole(const std::string& table, std::uint64_t rows) override;

private:
    void choose_run(report::Reporter& reporter);
    std::optional<state::Proof> find(const std::string& table);
    void keep(const state::Proof& proof);

    RunState& m_state;
    const Resume m_resume;
    const std::chrono::system_clock::time_point m_began;
    std::optional<std::int64_t> m_resumed; ///< the run

    std::mutex m_mutex; ///< of what follows
    std::map<std::string, state::Proof> m_proofs;
    std::map<std::string, state::Proof> m_found; ///< by before(), until begin()
};

} // namespace slicetool::commands
