#pragma once

#include "sync/table_pair.hpp"
#include "undo/entries.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace slicetool::sync {

/// A downstream table with all its stored columns, each in the form of its own type, whatever a
/// comparison leaves out or converts: what has these values again is the row that it was. `key`:
/// the columns that tell its rows apart, or none. Throws base::Refusal when the table has no such
/// unique key, or a column of unknown type.
TableSide stored_side(const sql::Table& table, const std::vector<std::string>& key,
                      hash::DigestKind digest, std::uint64_t group_concat_bytes);

/// The columns of stored_side, as an undo file describes them.
std::vector<undo::Column> stored_columns(const sql::Table& table);

/// Positions of the key's columns among those of a side.
std::vector<std::size_t> key_positions(const TableSide& side);

} // namespace slicetool::sync
