#pragma once

#include "db/session.hpp"
#include "sql/table.hpp"
#include "sync/table_pair.hpp"

#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

/// Downstream's unique keys that none of upstream's makes sure of: rows that upstream holds
/// together may collide there. Keys that upstream cannot be asked about, such as of expressions or
/// of columns that it lacks or that are excluded, are left out. A masked column is as good as
/// upstream's own only when its mask keeps unlike values unlike.
std::vector<const sql::Index*> stricter_keys(const sql::Table& upstream,
                                             const sql::Table& downstream,
                                             const std::vector<std::string>& excluded,
                                             const std::vector<MaskedColumn>& masked = {});

/// "SELECT …": a value of the key that several upstream rows have by downstream's rules, their
/// number, and, where one column identifies rows, the first and the last of them.
std::string build_collision(const TablePair& pair, const sql::Table& upstream,
                            const sql::Table& downstream, const sql::Index& key);

/// Looks through upstream's rows for such that collide in one of these keys; throws base::Refusal
/// that names them. Costs a scan of the table for each key, and nothing where there is none.
void refuse_collisions(db::Session& session, const TablePair& pair, const sql::Table& upstream,
                       const sql::Table& downstream);

} // namespace slicetool::sync
