#pragma once

#include "sync/apply.hpp"

namespace slicetool::sync {

/// Copies a batch that ran into a duplicate key: another downstream row, the victim, holds a unique
/// value that an upstream row now has. Upstream decides the victim's fate too:
///
///   1. the batch's upstream rows are read into memory;
///   2. victims are looked up: downstream rows outside the batch that hold a value of a row to be
///   inserted; where a unique key cannot be looked up by value, a trial finds them
///   (unique_probe.hpp);
///   3. a victim that upstream lacks is deleted; one that differs upstream joins the batch, with
///   its
///      upstream row, which may have victims of its own: back to 2 until there are none;
///   4. a victim that is equal upstream means that downstream's key is stricter than upstream's:
///      base::Refusal, with both rows named;
///   5. one transaction deletes and inserts everything, proves the batch's ranges and each victim,
///   commits.
///
/// So swaps and cycles of unique values converge, across ranges and batches. To be called when the
/// whole table has been compared, so that the rows to be deleted have been counted.
Applied apply_with_victims(const TablePair& pair, const std::vector<RangeDifference>& batch,
                           SessionPair& sessions, const base::StopToken& stop,
                           const db::Error& duplicate);

} // namespace slicetool::sync
