#include "sync/dangling.hpp"

#include "base/text.hpp"
#include "report/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// A column of the child, and the parent's column that it names.
struct Columns
{
    std::vector<std::string> child;
    std::vector<std::string> set;
    std::vector<std::string> joined;
};

Columns columns_of(const Reference& reference)
{
    Columns columns;
    for (std::size_t at = 0; at < reference.child_columns.size(); ++at) {
        const std::string child = "c." + sql::quote_identifier(reference.child_columns[at]);
        columns.child.push_back(child);
        columns.set.push_back(child + " IS NOT NULL");
        columns.joined.push_back(
            fmt::format("p.{} = {}", sql::quote_identifier(reference.parent_columns[at]), child));
    }
    return columns;
}

bool concerns(const Reference& reference, const std::vector<std::string>& tables)
{
    return std::any_of(tables.begin(), tables.end(), [&](const std::string& table) {
        return table == reference.child || table == reference.parent;
    });
}

void tell_one(db::Session& downstream, const Reference& reference, report::Reporter& reporter)
{
    const std::string name = describe(reference);
    try {
        db::Result row =
            downstream.query("look for dangling references " + name,
                             build_dangling(downstream.endpoint().database, reference));
        if (!row.next() || row.number(0) == 0)
            return;
        const report::DanglingReference found{reference.child, name, row.number(0),
                                              report::shortened(row.text(1))};
        reporter.dangling(found);
        reporter.note(
            reference.child, report::Severity::warning,
            fmt::format("Downstream, {} of {} refer by {} to rows that are not there, for "
                        "example by the value {}.",
                        base::count_of(found.rows, "row", "rows"), reference.child, name,
                        found.example));
    } catch (const db::Error& failure) {
        if (failure.connection_lost())
            throw;
        reporter.note(reference.child, report::Severity::warning,
                      fmt::format("Whether rows of {} refer by {} to rows that are not there is "
                                  "unknown: {}",
                                  reference.child, name, failure.what()));
    }
}

} // namespace

std::string build_dangling(const std::string& database, const Reference& reference)
{
    const Columns columns = columns_of(reference);
    const std::string schema = sql::quote_identifier(database);
    return fmt::format("SELECT COUNT(*), MIN(CONCAT_WS(CAST(', ' AS BINARY), {})) FROM {}.{} AS c "
                       "WHERE {} AND NOT EXISTS (SELECT 1 FROM {}.{} AS p WHERE {})",
                       base::join(columns.child, ", "), schema,
                       sql::quote_identifier(reference.child), base::join(columns.set, " AND "),
                       schema, sql::quote_identifier(reference.parent),
                       base::join(columns.joined, " AND "));
}

void tell_dangling(db::Session& downstream, const std::vector<Reference>& references,
                   const std::vector<std::string>& written, report::Reporter& reporter)
{
    for (const auto& reference : references) {
        if (concerns(reference, written))
            tell_one(downstream, reference, reporter);
    }
}

} // namespace slicetool::sync
