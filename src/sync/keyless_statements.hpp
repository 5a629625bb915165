#pragma once

#include "sync/table_pair.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Statement texts for tables without a usable key, whose rows are told apart by their digests
/// alone: pure functions; they run nothing.
namespace slicetool::sync {

/// Into how many buckets the first bits of a row's digest divide a table.
enum class Buckets : std::uint32_t { few = 256, many = 4096 };

/// For each bucket that holds rows: its number, the rows, the raw digest of their digests in order.
std::string build_buckets(const TableSide& side, Buckets buckets);

/// The raw digests of the rows in some buckets, each with the number of rows that have it.
std::string build_bucket_digests(const TableSide& side, Buckets buckets,
                                 const std::vector<std::uint32_t>& wanted);

/// Whole rows, the encoding's select list, of some buckets or with some digests.
std::string build_rows_of_buckets(const TableSide& side, Buckets buckets,
                                  const std::vector<std::uint32_t>& wanted);
std::string build_rows_of_digests(const TableSide& side, const std::vector<std::string>& digests);

/// Deletes at most `limit` of the rows with these digests.
std::string build_delete_digests(const TableSide& side, const std::vector<std::string>& digests,
                                 std::uint64_t limit);

/// Of the rows in some buckets, or of all if none is named: the raw digest of another encoding of
/// the same table, and how many rows have it.
std::string build_stored_counts(const TableSide& side, const hash::RowEncoding& stored,
                                Buckets buckets, const std::vector<std::uint32_t>& wanted);

/// The same of all rows, in the side's own encoding.
std::string build_all_counts(const TableSide& side);

/// Deletes all rows, whatever the side's `where`.
std::string build_delete_all(const TableSide& side);

/// The raw digest and the values, both in another encoding of the same table, of all rows, and of
/// rows with some digests; locks them.
std::string build_saved_rows(const TableSide& side, const hash::RowEncoding& stored);
std::string build_saved_rows_of_digests(const TableSide& side, const hash::RowEncoding& stored,
                                        const std::vector<std::string>& digests);

} // namespace slicetool::sync
