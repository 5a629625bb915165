#include "commands/run_proofs.hpp"

#include "report/time_text.hpp"
#include "state/runs.hpp"

#include <fmt/format.h>
#include <sstream>
#include <utility>

namespace slicetool::commands {

namespace {

using Clock = std::chrono::system_clock;

/// A line for each, "DIGEST NAME".
std::string text_of(const sync::ProofTerms& terms)
{
    std::string text;
    for (const auto& [name, digest] : terms)
        text += fmt::format("{} {}\n", digest, name);
    return text;
}

sync::ProofTerms terms_of(const std::string& text)
{
    sync::ProofTerms terms;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (const auto space = line.find(' '); space != std::string::npos)
            terms.emplace(line.substr(space + 1), line.substr(0, space));
    }
    return terms;
}

std::string describe(std::int64_t run, Clock::time_point started)
{
    return fmt::format("run {} of {}", run, report::local_time(started));
}

} // namespace

RunProofs::RunProofs(RunState& state, Resume resume, report::Reporter& reporter)
    : m_state(state), m_resume(resume), m_began(Clock::now())
{
    if (resume == Resume::yes)
        choose_run(reporter);
}

void RunProofs::choose_run(report::Reporter& reporter)
{
    const auto own = m_state.recorder()->run();
    std::optional<report::RunLine> last;
    std::optional<report::RunLine> other;
    m_state.keeper().read([&](SQLite::Database& database) {
        last = state::run_before(database, own.value_or(0), m_state.pair());
        if (last)
            other = state::other_slice_between(database, last->id, own.value_or(0), m_state.pair(),
                                               m_state.downstream());
    });
    const auto tell = [&](const std::string& sentence) {
        reporter.note("", report::Severity::info, sentence);
    };
    if (!last)
        return tell("There is nothing to resume: no slice of these two databases is remembered. "
                    "Everything is looked at.");
    const std::string name = describe(last->id, last->started);
    if (last->ended && last->exit_status == 0)
        return tell(fmt::format("There is nothing to resume: {} ended well. Everything is looked "
                                "at.",
                                name));
    if (other)
        return tell(fmt::format("There is nothing to resume: since {}, {} wrote to the same "
                                "database from another one. Everything is looked at.",
                                name, describe(other->id, other->started)));
    m_resumed = last->id;
    tell(fmt::format("What {} had proven is not looked at again.", name));
}

/// An earlier attempt of this run knows more than the run before it.
std::optional<state::Proof> RunProofs::find(const std::string& table)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (const auto own = m_proofs.find(table); own != m_proofs.end())
            return own->second;
    }
    std::optional<state::Proof> proof;
    if (m_resumed)
        m_state.keeper().read([&](SQLite::Database& database) {
            proof = state::find_proof(database, *m_resumed, table);
        });
    return proof;
}

std::optional<sync::ProvenBefore> RunProofs::before(const std::string& table)
{
    if (m_resume == Resume::no)
        return std::nullopt;
    const auto proof = find(table);
    if (!proof)
        return std::nullopt;
    sync::ProvenBefore before;
    before.by = describe(proof->origin, proof->as_of);
    before.age = std::chrono::ceil<std::chrono::seconds>(Clock::now() - proof->as_of);
    before.terms = terms_of(proof->terms);
    before.whole = proof->whole;
    before.rows = proof->rows;
    if (!proof->whole)
        before.below = sync::decode_bound(proof->bound);
    if (!before.whole && !before.below)
        return std::nullopt;
    const std::scoped_lock lock(m_mutex);
    m_found[table] = *proof;
    return before;
}

void RunProofs::begin(const std::string& table, const sync::ProofTerms& terms,
                      const std::optional<sync::ProvenBefore>& kept)
{
    state::Proof proof;
    proof.table = table;
    proof.origin = m_state.recorder()->run().value_or(0);
    proof.as_of = m_began;
    proof.terms = text_of(terms);
    const std::scoped_lock lock(m_mutex);
    if (kept)
        proof = m_found.at(table);
    m_proofs[table] = proof;
    if (kept)
        keep(proof);
}

void RunProofs::prefix(const std::string& table, const sync::Bound& below, std::uint64_t rows)
{
    const std::scoped_lock lock(m_mutex);
    state::Proof& proof = m_proofs.at(table);
    proof.bound = sync::encode_bound(below);
    proof.rows = rows;
    keep(proof);
}

void RunProofs::whole(const std::string& table, std::uint64_t rows)
{
    const std::scoped_lock lock(m_mutex);
    state::Proof& proof = m_proofs.at(table);
    proof.whole = true;
    proof.rows = rows;
    keep(proof);
}

void RunProofs::keep(const state::Proof& proof)
{
    if (const auto run = m_state.recorder()->run())
        m_state.keeper().latest(
            "proof of " + proof.table,
            [run, proof](SQLite::Database& database) { state::put_proof(database, *run, proof); });
}

} // namespace slicetool::commands
