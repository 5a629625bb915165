#pragma once

#include "base/stop.hpp"
#include "db/session.hpp"
#include "report/reporter.hpp"
#include "sql/ddl.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace slicetool::sync {

struct PullSchemaOptions
{
    std::vector<std::string> tables;   ///< empty: all base tables of upstream
    std::vector<std::string> optional; ///< of `tables`: upstream may lack them
    std::vector<std::string> exclude;
    std::vector<std::string> recreate; ///< dropped downstream and created again, even if equal
    sql::ForeignKeys foreign_keys = sql::ForeignKeys::leave_out;
    bool alter = false;        ///< repair drift; else only tell it
    bool drop_columns = false; ///< with alter: columns that only downstream has go
    bool dry_run = false;      ///< tell the statements, run none
    base::StopToken stop;
};

/// How many tables ended how.
struct PullSchemaSummary
{
    std::size_t equal = 0;
    std::size_t created = 0; ///< recreated ones too
    std::size_t altered = 0;
    std::size_t drifting = 0; ///< drift remains; in a dry run also what would be created or altered
    std::size_t refused = 0;
    std::size_t failed = 0;

    /// 0: all equal now. 1: drift remains. 2: something was refused or failed.
    int exit_status() const;
};

/// Makes downstream's table definitions those of upstream: creates the missing tables, in the order
/// of their foreign keys; compares the others and repairs them if asked. Every created or altered
/// table is read back and compared again. Never drops a table that is not in `recreate`. Tells a
/// SchemaResult for each table to `reporter`, but neither run_started nor run_finished.
///
/// `downstream` must be a writer session; its character set is utf8mb4 while statements run and
/// binary again afterwards. Throws base::UsageError for names that upstream lacks, db::Error when a
/// connection is lost and base::Interrupted on a stop; what one table's statements fail with is
/// told in its result.
PullSchemaSummary pull_schema(db::Session& upstream, db::Session& downstream,
                              const PullSchemaOptions& options, report::Reporter& reporter);

} // namespace slicetool::sync
