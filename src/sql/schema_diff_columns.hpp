#pragma once

#include "sql/schema_diff.hpp"

#include <set>
#include <string>
#include <vector>

namespace slicetool::sql {

/// The columns' part of diff_schema.
struct ColumnDrifts
{
    std::vector<Drift> drifts;
    /// Lower-case names of columns that are dropped and added again, so that their indexes must be
    /// too.
    std::set<std::string> made_anew;
};

ColumnDrifts diff_columns(const Table& wanted, const Table& found);

/// Pairs of equal checks, by what they mean, are struck off; the rest remains.
struct CheckRest
{
    std::vector<Check> missing;
    std::vector<Check> extra;
};

CheckRest unmatched_checks(const Table& wanted, const Table& found);

} // namespace slicetool::sql
