#pragma once

#include "sync/run.hpp"
#include "sync/session_pair.hpp"
#include "sync/step.hpp"
#include "sync/table_pair.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

class TableWatermarks;

/// What the steps of one table work with; all references outlive them.
struct StepContext
{
    const std::string& table;
    const sql::Table* upstream;   ///< null: there is none, and no step needs it
    const sql::Table* downstream; ///< never null while steps run
    const RunOptions& options;
    const DeleteLimit& delete_limit; ///< the table's, else the run's
    /// Just before upstream's snapshot was taken, by its clock, in UTC, with six digits after the
    /// point.
    const std::string& snapshot_time;
    hash::DigestKind digest;
    std::vector<SessionPair>& workers; ///< not empty; a step that needs no more uses the first
    report::Reporter& reporter;
    const base::StopToken& stop;
    /// Set for a table that is only compared and made equal; null: nothing is remembered of it.
    ProvenRanges* proven = nullptr;
    /// Statements of earlier tables' steps have run, and may have changed what was proven before.
    bool statements_have_run = false;
    TableWatermarks* watermarks = nullptr; ///< set for lite steps

    bool writes() const { return options.mode == Mode::make_equal; }
    SessionPair& sessions() const { return workers.front(); }
    std::uint64_t estimated_rows() const
    {
        return (upstream != nullptr ? upstream : downstream)->estimated_rows;
    }
};

/// The table is there where it is needed, and, if it is to be written, may be: throws
/// base::Refusal. Warns of engines that know no transactions.
void check_definitions(const StepContext& context, bool reads_upstream);

/// The same again, when statements may have altered the downstream table, which had the engine
/// `engine` before.
void check_altered(const StepContext& context, bool reads_upstream, const std::string& engine);

/// plan_table_pair for the context's servers, and its tables or others.
TablePair match_tables(const StepContext& context, const TableChoices& choices);
TablePair match_tables(const StepContext& context, const sql::Table& upstream,
                       const sql::Table& downstream, const TableChoices& choices);

/// What a step that compares rows begins with: matches the definitions, tells what the user should
/// know, and checks what must be known before rows are compared or written. Throws base::Refusal.
TablePair plan_step(const StepContext& context, const TableChoices& choices);

/// SHOW CREATE TABLE without the next AUTO_INCREMENT, which rises as rows come.
std::string without_counter(std::string statement);

/// Downstream's table as a pair with itself, for steps that delete all of its rows. Throws
/// base::Refusal as plan_table_pair does.
TablePair whole_table(const StepContext& context);

/// To be called when upstream's session has read the table: from then on its transaction keeps the
/// table from being altered. Most changes made since the definition was read are errors by
/// themselves (the snapshot is older than the table); this finds the others, such as a column that
/// was added at once. Throws base::Error.
void require_unaltered(const StepContext& context);

/// Reads the upstream table for the first time, and requires it unaltered.
void open_upstream(const StepContext& context);

/// For a step that has looked at every row that it is about: equal, made_equal or different.
report::Outcome outcome_of(const report::TableResult& result, Mode mode);

} // namespace slicetool::sync
