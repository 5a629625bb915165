#pragma once

#include "db/session.hpp"
#include "sql/table.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace slicetool::sync {

/// "SELECT COUNT(*) …": rows whose foreign key refers to no row.
std::string build_dangling_count(const sql::Table& table, const sql::ForeignKey& key);

/// A sentence for each foreign key of the tables, or to them, that rows violate. Writers run with
/// foreign_key_checks = 0, so this is where it shows that, for example, a parent or a child table
/// was left out of the run.
std::vector<std::string> dangling_references(db::Session& downstream,
                                             const std::vector<const sql::Table*>& tables);

} // namespace slicetool::sync
