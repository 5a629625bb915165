#pragma once

#include "sql/ddl.hpp"
#include "sql/table.hpp"

#include <string>
#include <vector>

/// How a table's definition differs from the one wanted, and the ALTER TABLE that ends it. Pure.
namespace slicetool::sql {

/// harmless: values and keys mean the same on both sides (comments, defaults, indexes, order of
/// columns). data: downstream may not hold upstream's rows exactly, or may compare them otherwise.
enum class DriftEffect { harmless, data };

/// Where in a repair a clause stands; up to `option` all are one ALTER TABLE, the others one each.
enum class AlterStage {
    drop_foreign_key,
    drop_index,
    drop_check,
    drop_column,
    column,
    add_index,
    add_check,
    option,
    partition,
    add_foreign_key
};

struct AlterClause
{
    AlterStage stage = AlterStage::option;
    std::string text;
};

/// One thing that differs.
struct Drift
{
    std::string sentence; ///< with both definitions
    DriftEffect effect = DriftEffect::harmless;
    /// The repair throws away values that downstream holds: a column or the history goes.
    bool drops = false;
    std::vector<AlterClause> repair;
};

/// Compares column by column, index by index, then checks, options, partitions, and foreign keys if
/// they are kept. `wanted` is upstream's definition in the words of downstream's family (see
/// translate). Counters, display widths, spellings and foreign keys that are not kept are no drift.
std::vector<Drift> diff_schema(const Table& wanted, const Table& found, ForeignKeys foreign_keys);

enum class Drops { refuse, allow };

/// The statements that repair `drifts` of `table`, in order; those that drop only where allowed.
std::vector<std::string> build_alter_table(const std::string& table,
                                           const std::vector<Drift>& drifts, Drops drops);

} // namespace slicetool::sql
