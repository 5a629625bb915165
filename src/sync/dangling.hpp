#pragma once

#include "db/session.hpp"
#include "report/reporter.hpp"
#include "sync/subset.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// "SELECT …": the number of rows of downstream whose reference leads to no row, and the least of
/// the values that they have there. `database` holds both tables.
std::string build_dangling(const std::string& database, const Reference& reference);

/// Tells `reporter` of the references by which downstream's rows refer to rows that are not there,
/// also where downstream has no foreign keys. Only of those that begin or end in a table of
/// `written`. What cannot be found out is told, too; only a lost connection throws.
void tell_dangling(db::Session& downstream, const std::vector<Reference>& references,
                   const std::vector<std::string>& written, report::Reporter& reporter);

} // namespace slicetool::sync
