#pragma once

#include "report/reporter.hpp"
#include "sync/table_pair.hpp"
#include "sync/undo.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
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
    std::set<KeyTuple> refused; ///< each row is told once

    const TableSide& side() const { return pair->downstream; }
};

/// The digests of rows after what a dry run would have done, where that is not what they are.
using Imagined = std::map<KeyTuple, std::optional<std::string>>;

/// Fills in what is needed to work on the table. Throws base::Refusal when it is not the table that
/// the run has changed.
void plan_undone(UndoneTable& table, const UndoContext& context);

/// Counts a refused row, or range, and tells it.
void refuse_row(UndoneTable& table, const UndoContext& context, const KeyTuple& key,
                report::DifferenceKind why);

/// Runs a transaction, again if the server asks for that; rolls back what throws.
void in_transaction(const UndoContext& context, const std::function<void()>& work);

/// Restores the rows of a batch of a table with a key.
void undo_rows(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch,
               Imagined& imagined);

/// Empties the ranges that a batch has filled.
void undo_pieces(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch);

/// Restores the rows of a batch of a table without a key.
void undo_counts(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch);

} // namespace slicetool::sync
