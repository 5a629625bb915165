#pragma once

#include "base/endpoint.hpp"
#include "base/stop.hpp"
#include "report/reporter.hpp"
#include "sync/guards.hpp"
#include "sync/scan.hpp"
#include "sync/step.hpp"
#include "sync/watermarks.hpp"
#include "undo/writer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

/// One table of a run and what the user said about it.
struct TableOrder
{
    std::string name;
    std::vector<Step> steps; ///< in the order of work; empty: RunOptions::default_choices
    std::optional<DeleteLimit> delete_limit; ///< empty: the run's
    std::string place;                       ///< "shop.yaml:12"; empty: no config names the table
};

/// What to do in a run of slice or verify.
struct RunOptions
{
    std::string command; ///< "slice" or "verify", for the report
    Mode mode = Mode::compare;
    bool dry_run = false;           ///< slice that only compares
    bool check_only = false;        ///< ends after step 3 of run(), and takes no lock
    std::vector<TableOrder> tables; ///< in the order of work; empty: every base table of upstream
    TableChoices default_choices;   ///< of the sync that a table without steps goes through
    std::vector<std::string> exclude;
    Listing listing;
    DeleteLimit delete_limit;
    Allowances allowances;
    bool lite = false;                      ///< steps of the kind sync are run as lite ones
    Watermarks* watermarks = nullptr;       ///< of lite steps; null: nothing is remembered
    std::optional<hash::DigestKind> digest; ///< empty: MD5 if both sides have it
    /// A comparison looks at rows that differ at most this often again: on a pair that is written
    /// to, some were merely in flight.
    unsigned rechecks = 0;
    std::size_t jobs = 1; ///< pairs of sessions that work at the same time
    /// Where downstream rows are saved before they are changed; null: nowhere.
    undo::Writer* undo = nullptr;
};

/// How many tables ended how.
struct RunSummary
{
    std::size_t equal = 0;
    std::size_t made_equal = 0;
    std::size_t lite = 0;
    std::size_t done = 0;
    std::size_t different = 0;
    std::size_t skipped = 0;
    std::size_t refused = 0;
    std::size_t failed = 0;

    /// 0: all equal, or made equal and proven, or done as asked; 1: differences; 2: something was
    /// refused or failed.
    int exit_status() const;
};

/// Compares, and if asked makes equal, the tables of two databases:
///
///   1. open the upstream snapshot and the downstream sessions, check what must be refused as a
///   whole;
///   2. read the definitions of all tables on both sides;
///   3. check what a config says about its tables, all of it before anything is compared;
///   4. table by table: plan the pair, check the guards, scan with all workers, tell the result;
///   5. check the foreign keys of the downstream tables that changed and tell what dangles.
///
/// A table that is refused or fails does not keep the others from their turn, unless upstream's
/// connection, and with it the snapshot, is lost. Tells everything to `reporter`, but not
/// run_finished. Throws for what concerns the run as a whole, and base::Interrupted on a stop.
RunSummary run(const base::Endpoint& upstream, const base::Endpoint& downstream,
               const RunOptions& options, report::Reporter& reporter, const base::StopToken& stop);

} // namespace slicetool::sync
