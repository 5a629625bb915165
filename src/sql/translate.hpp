#pragma once

#include "sql/table.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace slicetool::sql {

/// What a server can hold.
struct Target
{
    Family family = Family::mariadb;
    std::uint32_t version_number = 0; ///< 101119, 90701
    std::set<std::string> collations; ///< lower case
    std::set<std::string> engines;    ///< lower case
};

/// A table's definition as it is to be on another server.
struct Translation
{
    Table table;                        ///< of the target's family
    std::vector<std::string> sentences; ///< what was translated, and into what
    std::vector<std::string> refusals;  ///< why it cannot be there; `table` is not to be used then
    std::vector<std::string> warnings;  ///< what the source server itself may show wrongly

    template<typename... Arguments>
    void say(fmt::format_string<Arguments...> format, Arguments&&... arguments)
    {
        sentences.push_back(fmt::format(format, std::forward<Arguments>(arguments)...));
    }

    template<typename... Arguments>
    void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments)
    {
        refusals.push_back(fmt::format(format, std::forward<Arguments>(arguments)...));
    }
};

/// The definition of `table` for the target. On a server of the same family with the same
/// collations and engines it is `table` itself. Every column value has the same bytes on both sides
/// afterwards.
Translation translate(const Table& table, const Target& target);

/// The collation of the target that is most like `collation`: itself, another spelling of it, or
/// the closest of the same character set. Empty when the target lacks the character set.
std::optional<std::string> nearest_collation(const std::string& collation, const Target& target);

/// Whether a check is MariaDB's JSON: json_valid of a single column. Gives the column's name.
std::optional<std::string> json_valid_column(const Check& check);

} // namespace slicetool::sql
