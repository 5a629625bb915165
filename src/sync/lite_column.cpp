#include "sync/lite_column.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <vector>

namespace slicetool::sync {

namespace {

LiteColumn described(const sql::Column& column)
{
    return {column.name, column.kind == sql::TypeKind::timestamp};
}

std::optional<LiteColumn> choose(const sql::Table& upstream, const std::string& wanted)
{
    if (!wanted.empty()) {
        const sql::Column* column = upstream.find_column(wanted);
        if (column == nullptr || !is_point_in_time(*column))
            throw base::Refusal(fmt::format(
                "Table {}: {}, so that a lite step cannot find changed rows by it.", upstream.name,
                column == nullptr
                    ? fmt::format("upstream has no column {}", wanted)
                    : fmt::format("column {} is {}, neither a TIMESTAMP nor a DATETIME", wanted,
                                  column->column_type)));
        return described(*column);
    }
    std::vector<const sql::Column*> found;
    std::vector<std::string> names;
    for (const auto& column : upstream.columns) {
        if (!is_point_in_time(column) || !column.on_update_sql)
            continue;
        found.push_back(&column);
        names.push_back(column.name);
    }
    if (found.size() > 1)
        throw base::Refusal(fmt::format(
            "Table {}: the columns {} all have ON UPDATE. Name the one by which a lite step shall "
            "find changed rows: lite: {{column: {}}}.",
            upstream.name, base::join(names, ", "), names.front()));
    return found.empty() ? std::nullopt : std::optional(described(*found.front()));
}

} // namespace

bool is_point_in_time(const sql::Column& column)
{
    return column.kind == sql::TypeKind::timestamp || column.kind == sql::TypeKind::datetime;
}

std::optional<LiteColumn> choose_lite_column(const sql::Table& upstream, const std::string& wanted,
                                             const std::vector<Mask>& masks)
{
    auto column = choose(upstream, wanted);
    if (!column)
        return column;
    if (const Mask* mask = find_mask(masks, column->name))
        throw base::Refusal(fmt::format(
            "Table {}: a lite step would find changed rows by column {}, which is masked ({}), and "
            "remembers and tells its values. Name another column (lite: {{column: …}}), or use "
            "sync.",
            upstream.name, column->name, describe(*mask)));
    return column;
}

} // namespace slicetool::sync
