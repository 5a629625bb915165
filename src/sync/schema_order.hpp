#pragma once

#include "sql/table.hpp"

#include <cstddef>
#include <vector>

namespace slicetool::sync {

/// In which order to create tables so that what a foreign key refers to is there first.
struct SchemaOrder
{
    std::vector<std::size_t> order; ///< positions in `tables`
    /// By position in `tables`: its foreign keys are to be added after all tables were created,
    /// because it is part of a cycle.
    std::vector<bool> keys_later;
};

/// Ties keep the order of `tables`. References to itself, or to tables that are not among them,
/// wait for nothing.
SchemaOrder order_by_foreign_keys(const std::vector<const sql::Table*>& tables);

} // namespace slicetool::sync
