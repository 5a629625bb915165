#pragma once

#include "sql/table.hpp"
#include "sync/masks.hpp"

#include <map>
#include <string>
#include <vector>

/// Subsets that hold together: which rows of a table are in a slice, when rows of other tables that
/// it refers to are not. docs/subsets.md.
namespace slicetool::sync {

/// Rows of `child` name rows of `parent`.
struct Reference
{
    std::string child;
    std::vector<std::string> child_columns;
    std::string parent;
    std::vector<std::string> parent_columns; ///< as many
    std::string place; ///< "shop.yaml:12", for messages; empty: upstream's foreign key
};

/// "orders.customer_id -> customers.id", "items(shop, no) -> orders(shop, no)".
std::string describe(const Reference& reference);

/// What the job says of one of its tables.
struct SubsetTable
{
    std::string name;
    std::string where; ///< the table's own; empty: every row
    bool skip = false;
    std::vector<Mask> masks;
};

/// Which references the slice follows.
struct FollowOptions
{
    bool automatic = false; ///< upstream's foreign keys, besides `references`
    std::vector<Reference> references;
    bool pull_parents = false;
    std::vector<SubsetTable> tables; ///< all of the job, also those that this run leaves out

    bool active() const { return automatic || !references.empty(); }
};

/// What is added to a table's condition. A row is in the slice if (`where` and `restriction`) or
/// `pulled`.
struct SubsetCondition
{
    std::string restriction; ///< empty: none
    std::string pulled;      ///< empty: no row comes along for another's sake
};

/// How the references of a job shape it.
struct Subset
{
    std::map<std::string, SubsetCondition>
        conditions;                  ///< by table; without those it does not change
    std::vector<Reference> followed; ///< the others refer to skipped tables, or are left out
    std::vector<std::string> notes;  ///< what the user should know, in sentences
};

/// Pure: `upstream` holds the definitions of the job's tables, by name. Throws base::Refusal for
/// references that name no such table or column, or masked ones, and for cycles.
Subset build_subset(const FollowOptions& options,
                    const std::map<std::string, sql::Table>& upstream);

/// The condition of the rows of a table with that own condition.
std::string with_subset(const std::string& where, const SubsetCondition& condition);

} // namespace slicetool::sync
