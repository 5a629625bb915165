#include "sync/delete_limit.hpp"

#include "base/error.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

std::uint64_t allowed(const DeleteLimit& limit, std::uint64_t downstream_rows)
{
    if (limit.rows)
        return *limit.rows;
    const auto share =
        static_cast<std::uint64_t>(limit.fraction * static_cast<double>(downstream_rows));
    return std::max(limit.at_least, share);
}

} // namespace

void refuse_many_deletes(const std::string& table, const DeleteLimit& limit, std::uint64_t rows,
                         std::uint64_t downstream_rows)
{
    const std::uint64_t most = allowed(limit, downstream_rows);
    if (limit.unlimited || rows <= most)
        return;
    throw base::Refusal(
        fmt::format("Table {}: {} rows exist downstream only and would be deleted, more than "
                    "--max-delete allows ({}). Not "
                    "one of them was deleted. If they shall go, raise --max-delete.",
                    table, base::format_count(rows), base::format_count(most)));
}

} // namespace slicetool::sync
