#include "sync/stored_side.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sync/key_choice.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// The unique key of exactly these columns.
const sql::Index& index_of(const sql::Table& table, const std::vector<std::string>& key)
{
    const auto found =
        std::find_if(table.indexes.begin(), table.indexes.end(), [&](const sql::Index& index) {
            return index.unique &&
                   std::equal(index.parts.begin(), index.parts.end(), key.begin(), key.end(),
                              [](const sql::IndexPart& part, const std::string& name) {
                                  return !part.prefix_length &&
                                         base::equal_ignoring_case(part.column, name);
                              });
        });
    if (found == table.indexes.end())
        throw base::Refusal(
            fmt::format("Table {} has no unique key ({}): it was altered since the run.",
                        table.name, base::join(key, ", ")));
    return *found;
}

} // namespace

TableSide stored_side(const sql::Table& table, const std::vector<std::string>& key,
                      hash::DigestKind digest, std::uint64_t group_concat_bytes)
{
    std::vector<hash::EncodedColumn> columns;
    for (const sql::Column& column : table.columns) {
        if (is_stored(column))
            columns.push_back(encoded(column, hash::natural_form(column)));
    }
    std::vector<KeyColumn> key_columns;
    std::vector<std::string> names;
    for (const auto& name : key) {
        const sql::Column* column = table.find_column(name);
        if (column == nullptr)
            throw base::Refusal(fmt::format(
                "Table {} has no column {}: it was altered since the run.", table.name, name));
        key_columns.push_back(describe_key_column(*column, hash::natural_form(*column)));
        names.push_back(sql::quote_identifier(column->name));
    }
    const std::string key_list = base::join(names, ", ");
    const std::string qualified = table.qualified_name();
    std::string from = qualified;
    bool in_order = true;
    if (!key.empty()) {
        const sql::Index& index = index_of(table, key);
        in_order = scans_in_key_order(table, index);
        if (!index.ignored)
            from += fmt::format(" FORCE INDEX ({})", sql::quote_identifier(index.name));
    }
    hash::RowEncoding encoding(std::move(columns), digest);
    hash::FingerprintQuery fingerprint(encoding, group_concat_bytes, in_order ? "" : key_list);
    return {qualified, from, table.name,          key_columns,
            key_list,  "",   std::move(encoding), std::move(fingerprint)};
}

std::vector<undo::Column> stored_columns(const sql::Table& table)
{
    std::vector<undo::Column> columns;
    for (const sql::Column& column : table.columns) {
        if (is_stored(column))
            columns.push_back(
                {column.name, column.charset.empty()
                                  ? column.column_type
                                  : column.column_type + " CHARACTER SET " + column.charset});
    }
    return columns;
}

std::vector<std::size_t> key_positions(const TableSide& side)
{
    std::vector<std::size_t> positions;
    const auto& columns = side.encoding.columns();
    for (const auto& key : side.key) {
        const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& column) {
            return column.name == key.name;
        });
        positions.push_back(static_cast<std::size_t>(found - columns.begin()));
    }
    return positions;
}

} // namespace slicetool::sync
