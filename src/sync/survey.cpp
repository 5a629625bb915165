#include "sync/survey.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/schema.hpp"
#include "sync/columns.hpp"
#include "sync/key_choice.hpp"
#include "sync/keyless.hpp"
#include "sync/lite_column.hpp"
#include "sync/schema_order.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

std::string key_text(const sql::Index& index)
{
    std::vector<std::string> columns;
    for (const auto& part : index.parts)
        columns.push_back(part.column);
    return fmt::format("{} ({})", index.name, base::join(columns, ", "));
}

void judge(const sql::Table& upstream, const sql::Table& downstream, SurveyedTable& into)
{
    try {
        const MatchedColumns columns = match_columns(upstream, downstream, {});
        const ChosenKey key = choose_key(upstream, downstream, columns, {});
        if (key.upstream != nullptr) {
            into.key = key_text(*key.upstream);
            return;
        }
        into.trouble = key.reason;
        refuse_large_keyless(upstream.name, upstream.estimated_rows);
    } catch (const base::Refusal& refusal) {
        into.refused = true;
        into.trouble = refusal.what();
    }
}

/// Of several that the server sets at every change, any one will do.
std::string find_lite_column(const sql::Table& table)
{
    for (const auto& column : table.columns) {
        if (column.on_update_sql)
            return choose_lite_column(table, column.name)->name;
    }
    return "";
}

SurveyedTable look_at(const sql::Table& upstream, const sql::Table& downstream)
{
    SurveyedTable table;
    table.name = upstream.name;
    table.estimated_rows = upstream.estimated_rows;
    table.estimated_bytes = upstream.estimated_bytes;
    judge(upstream, downstream, table);
    table.lite_column = find_lite_column(upstream);
    return table;
}

} // namespace

std::vector<SurveyedTable> survey(db::Session& upstream, db::Session* downstream)
{
    const auto names = db::list_tables(upstream);
    const auto tables = db::read_tables(upstream, names);
    const auto others =
        downstream != nullptr ? db::read_tables(*downstream, names) : std::vector<sql::Table>{};
    std::vector<const sql::Table*> pointers;
    for (const auto& table : tables)
        pointers.push_back(&table);
    std::vector<SurveyedTable> surveyed;
    for (const std::size_t at : order_by_foreign_keys(pointers).order) {
        const auto other = std::find_if(others.begin(), others.end(), [&](const sql::Table& table) {
            return table.name == tables[at].name;
        });
        surveyed.push_back(look_at(tables[at], other == others.end() ? tables[at] : *other));
    }
    return surveyed;
}

} // namespace slicetool::sync
