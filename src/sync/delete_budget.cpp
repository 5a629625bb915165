#include "sync/delete_budget.hpp"

#include "base/error.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

DeleteBudget::DeleteBudget(std::string table, const DeleteLimit& limit,
                           std::uint64_t estimated_rows)
    : m_table(std::move(table)), m_limit(limit), m_downstream_rows(estimated_rows)
{
}

void DeleteBudget::counted(std::uint64_t downstream_rows)
{
    const std::scoped_lock lock(m_mutex);
    m_downstream_rows = downstream_rows;
}

std::uint64_t DeleteBudget::limit() const
{
    if (m_limit.rows)
        return *m_limit.rows;
    const auto share =
        static_cast<std::uint64_t>(m_limit.fraction * static_cast<double>(m_downstream_rows));
    return std::max(m_limit.at_least, share);
}

void DeleteBudget::spend(std::uint64_t rows)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_limit.unlimited && m_spent + rows > limit())
        throw base::Refusal(
            fmt::format("Table {}: {} rows exist downstream only and would be deleted, more than "
                        "--max-delete allows ({}). Not "
                        "one of them was deleted. If they shall go, raise --max-delete.",
                        m_table, base::format_count(m_spent + rows), base::format_count(limit())));
    m_spent += rows;
}

} // namespace slicetool::sync
