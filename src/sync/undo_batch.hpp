#pragma once

#include "db/session.hpp"
#include "sync/difference.hpp"
#include "sync/keyless_statements.hpp"
#include "sync/table_pair.hpp"
#include "undo/writer.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

/// How one table's rows are saved before a run changes them. Any number of threads may use it.
class TableUndo
{
public:
    /// The writer must outlive it.
    TableUndo(undo::Writer& writer, const sql::Table& downstream, const TablePair& pair,
              std::uint64_t group_concat_bytes);

private:
    friend class UndoBatch;

    std::uint64_t number();

    undo::Writer& m_writer;
    undo::Table m_description;
    std::optional<std::uint64_t> m_number; ///< once a batch was begun
    std::mutex m_mutex;
    TableSide m_stored;   ///< all rows
    TableSide m_in_scope; ///< the rows that the pair is about
    /// The pair's fingerprints of downstream are those of the stored side.
    bool m_same_fingerprints = false;
    std::string m_engine; ///< of a table that knows no transactions; else empty
};

/// Lets the pair save what is written by it. With a null writer nothing is saved.
void attach_undo(TablePair& pair, undo::Writer* writer, const sql::Table& downstream,
                 std::uint64_t group_concat_bytes);

/// The one place that deletes downstream rows, and knows what a transaction does to the table: it
/// reads rows before they go, and has the undo file on disk before the commit. Without an undo file
/// it only deletes. For one transaction and one thread; pair and session must outlive it.
///
///   1. delete_… reads the rows, locked, proves what it got by their digests, hands them to the
///      file, and deletes exactly those;
///   2. the caller inserts;
///   3. wrote_… and filled say what was inserted: the rows' digests go to the file, as the server
///      computes them;
///   4. save() ends the batch in the file and waits for the disk; the commit follows.
///
/// Where the engine knows no transactions nothing waits for a commit: so the rows are a batch of
/// their own, on disk before they are deleted. Without a key that is refused.
///
/// Throws db::Error that is worth a retry when another program's writes came between reading and
/// deleting, base::Error when the rows cannot be saved.
class UndoBatch
{
public:
    UndoBatch(const TablePair& pair, db::Session& downstream);

    /// Returns the rows deleted. At most some hundred keys at once.
    std::uint64_t delete_keys(const std::vector<KeyTuple>& keys);

    /// At most `limit` rows, the first in key order, if given.
    std::uint64_t delete_range(const Range& range, std::optional<std::uint64_t> limit);

    /// All rows of the table; at most `limit` of them, if given and if there is a key.
    std::uint64_t delete_all(std::optional<std::uint64_t> limit);

    /// Rows of these keys were inserted, or inserted again.
    void wrote_keys(const std::vector<KeyTuple>& keys);

    /// All rows of the range were inserted.
    void wrote_range(const Range& range);

    /// After delete_all: all rows that there are now were inserted.
    void wrote_all();

    /// Ranges in which the pair had no row downstream were filled with upstream's rows. Each is
    /// saved as a whole, unless rows stand there that the pair is not about.
    void filled(const std::vector<RangeDifference>& pieces);

    /// The same where downstream's fingerprints are proven to be upstream's.
    void filled_alike(const std::vector<RangeDifference>& pieces);

    /// For a table without a key. Between begin and end rows of these buckets are deleted or
    /// inserted; those with the digests `surplus` may be deleted.
    void begin_buckets(Buckets buckets, const std::vector<std::uint32_t>& wanted,
                       const std::vector<std::string>& surplus);
    void end_buckets();

    void save();

private:
    using StoredCounts = std::map<std::string, std::uint64_t>;

    undo::BatchWriter& batch();
    void add_pieces(const std::vector<RangeDifference>& pieces,
                    const std::vector<hash::Fingerprint>& stored);
    void save_row(const db::Result& row);
    std::uint64_t save_rows(const std::string& statement);
    void before_delete();
    void expect_deleted(std::uint64_t saved, std::uint64_t deleted) const;
    void refuse_keyless_engine() const;
    void begin_counting();
    void end_counting();
    StoredCounts read_counts();
    std::string label(const char* what) const;

    const TablePair& m_pair;
    db::Session& m_downstream;
    TableUndo* m_table; ///< null: nothing is saved
    std::optional<undo::BatchWriter> m_batch;
    Buckets m_buckets = Buckets::few;
    std::vector<std::uint32_t> m_wanted;
    StoredCounts m_before;
    bool m_counting = false; ///< between begin and end
};

} // namespace slicetool::sync
