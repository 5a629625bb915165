#pragma once

#include "base/endpoint.hpp"
#include "base/stop.hpp"
#include "report/reporter.hpp"
#include "sync/guards.hpp"
#include "undo/reader.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace slicetool::sync {

struct UndoOptions
{
    std::vector<std::string> tables; ///< empty: all that the run changed
    bool dry_run = false;
    bool force = false; ///< also rows that were changed since
    /// Downstream is that server although it does not look like it: another container, a new name.
    bool moved_server = false;
    Allowances allowances;
    /// Is told each table that is going to be written, while nobody else may write; may be empty.
    std::function<void(const std::string& table)> before_table;
};

struct UndoSummary
{
    std::uint64_t refused_rows = 0;
    std::size_t failed_tables = 0; ///< refused as a whole, or ended by an error

    /// 0: everything is as it was before the run; 1: rows were refused; 2: tables were.
    int exit_status() const;
};

/// Takes one run's changes back, from the rows that it saved:
///
///   1. check that downstream is the server and database that the file was written for, and that
///      the tables have the columns that they had;
///   2. batch by batch, the last first, each in one transaction: what a row is now decides. As it
///      was before the batch: nothing is to be done, for the run may have ended before its commit.
///      As the batch left it: it is restored, and proven by its digest before the commit. Anything
///      else: it was changed since, and is refused, unless forced;
///   3. tell what was done to each table, every refused row, and the references that dangle.
///
/// It can be interrupted, and run again, at any time. Throws for what concerns the whole, and
/// base::Interrupted on a stop.
UndoSummary undo(const base::Endpoint& downstream, const undo::Reader& file,
                 const UndoOptions& options, report::Reporter& reporter,
                 const base::StopToken& stop);

} // namespace slicetool::sync
