#pragma once

#include <array>
#include <string_view>

/// Named moments of a run, at which a test may let the process die or stand still. Only builds with
/// the CMake option SLICETOOL_STAGE_HOOK have them; in others a call is nothing.
namespace slicetool::base {

/// In the order in which a run meets them, if it meets all.
enum class Stage {
    connected,         ///< the sessions of both sides are open, and upstream's snapshot
    definitions_read,  ///< of all tables
    table_planned,     ///< and its first and last keys are known
    ranges_compared,   ///< the fingerprints of some ranges of the first level
    parts_compared,    ///< the fingerprints of parts of ranges that differed
    rows_listed,       ///< the rows of small ranges that differ
    batch_begun,       ///< a transaction is open, nothing is written
    batch_deleted,     ///< its changed and extra rows are deleted
    batch_inserted,    ///< its rows are copied
    batch_proven,      ///< its fingerprints are upstream's
    undo_saved,        ///< and the rows that it changes are on disk
    batch_committed,   ///<
    victims_found,     ///< a batch needs rows outside of it: they hold its unique values
    victims_deleted,   ///< with the rows of the batch
    victims_inserted,  ///< with the rows of the batch
    victims_proven,    ///< with the rows of the batch
    victims_committed, ///<
    portion_deleted,   ///< rows of a range that upstream does not have, committed
    bulk_begun,        ///< rows beyond downstream's last key: a transaction is open
    bulk_streaming,    ///< some thousand rows are on their way
    bulk_loaded,       ///< downstream has taken the transaction's rows
    bulk_proven,       ///< and has the fingerprints of what was sent
    bulk_committed,    ///<
    table_finished,    ///<
    undo_looked,       ///< ranges that undo may empty are fingerprinted; no slice meets it
    batch_undone,      ///< the way back of one batch is committed; no slice meets it
    count              ///< no stage: how many there are
};

/// The stages' names as SLICETOOL_KILL_AT and SLICETOOL_STOP_AT take them.
constexpr std::array<std::string_view, static_cast<std::size_t>(Stage::count)> k_stage_names = {
    "connected",      "definitions_read",  "table_planned",   "ranges_compared", "parts_compared",
    "rows_listed",    "batch_begun",       "batch_deleted",   "batch_inserted",  "batch_proven",
    "undo_saved",     "batch_committed",   "victims_found",   "victims_deleted", "victims_inserted",
    "victims_proven", "victims_committed", "portion_deleted", "bulk_begun",      "bulk_streaming",
    "bulk_loaded",    "bulk_proven",       "bulk_committed",  "table_finished",  "undo_looked",
    "batch_undone"};

#ifdef SLICETOOL_STAGE_HOOK
/// Ends the process with SIGKILL, or stops it with SIGSTOP, where the environment variables
/// SLICETOOL_KILL_AT and SLICETOOL_STOP_AT say so: "batch_proven", every time; "batch_proven:3",
/// the third time; "batch_committed,bulk_committed", at both. From any thread.
void at(Stage stage);
#else
inline void at(Stage) {}
#endif

} // namespace slicetool::base
