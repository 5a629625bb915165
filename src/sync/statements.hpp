#pragma once

#include "sync/table_pair.hpp"

#include <optional>
#include <string>
#include <vector>

/// Statement texts of the engine: pure functions of a table's side and of ranges or keys; they run
/// nothing.
namespace slicetool::sync {

/// Fingerprints of several ranges in one round trip. Rows come in the order of `ranges`; four
/// columns: position, rows, varying bytes, raw digest.
std::string build_fingerprints(const TableSide& side, const std::vector<Range>& ranges);

/// The leaves of several ranges in one round trip: position of the range, raw row digest, key
/// columns.
std::string build_leaves(const TableSide& side, const std::vector<Range>& ranges);

/// "SELECT <values> … ": whole rows, the encoding's select list, of a range in key order.
std::string build_rows_of_range(const TableSide& side, const Range& range);

/// Whole rows with the given keys, in no order.
std::string build_rows_of_keys(const TableSide& side, const std::vector<KeyTuple>& keys);

/// Of the rows with the given keys: raw row digest, key columns; in no order.
std::string build_digests_of_keys(const TableSide& side, const std::vector<KeyTuple>& keys);

/// The key columns of the rows in a range, in key order; at most `limit` rows if given.
std::string build_keys_of_range(const TableSide& side, const Range& range,
                                std::optional<std::uint64_t> limit);

/// The number of rows in a range.
std::string build_count(const TableSide& side, const Range& range);

/// The key of the first of all rows, whatever the side's `where`.
std::string build_first_key(const TableSide& side);

/// A number and the key columns: 0 with the first, 1 with the last key of all rows, in any order.
std::string build_extreme_keys(const TableSide& side);

/// The first key at or beyond a bound.
std::string build_first_key_from(const TableSide& side, const Bound& bound);

/// About one key in `sampling` of a range, in key order, at most `limit` of them: cuts for ranges.
/// Keys are sampled by a digest of their values, so that the same keys come at every run.
std::string build_sample(const TableSide& side, const Range& range, std::uint64_t sampling,
                         std::uint64_t limit);

/// Every `stride`-th key of a range of `rows` rows: exact cuts, for ranges of few rows.
std::string build_cuts(const TableSide& side, const Range& range, std::uint64_t rows,
                       std::uint64_t stride);

std::string build_delete_keys(const TableSide& side, const std::vector<KeyTuple>& keys);

/// Deletes at most `limit` rows of a range, the first in key order.
std::string build_delete_range(const TableSide& side, const Range& range, std::uint64_t limit);

/// The values of a row, in the order of an encoding's select list.
using RowValues = std::vector<std::optional<std::string>>;

/// "INSERT INTO t (columns) VALUES " without rows. The `carried` columns follow the encoded ones.
std::string build_insert_head(const TableSide& side,
                              const std::vector<hash::EncodedColumn>& carried);

/// Appends "literal, literal, …" for the values of the columns.
void append_values(std::string& out, const std::vector<hash::EncodedColumn>& columns,
                   const RowValues& values);

/// "LOAD DATA LOCAL INFILE '<path>' INTO TABLE …" for the format that append_load_row writes.
std::string build_load(const TableSide& side, const std::string& path);

/// One row in the format of build_load: tab separated, backslash escaped, \N for NULL.
void append_load_row(std::string& out, const RowValues& values);

/// Rows of downstream that hold one of the values that `rows` would insert into a unique key: their
/// key columns first, then the encoding's select list. Empty when no row has a value there (NULLs
/// do not collide).
std::string build_holders(const TableSide& side, const UniqueKey& unique,
                          const std::vector<RowValues>& rows);

/// The key columns of rows, then the carried columns, read for append_values, then the position of
/// a carried column whose value is not what its text makes when it is stored again (MySQL's JSON),
/// or NULL; locks the rows.
std::string build_carried(const TableSide& side, const std::vector<hash::EncodedColumn>& carried,
                          const std::vector<KeyTuple>& keys);

/// For each row that the server finds under one of `keys`: the position of that key, then the row's
/// own key, which a collation may take for the same.
std::string build_same_keys(const TableSide& side, const std::vector<KeyTuple>& keys);

/// The raw digest and the values of rows that are about to be deleted; locks them. Of a range at
/// most `limit` rows, the first in key order, if given.
std::string build_saved_rows_of_keys(const TableSide& side, const std::vector<KeyTuple>& keys);
std::string build_saved_rows_of_range(const TableSide& side, const Range& range,
                                      std::optional<std::uint64_t> limit);

} // namespace slicetool::sync
