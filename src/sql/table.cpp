#include "sql/table.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace slicetool::sql {

std::string_view family_name(Family family)
{
    return family == Family::mariadb ? "MariaDB" : "MySQL";
}

const Column* Table::find_column(std::string_view column_name) const
{
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& column) {
        return base::equal_ignoring_case(column.name, column_name);
    });
    return found == columns.end() ? nullptr : &*found;
}

const Index* Table::find_index(std::string_view index_name) const
{
    const auto found = std::find_if(indexes.begin(), indexes.end(), [&](const Index& index) {
        return base::equal_ignoring_case(index.name, index_name);
    });
    return found == indexes.end() ? nullptr : &*found;
}

const Index* Table::primary_key() const
{
    return find_index("PRIMARY");
}

std::string Table::qualified_name() const
{
    return quote_identifier(schema) + "." + quote_identifier(name);
}

bool Table::shows_other_tables() const
{
    static constexpr std::array<std::string_view, 5> k_windows{"federated", "spider", "connect",
                                                               "mrg_myisam", "merge"};
    const std::string lower = base::ascii_lower(engine);
    return std::find(k_windows.begin(), k_windows.end(), lower) != k_windows.end();
}

bool Table::is_transactional() const
{
    return base::equal_ignoring_case(engine, "InnoDB") ||
           base::equal_ignoring_case(engine, "RocksDB");
}

} // namespace slicetool::sql
