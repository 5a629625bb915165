#pragma once

#include "commands/connection_options.hpp"
#include "report/reporter.hpp"
#include "sync/alternator.hpp"
#include "sync/run.hpp"

#include <memory>

namespace slicetool::commands {

/// For commands that write: when the job alternates between two databases, makes `connections.to`
/// the one that is not in use, tells it, and keeps others away for as long as the result lives.
/// Null when it does not, or --to names the database.
std::unique_ptr<sync::Alternator> begin_alternation(Connections& connections,
                                                    report::Reporter& reporter);

/// For commands that only compare: makes `connections.to` the one that is in use. Throws
/// base::UsageError when none is yet.
void compare_database_in_use(Connections& connections);

/// Puts the target in use if the run has covered the whole job and everything in it is proven;
/// tells it, or why not. `alternator` may be null.
void end_alternation(sync::Alternator* alternator, const sync::RunSummary& summary,
                     const sync::RunOptions& options, bool covers_job, report::Reporter& reporter);

} // namespace slicetool::commands
