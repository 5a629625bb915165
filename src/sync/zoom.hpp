#pragma once

#include "sync/difference.hpp"
#include "sync/session_pair.hpp"
#include "sync/table_pair.hpp"

#include <cstdint>
#include <vector>

/// How a range that differs is looked at more closely.
namespace slicetool::sync {

/// The rows of the side that has more.
std::uint64_t larger_side(const Suspect& suspect);

/// Whether the range is small enough to be listed row by row; `local`: by a server that has both
/// sides.
bool is_leaf(const TablePair& pair, const Suspect& suspect, bool local);

/// The parts of a range that is no leaf, in the order of the key: cut at its samples, by arithmetic
/// on integer ids, or at keys that the side with more rows is asked for. Fewer than two: it cannot
/// be cut. Throws db::Error.
std::vector<Range> cut(const TablePair& pair, const Suspect& suspect, SessionPair& sessions);

} // namespace slicetool::sync
