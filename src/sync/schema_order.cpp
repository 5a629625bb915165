#include "sync/schema_order.hpp"

#include <algorithm>

namespace slicetool::sync {

namespace {

/// Whether `table` refers to one of those that are still to be created.
bool waits(const sql::Table& table, const std::vector<const sql::Table*>& tables,
           const std::vector<bool>& done)
{
    return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                       [&](const sql::ForeignKey& key) {
                           for (std::size_t other = 0; other < tables.size(); ++other) {
                               const bool refers = tables[other]->name == key.referenced_table &&
                                                   tables[other]->schema == key.referenced_schema;
                               if (refers && !done[other] && tables[other] != &table)
                                   return true;
                           }
                           return false;
                       });
}

} // namespace

SchemaOrder order_by_foreign_keys(const std::vector<const sql::Table*>& tables)
{
    SchemaOrder result;
    result.keys_later.assign(tables.size(), false);
    std::vector<bool> done(tables.size(), false);
    while (result.order.size() < tables.size()) {
        std::size_t next = tables.size();
        std::size_t first_waiting = tables.size();
        for (std::size_t at = 0; at < tables.size() && next == tables.size(); ++at) {
            if (done[at])
                continue;
            if (!waits(*tables[at], tables, done))
                next = at;
            else if (first_waiting == tables.size())
                first_waiting = at;
        }
        if (next == tables.size()) {
            // All wait for each other: one goes first, its keys later.
            next = first_waiting;
            result.keys_later[next] = true;
        }
        done[next] = true;
        result.order.push_back(next);
    }
    return result;
}

} // namespace slicetool::sync
