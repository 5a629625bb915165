#pragma once

#include <cstdint>
#include <mutex>
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

/// Counts deletes of one table against its limit. Thread-safe.
class DeleteBudget
{
public:
    DeleteBudget(std::string table, const DeleteLimit& limit, std::uint64_t estimated_rows);

    /// Downstream rows counted so far; makes the limit exact.
    void counted(std::uint64_t downstream_rows);

    /// Reserves `rows` deletes. Throws base::Refusal, having reserved nothing, when that is too
    /// many.
    void spend(std::uint64_t rows);

private:
    std::uint64_t limit() const;

    const std::string m_table;
    const DeleteLimit m_limit;
    std::mutex m_mutex;
    std::uint64_t m_downstream_rows;
    std::uint64_t m_spent = 0;
};

} // namespace slicetool::sync
