#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::report {

/// Seconds with a fraction; every `elapsed` below is wall time by the steady clock.
using Seconds = std::chrono::duration<double>;

/// What a run is about to do. Endpoint descriptions never hold a password (`Endpoint::describe()`).
struct RunInfo
{
    std::string command;          ///< "slice", "verify" or "pull_schema"
    std::string from;             ///< the upstream endpoint, in words
    std::string to;               ///< the downstream endpoint, in words
    std::string upstream_version; ///< as the server says it, "10.11.6-MariaDB"
    std::string downstream_version;
    std::string digest;       ///< "md5" or "sha256"; empty when nothing is fingerprinted
    int encoding_version = 0; ///< of the row encoding; 0 when nothing is fingerprinted
    int jobs = 1;             ///< pairs of sessions that work at the same time
    bool dry_run = false;
    std::string snapshot;        ///< how upstream's consistency was had, in words
    std::string upstream_server; ///< tells the server from others; kept, not shown
    std::string downstream_server;
};

/// What a table is going through, in the order in which it usually does.
enum class Phase { waiting, scanning, zooming, copying, deleting, proving };

/// Where a table stands. All counts are totals since the table was started, never increments.
struct Progress
{
    Phase phase = Phase::waiting;
    std::uint64_t rows_looked_at = 0;      ///< upstream rows covered by ranges that are settled
    std::uint64_t rows_total_estimate = 0; ///< 0: unknown. An estimate: rows_looked_at may pass it
    std::uint64_t differing_found = 0;     ///< rows known to differ so far
    std::uint64_t rows_copied = 0;         ///< rows inserted downstream, new ones and new versions
    std::uint64_t rows_deleted = 0;        ///< rows gone downstream that upstream does not have
};

enum class Severity { info, warning };

/// missing: only upstream has the row. extra: only downstream has it. changed: both have it,
/// unlike. What undo refuses to restore: changed_since: the row is neither as the run found it nor
/// as the run left it. held: another row holds a unique value that it had.
enum class DifferenceKind { missing, extra, changed, changed_since, held };

/// One column of a key. The value is the column's bytes, in any encoding.
struct KeyPart
{
    std::string column;
    std::string value;
};

/// One column in which the two versions of a row differ. Values are bytes in any encoding, cut to a
/// bearable length by whoever fills them in (see `shortened` in report/text.hpp); nullopt is NULL.
struct ColumnDifference
{
    std::string column;
    std::optional<std::string> upstream;
    std::optional<std::string> downstream;
};

/// One row that differs.
struct Difference
{
    DifferenceKind kind = DifferenceKind::changed;
    std::vector<KeyPart> key;              ///< in key order
    std::vector<ColumnDifference> columns; ///< empty unless asked for, and unless `kind` is changed
};

/// What differs in one stretch of a table's keys. The buckets of a table follow each other in key
/// order and hold about equally many rows each.
struct DensityBucket
{
    std::string from;          ///< no key of it lies before this one; empty: it is the first bucket
    std::uint64_t rows = 0;    ///< of upstream
    std::uint64_t missing = 0; ///< rows only upstream had
    std::uint64_t extra = 0;   ///< rows only downstream had
    std::uint64_t changed = 0; ///< rows that both had, unlike

    /// On either side.
    std::uint64_t keys() const { return rows + extra; }
    std::uint64_t differing() const { return missing + extra + changed; }
    bool operator==(const DensityBucket&) const = default;
};

/// equal: was equal. made_equal: differed, was changed, and is proven equal. lite: the rows that
/// were looked at are proven equal, but rows that nobody looked at may differ; `reason` says which.
/// resumed: as equal or made_equal, but rows that an earlier run had proven were not looked at
/// again; `reason` says which. done: what the job asks for was done, and nothing was compared after
/// that.
/// different: differs (verify, a dry run, or left over). skipped: not looked at, because the user
/// said so. refused: a guard declined. failed: an error ended it.
enum class Outcome { equal, made_equal, resumed, lite, done, different, skipped, refused, failed };

/// How one table ended.
struct TableResult
{
    std::string table;
    Outcome outcome = Outcome::equal;
    std::string reason;     ///< full sentences for the user; may be empty when equal or made equal
    std::uint64_t rows = 0; ///< upstream's rows in the snapshot
    std::uint64_t missing = 0; ///< rows only upstream had
    std::uint64_t extra = 0;   ///< rows only downstream had
    std::uint64_t changed = 0; ///< rows that both had, unlike
    /// Rows that differed at the first look and were equal at a later one (verify on a live pair).
    std::uint64_t in_flight = 0;
    std::uint64_t copied = 0; ///< rows written downstream (0 in a dry run)
    std::uint64_t deleted =
        0; ///< rows removed downstream that upstream does not have (0 in a dry run)
    std::uint64_t bytes_upstream = 0;   ///< result bytes read from upstream
    std::uint64_t bytes_downstream = 0; ///< result bytes read from downstream
    std::uint64_t statements_upstream = 0;
    std::uint64_t statements_downstream = 0;
    Seconds elapsed{0};
    std::uint64_t ranges = 0;        ///< ranges fingerprinted, of every size
    std::uint64_t zoomed_ranges = 0; ///< ranges that differed and were looked into
    /// Where the differing rows were. Empty when none differed, and for a table without a key.
    std::vector<DensityBucket> density;

    std::uint64_t differing() const { return missing + extra + changed; }
};

/// What pull_schema did with a table, or would do in a dry run. drift: the two differ and were left
/// so.
enum class SchemaAction {
    created,
    equal,
    drift,
    altered,
    recreated,
    refused,
    would_create,
    would_alter,
    failed
};

/// How pull_schema ended for one table.
struct SchemaResult
{
    std::string table;
    SchemaAction action = SchemaAction::equal;
    std::string reason;                    ///< why it was refused or failed; else empty
    std::vector<std::string> drift;        ///< one sentence for each thing that differs
    std::vector<std::string> translations; ///< what was translated between server families, and how
    std::vector<std::string>
        statements; ///< the SQL that ran, or that would run, without the final `;`
};

/// restored: all of the table's rows are as they were before the run. as_before: they were so
/// already. partly: some rows were refused. refused: a guard declined the table. failed: an error
/// ended it. left_out: the user named other tables.
enum class UndoOutcome { restored, as_before, partly, refused, failed, left_out };

/// How undo ended for one table. In a dry run: how it would.
struct UndoResult
{
    std::string table;
    UndoOutcome outcome = UndoOutcome::as_before;
    std::string reason;          ///< why it was refused or failed; else empty
    std::uint64_t restored = 0;  ///< rows
    std::uint64_t as_before = 0; ///< rows that the run changed, or was about to, and nobody need
    std::uint64_t refused = 0;   ///< rows
    Seconds elapsed{0};
};

/// How the whole run ended. Totals are computed by the reporter from the results of the tables.
struct RunResult
{
    int exit_status = 0;
    Seconds elapsed{0};
    std::string failure; ///< why the run as a whole failed or stopped, in full sentences; empty if
                         ///< it did not
};

/// Rows of downstream that refer to rows that are not there.
struct DanglingReference
{
    std::string table;     ///< that has the rows
    std::string reference; ///< "orders.customer_id -> customers.id"
    std::uint64_t rows = 0;
    std::string example; ///< a value that leads nowhere
};

/// Receives what a run tells. The engine never prints; it calls this.
///
/// Order: run_started once, then for every table table_started … table_finished (a skipped or
/// refused table may be finished without having been started), or schema_result, then run_finished
/// once. A run that fails before it started (no connection) calls run_finished alone.
///
/// Threads: every member may be called from any thread at any time, also for the same table.
/// Implementations take a lock of their own, hold it briefly, and never call back into the engine.
/// Nothing here throws for the content of a string: names, keys and values may hold any bytes.
class Reporter
{
public:
    Reporter() = default;
    Reporter(const Reporter&) = delete;
    Reporter& operator=(const Reporter&) = delete;
    virtual ~Reporter() = default;

    virtual void run_started(const RunInfo& info) = 0;

    /// `estimated_rows`: 0 when unknown.
    virtual void table_started(const std::string& table, std::uint64_t estimated_rows) = 0;

    /// Costs a lock and a copy of `progress`; call it as often as there is news.
    virtual void table_progress(const std::string& table, const Progress& progress) = 0;

    /// Something the user should read, in a full sentence. `table` is empty when it concerns the
    /// run.
    virtual void note(const std::string& table, Severity severity, const std::string& sentence) = 0;

    /// A note of something that has happened, and is told as often as it does: where a run begins
    /// again by itself, notes that it told before are not repeated, but these are.
    virtual void event(const std::string& table, Severity severity, const std::string& sentence)
    {
        note(table, severity, sentence);
    }

    /// A row that differs. Call it only when the user asked for keys or column values.
    virtual void difference(const std::string& table, const Difference& difference) = 0;

    /// Told as a note, too: for those that keep it as data.
    virtual void dangling(const DanglingReference& /*reference*/) {}

    virtual void table_finished(const TableResult& result) = 0;
    virtual void schema_result(const SchemaResult& result) = 0;
    /// Instead of table_finished, when rows are taken back. Who tells nothing of that may ignore
    /// it.
    virtual void undo_result(const UndoResult& /*result*/) {}
    virtual void run_finished(const RunResult& result) = 0;
};

} // namespace slicetool::report
