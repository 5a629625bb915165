#pragma once

#include "hash/fingerprint.hpp"
#include "hash/row_encoding.hpp"
#include "sql/table.hpp"
#include "sync/columns.hpp"
#include "sync/masks.hpp"
#include "sync/range.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

class TableUndo;

/// What a user may say about a table, besides what is in the schema.
struct TableChoices
{
    std::string where;            ///< SQL condition on upstream rows; empty: all rows
    bool keep_outside = false;    ///< leave downstream rows alone that do not match `where`
    std::vector<std::string> key; ///< columns of the key to use, or one index name; empty: chosen
    std::vector<std::string> excluded; ///< columns that are neither compared nor copied
    std::vector<std::uint64_t> zoom;   ///< range sizes, coarse to fine; empty: automatic
    std::vector<Mask> masks;           ///< what is read upstream instead of columns
};

/// One side of a table, ready for building statements. Pure data.
struct TableSide
{
    std::string table; ///< "`db`.`t`"
    std::string from;  ///< "`db`.`t` FORCE INDEX (`PRIMARY`)"
    std::string name;  ///< for comments and messages
    std::vector<KeyColumn> key;
    std::string key_list; ///< "`a`, `b`": select list and order of the key; empty: keyless
    std::string where;    ///< condition on this side's rows; empty: all
    hash::RowEncoding encoding;
    hash::FingerprintQuery fingerprint;
};

/// A unique key of the downstream table besides the chosen one: what an inserted row can collide
/// with.
struct UniqueKey
{
    std::string name;
    std::vector<std::size_t> columns; ///< positions in the encoding's columns
};

/// What is known of a masked column's values.
struct MaskedColumn
{
    std::string name;         ///< upstream's
    std::size_t position = 0; ///< in the encoding's columns
    bool may_be_null = true;
    bool keeps_distinct = false; ///< unlike values of upstream's column stay unlike
};

/// Both sides in one server (sync/local_copy).
struct LocalCopy
{
    bool possible = false;      ///< the server compares rows, and copies them, by itself
    bool locks_upstream = true; ///< … and locks those that it copies until the commit
};

/// How the two definitions of one table are compared, read and written: the outcome of all the
/// decisions that precede a scan.
struct TablePair
{
    TableSide upstream;
    TableSide downstream;
    bool integer_key = false;               ///< one column of an integer type: id arithmetic works
    std::vector<std::size_t> key_positions; ///< of the key's columns in the encoding
    /// Downstream columns that are not compared and that a rewritten row keeps.
    std::vector<hash::EncodedColumn> carried;
    std::vector<UniqueKey> unique_keys; ///< downstream, without the chosen key
    /// Names of those that cannot be looked up by value (prefix, expression).
    std::vector<std::string> probed_keys;
    /// Their values must be proven to convert without loss (sync/charsets) before a comparison.
    std::vector<ConvertedColumn> converted;
    std::vector<MaskedColumn> masked;
    /// ENUM columns may hold the invalid value 0, which a strict server refuses to store.
    bool has_enumeration = false;
    std::vector<std::string> notes; ///< what the user should know, in sentences
    TableChoices choices;
    std::string key_name;
    /// No key tells the rows apart: `key` is empty on both sides, and rows are compared as digests
    /// with counts (sync/keyless).
    bool keyless = false;
    LocalCopy local{};
    /// Downstream's engine where it cannot roll back; else empty.
    std::string engine_without_rollback{};
    /// Saves downstream rows before they are changed; null: nobody does (undo_batch.hpp).
    std::shared_ptr<TableUndo> undo = nullptr;

    /// The masked column at that position of the encoding, or null.
    const MaskedColumn* masked_at(std::size_t position) const;
};

/// Limits of the servers that shape statements.
struct SideLimits
{
    std::uint64_t group_concat_bytes =
        0; ///< the least of group_concat_max_len and max_allowed_packet
    std::uint64_t max_allowed_packet = 0;
};

/// With outside: keep the condition must mean the same rows on both sides, whenever each is asked:
/// throws base::Refusal when it names the time or the like.
void refuse_fickle_condition(const std::string& table, const TableChoices& choices);

/// Matches columns and chooses the key. Throws base::Refusal in full sentences when the two cannot
/// be compared or copied exactly; nothing has been read or written then.
TablePair plan_table_pair(const sql::Table& upstream, const sql::Table& downstream,
                          const TableChoices& choices, hash::DigestKind digest,
                          const SideLimits& upstream_limits, const SideLimits& downstream_limits);

} // namespace slicetool::sync
