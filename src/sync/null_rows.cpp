#include "sync/null_rows.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sync/reads.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

std::vector<std::size_t> stricter_columns(const TablePair& pair)
{
    std::vector<std::size_t> positions;
    const auto& up = pair.upstream.encoding.columns();
    const auto& down = pair.downstream.encoding.columns();
    for (std::size_t at = 0; at < up.size(); ++at) {
        if (up[at].nullable && !down[at].nullable)
            positions.push_back(at);
    }
    return positions;
}

std::string build_null_row(const TablePair& pair, std::size_t position)
{
    const TableSide& side = pair.upstream;
    std::vector<std::string> values;
    for (const auto& column : side.key)
        values.push_back(column.value_sql);
    if (pair.keyless)
        values.push_back("1");
    return fmt::format(
        "/* slicetool table={} nulls */ SELECT {} FROM {} WHERE {} IS NULL{} LIMIT 1",
        sql::comment_text(side.name), base::join(values, ", "), side.table,
        sql::quote_identifier(side.encoding.columns()[position].name),
        side.where.empty() ? "" : " AND (" + side.where + ")");
}

void refuse_nulls(db::Session& upstream, const TablePair& pair)
{
    for (const std::size_t at : stricter_columns(pair)) {
        const std::string& column = pair.upstream.encoding.columns()[at].name;
        const auto row =
            read_key(upstream, pair.upstream,
                     fmt::format("look for NULLs in {} of {}", column, pair.upstream.name),
                     build_null_row(pair, at));
        if (row)
            throw base::Refusal(fmt::format(
                "Table {}: column {} is NULL upstream in {}, and NOT NULL downstream. Make the "
                "columns alike, for example by pull_schema --alter.",
                pair.upstream.name, column,
                pair.keyless ? "some row" : "the row with " + describe(pair.upstream.key, *row)));
    }
}

} // namespace slicetool::sync
