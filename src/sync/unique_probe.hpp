#pragma once

#include "db/session.hpp"
#include "sync/statements.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// A row to be inserted, and its values for the pair's carried columns or none.
struct ComingRow
{
    RowValues values;
    RowValues carried;
};

/// "INSERT … ON DUPLICATE KEY UPDATE …" that changes nothing: where the row collides, the key of
/// the row that it collides with is left in @slicetool_0, @slicetool_1, …
std::string build_probe(const TablePair& pair, const ComingRow& row);

/// The keys of downstream rows that `coming` would collide with, one for each row at most, once
/// the rows `gone` are deleted. It tries, in a transaction that is rolled back: so the server
/// itself decides, also for unique keys that cannot be looked up by value (of beginnings,
/// expressions, generated columns). Needs the privilege UPDATE. Some may be keys of rows that were
/// inserted by the trial.
std::vector<KeyTuple> probe_holders(const TablePair& pair, db::Session& downstream,
                                    const std::vector<KeyTuple>& gone,
                                    const std::vector<ComingRow>& coming);

} // namespace slicetool::sync
