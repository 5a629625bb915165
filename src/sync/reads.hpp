#pragma once

#include "db/session.hpp"
#include "sync/difference.hpp"
#include "sync/statements.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Running the statements of sync/statements and reading what comes back.
namespace slicetool::sync {

/// One row of a leaf.
struct LeafRow
{
    KeyTuple key;
    std::string digest; ///< raw
};

std::vector<hash::Fingerprint> read_fingerprints(db::Session& session, const TableSide& side,
                                                 const std::vector<Range>& ranges);

/// The leaves of ranges, in their order; rows in no particular order.
std::vector<std::vector<LeafRow>> read_leaves(db::Session& session, const TableSide& side,
                                              const std::vector<Range>& ranges);

/// The digests of the rows with these keys; of keys without a row nothing. A server may take a key
/// for another one, such as 'a' for 'A': then that one is in the answer.
DigestsByKey read_digests_of_keys(db::Session& session, const TableSide& side,
                                  const std::vector<KeyTuple>& keys);

/// The digests of all rows that a difference is about, as they are now.
DigestsByKey read_digests(db::Session& session, const TableSide& side,
                          const RangeDifference& difference);

/// One statement about ranges, in parts where its text would be too long. `build` makes the text
/// for some of them; `take` gets each row with the position of its range, which the server says in
/// the first column.
void read_of_ranges(db::Session& session, const std::string& label,
                    const std::vector<Range>& ranges,
                    const std::function<std::string(const std::vector<Range>&)>& build,
                    const std::function<void(std::size_t, const db::Result&)>& take);

/// Rows of key columns.
std::vector<KeyTuple> read_keys(db::Session& session, const TableSide& side, std::string_view label,
                                const std::string& statement);

std::optional<KeyTuple> read_key(db::Session& session, const TableSide& side,
                                 std::string_view label, const std::string& statement);

/// The key in the current row, from column `first` on.
KeyTuple key_from(const db::Result& row, const TableSide& side, std::size_t first = 0);

/// The values of `count` columns of the current row, from column `first` on.
RowValues row_values(const db::Result& result, std::size_t first, std::size_t count);

/// Their lengths added up.
std::uint64_t value_bytes(const RowValues& values);

/// The key columns of a row's values.
KeyTuple key_of(const TablePair& pair, const RowValues& values);

/// The raw digest of a row in its encoding, computed here.
std::string row_digest(const hash::RowEncoding& encoding, const RowValues& values);

} // namespace slicetool::sync
