#include "sync/foreign_keys.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "sql/quote.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

std::string build_dangling_count(const sql::Table& table, const sql::ForeignKey& key)
{
    std::vector<std::string> set;
    std::vector<std::string> joined;
    for (std::size_t at = 0; at < key.columns.size(); ++at) {
        const std::string child = "c." + sql::quote_identifier(key.columns[at]);
        set.push_back(child + " IS NOT NULL");
        joined.push_back(
            fmt::format("p.{} = {}", sql::quote_identifier(key.referenced_columns[at]), child));
    }
    const std::string schema = key.referenced_schema.empty() ? table.schema : key.referenced_schema;
    return fmt::format(
        "SELECT COUNT(*) FROM {} AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM {}.{} AS p WHERE {})",
        table.qualified_name(), base::join(set, " AND "), sql::quote_identifier(schema),
        sql::quote_identifier(key.referenced_table), base::join(joined, " AND "));
}

std::vector<std::string> dangling_references(db::Session& downstream,
                                             const std::vector<const sql::Table*>& tables)
{
    std::vector<std::string> sentences;
    for (const sql::Table* table : tables) {
        for (const auto& key : table->foreign_keys) {
            const auto rows = downstream.query_value(
                fmt::format("check foreign key {} of {}", key.name, table->name),
                build_dangling_count(*table, key));
            if (rows.value_or("0") == "0")
                continue;
            sentences.push_back(fmt::format("Downstream, {} rows of {} refer by foreign key {} to "
                                            "rows of {} that are not there: "
                                            "slice {} too.",
                                            *rows, table->name, key.name, key.referenced_table,
                                            key.referenced_table));
        }
    }
    return sentences;
}

} // namespace slicetool::sync
