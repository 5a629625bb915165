#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace slicetool::sync {

/// How many rows may go downstream without upstream having them (`--max-delete`).
struct DeleteLimit
{
    bool unlimited = false;
    std::optional<std::uint64_t> rows; ///< an absolute number; empty: by the defaults below
    double fraction = 0.10;            ///< of downstream's rows
    std::uint64_t at_least =
        1000; ///< that many are always allowed when no absolute number was given
};

/// Throws base::Refusal when `rows` of the table's `downstream_rows` would be deleted and that is
/// too many. To be asked once, when the whole table has been compared and none is deleted yet.
void refuse_many_deletes(const std::string& table, const DeleteLimit& limit, std::uint64_t rows,
                         std::uint64_t downstream_rows);

} // namespace slicetool::sync
