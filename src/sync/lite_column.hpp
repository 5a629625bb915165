#pragma once

#include "sql/table.hpp"
#include "sync/masks.hpp"

#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

/// A column that tells when a row was last changed.
struct LiteColumn
{
    std::string name;
    /// TIMESTAMP: an instant, read in UTC. Else DATETIME: what the writer's clock showed, in
    /// whatever zone that was.
    bool is_instant = true;
};

/// The column `wanted`, or, if that is empty, the table's only one with ON UPDATE
/// CURRENT_TIMESTAMP; none, if there is no such column. Throws base::Refusal when `wanted` is
/// neither a TIMESTAMP nor a DATETIME of the table, when there are several to choose from,
/// and when it is masked: its values are remembered, and told.
std::optional<LiteColumn> choose_lite_column(const sql::Table& upstream, const std::string& wanted,
                                             const std::vector<Mask>& masks = {});

/// TIMESTAMP and DATETIME.
bool is_point_in_time(const sql::Column& column);

} // namespace slicetool::sync
