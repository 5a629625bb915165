#include "sync/upstream_query.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// Without the semicolons and blanks that a person may end it with.
std::string trimmed(const std::string& query)
{
    const auto end = query.find_last_not_of("; \t\r\n");
    return end == std::string::npos ? "" : query.substr(0, end + 1);
}

} // namespace

UpstreamQuery read_query(db::Session& upstream, const std::string& table, const std::string& query)
{
    // On a line of its own the bracket is safe from a comment at the query's end.
    UpstreamQuery read{fmt::format("({}\n) AS {}", trimmed(query), k_query_name), {}};
    db::Result result =
        upstream.query("ask for the columns of the query for " + table,
                       fmt::format("/* slicetool table={} query */ SELECT * FROM {} LIMIT 0",
                                   sql::comment_text(table), read.from));
    for (std::size_t at = 0; at < result.columns(); ++at)
        read.columns.push_back(result.name(at));
    return read;
}

std::string column_of_query(const std::string& name)
{
    return fmt::format("{}.{}", k_query_name, sql::quote_identifier(name));
}

std::vector<std::string> columns_for(const UpstreamQuery& query,
                                     const std::vector<std::string>& wanted)
{
    std::vector<std::string> columns;
    for (const auto& name : wanted) {
        const auto found =
            std::find_if(query.columns.begin(), query.columns.end(), [&](const auto& column) {
                return base::equal_ignoring_case(column, name);
            });
        if (found != query.columns.end())
            columns.push_back(*found);
    }
    if (columns.size() == wanted.size())
        return columns;
    if (!columns.empty() || query.columns.size() != wanted.size())
        return {};
    return query.columns;
}

} // namespace slicetool::sync
