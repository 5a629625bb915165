#pragma once

#include "sync/columns.hpp"
#include "sync/range.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// The key that identifies rows on both sides.
struct ChosenKey
{
    const sql::Index* upstream = nullptr; ///< null: no key serves, and `reason` says why
    const sql::Index* downstream = nullptr;
    std::vector<std::size_t> positions; ///< of its columns among the matched pairs
    bool integer = false;               ///< a single column of an integer type
    /// False when a scan of the index may give another order on the other side: then digests need
    /// ORDER BY.
    bool same_scan_order = true;
    std::string reason;
};

/// The primary key, else the first unique key, that has no nullable column, is unique on both
/// sides, and whose columns both servers order alike; `wanted` (column names or one index name)
/// restricts the choice, and then base::Refusal is thrown when none serves. Without a wish there
/// may be none: the table is compared without a key.
ChosenKey choose_key(const sql::Table& upstream, const sql::Table& downstream,
                     const MatchedColumns& columns, const std::vector<std::string>& wanted);

/// A scan of the index yields its rows in the order of the key.
bool scans_in_key_order(const sql::Table& table, const sql::Index& index);

/// How a column's key values are read and written on one side.
KeyColumn describe_key_column(const sql::Column& column, hash::Form form);

} // namespace slicetool::sync
