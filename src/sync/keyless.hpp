#pragma once

#include "sync/guards.hpp"
#include "sync/scan.hpp"

#include <cstdint>
#include <string>

namespace slicetool::sync {

/// A table without a usable key is worked on in whole-table statements and one transaction, which
/// ends being reasonable at about this many rows.
inline constexpr std::uint64_t k_most_keyless_rows = 1'000'000;

/// The statistics of both sides promise more rows than k_most_keyless_rows. Throws base::Refusal.
void refuse_large_keyless(const std::string& table, std::uint64_t estimated_rows);

/// Compares, and if asked makes equal, a table whose rows no key tells apart: as a multiset of row
/// digests, exact for any number of duplicates.
///
///   1. each side's digests are divided into buckets by their first bits, and each bucket's sorted
///      digests are digested again: two full scans, one on each side;
///   2. of buckets that differ both sides list (digest, rows), some tens of thousands at a time;
///   3. in one transaction rows that are too many are deleted by digest, never more than counted,
///      rows that are too few are read from upstream's snapshot and inserted;
///   4. downstream's buckets, read again inside the transaction, must be upstream's; then commit.
///
/// A row that was changed shows as one missing and one extra row; --max-delete counts by how many
/// rows downstream would shrink. For one thread at a time; the references must outlive the call.
/// Throws base::Refusal before anything is written, db::Error and base::Error with everything
/// rolled back.
ScanTotals run_keyless(const TablePair& pair, std::uint64_t estimated_rows,
                       const ScanOptions& options, const Allowances& allowances,
                       SessionPair& sessions, report::Reporter& reporter,
                       const base::StopToken& stop);

} // namespace slicetool::sync
