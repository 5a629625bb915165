#pragma once

#include "report/reporter.hpp"
#include "sync/table_pair.hpp"
#include "sync/undo.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace slicetool::sync {

/// What taking back works with.
struct UndoContext
{
    const undo::Reader& file;
    const UndoOptions& options;
    db::Session& session;
    report::Reporter& reporter;
    const base::StopToken& stop;
};

/// One table on its way back.
struct UndoneTable
{
    const undo::Table* saved = nullptr;
    const sql::Table* now = nullptr; ///< null: there is none
    /// Both sides are the table with all its stored columns; empty: the table is not worked on.
    std::optional<TablePair> pair;
    report::UndoResult result;
    /// Rows, each told once, in the end: a batch that changed a row earlier may find that it is as
    /// it was before the run.
    std::map<KeyTuple, report::DifferenceKind> refused;
    /// Without a key: how many rows of a digest there would be after what a dry run would have
    /// done.
    std::map<std::string, std::uint64_t> imagined_counts;

    const TableSide& side() const { return pair->downstream; }
};

/// The digests of rows after what a dry run would have done, where that is not what they are.
using Imagined = std::map<KeyTuple, std::optional<std::string>>;

/// Fills in what is needed to work on the table. Throws base::Refusal when it is not the table that
/// the run has changed.
void plan_undone(UndoneTable& table, const UndoContext& context);

void refuse_row(UndoneTable& table, const KeyTuple& key, report::DifferenceKind why);

/// Counts the refused rows and tells them, once all batches had their turn.
void tell_refused(UndoneTable& table, const UndoContext& context);

/// What else a transaction's reads do.
enum class Reads {
    consistent,
    locking, ///< each row that is read, and each gap, stays as it is until the commit
};

/// Runs a transaction, again if the server asks for that; rolls back what throws.
void in_transaction(const UndoContext& context, Reads reads, const std::function<void()>& work);

/// Restores the rows of a batch of a table with a key.
void undo_rows(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch,
               Imagined& imagined);

/// Empties the ranges that a batch has filled.
void undo_pieces(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch);

/// Restores the rows of a batch of a table without a key.
void undo_counts(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch);

} // namespace slicetool::sync
