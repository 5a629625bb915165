#pragma once

#include "db/session.hpp"
#include "sync/difference.hpp"
#include "sync/statements.hpp"

#include <string>
#include <vector>

/// Two databases of one server, foo0 → foo1: the server compares rows and copies them itself, and
/// only the keys of rows that differ travel.
///
///   1. Both sides of a range are fingerprinted, as ever (sync/scan).
///   2. Where they differ, downstream's session joins the two tables over the range and tells the
///   keys of missing, extra and changed rows.
///   3. INSERT … SELECT copies them, in the transaction that deleted the old ones.
///   4. The proof is the usual one: downstream's fingerprint of the range equals that of upstream's
///   snapshot.
///
/// Downstream's session sees upstream's rows as they are now, not as they were in the snapshot. So
/// 2 begins with a look at upstream's fingerprint as it is now: a range that has changed goes the
/// ordinary way, out of the snapshot and through the client. What changes after that is copied
/// wrongly by 3; 4 does not prove it, it is rolled back, and goes the ordinary way, too.
namespace slicetool::sync {

/// Why the server cannot copy this table by itself, as a part of a sentence; empty: it can. Pure.
std::string obstacle_to_local_copy(const TablePair& pair, const sql::Table& upstream,
                                   const sql::Table& downstream);

/// Why downstream's session cannot read upstream's table, in the server's words; empty: it can.
std::string obstacle_to_local_read(db::Session& downstream, const TablePair& pair);

/// Whether a transaction of downstream's may be READ COMMITTED: then INSERT … SELECT reads
/// upstream's rows without locking them. Not where the binary log holds statements.
bool may_read_committed(db::Session& downstream);

/// "INSERT INTO down (…) SELECT … FROM up WHERE …": the rows of a range.
std::string build_local_copy(const TablePair& pair, const Range& range);

/// The same for the rows with the given keys.
std::string build_local_copy(const TablePair& pair, const std::vector<KeyTuple>& keys);

/// The rows that `one` has in the ranges and `other` has not, or has otherwise: position of the
/// range, 1 where `other` has none, key columns.
std::string build_local_changes(const TableSide& one, const TableSide& other,
                                const std::vector<Range>& ranges);

/// The rows that `one` has in the ranges and `other` has not: position of the range, key columns.
std::string build_local_strays(const TableSide& one, const TableSide& other,
                               const std::vector<Range>& ranges);

/// What differs inside each of the ranges, in their order. Nothing is told of a range in which
/// upstream is no longer as it was in its snapshot.
std::vector<RangeDifference> read_local_differences(db::Session& downstream, const TablePair& pair,
                                                    const std::vector<Suspect>& suspects);

} // namespace slicetool::sync
