#pragma once

#include "sync/proven_ranges.hpp"
#include "sync/step_context.hpp"

#include <optional>
#include <string>

namespace slicetool::sync {

/// The terms of what this run proves of the table.
ProofTerms proof_terms(const StepContext& context, const TablePair& pair);

/// All of them in one text.
std::string digest_of(const ProofTerms& terms);

/// What was proven of the table before and may be skipped now. Empty when nothing was, when nobody
/// asked, and when something speaks against it, which is told: the terms are others; it is too old;
/// downstream's server was restarted since (what it had committed may be lost, depending on its
/// settings); or a side holds another number of rows than was proven.
std::optional<ProvenBefore> what_may_be_skipped(const StepContext& context, const TablePair& pair,
                                                const ProofTerms& terms);

/// "The 1,000 rows below (id=1001)", "All 1,000 rows".
std::string describe(const TablePair& pair, const ProvenBefore& before);

} // namespace slicetool::sync
