#pragma once

#include "sync/lite_column.hpp"
#include "sync/step_context.hpp"

#include <optional>
#include <string>

namespace slicetool::sync {

/// Up to which time a table's changes are known downstream, and what the next run may believe.
/// Times are texts "2026-01-31 03:15:00.000000" in the column's own zone, so that they sort.
///
/// A row that was written after a snapshot was taken is dated no earlier than the snapshot: of a
/// TIMESTAMP column by upstream's clock; of a DATETIME column by a clock in some zone, so by up to
/// 12 hours less (no zone is further behind UTC). So the watermark that a run leaves behind is the
/// greatest value that it saw, or that earliest time of a later change, whichever comes first: a
/// row from the future does not hide changes, and neither does an hour that is shown twice when
/// summer ends.
class LiteWatermark
{
public:
    /// The references must outlive it.
    LiteWatermark(const StepContext& context, const TablePair& pair, const LiteColumn& column);

    /// Rows with a value from here on may have changed; empty: all rows. What was remembered, or,
    /// if downstream shows less or nothing was, downstream's greatest value; less `overlap`. A
    /// column that is excluded or masked shows nothing downstream.
    std::optional<std::string> changed_since(std::chrono::seconds overlap);

    /// When the rows have been copied: keeps what the next run may rely on.
    void remember();

private:
    std::optional<std::string> ask(db::Session& session, const TableSide& side,
                                   const std::string& value);
    std::string earliest_later_change() const;
    bool is_copied() const;
    std::optional<std::string> known_until();

    const StepContext& m_context;
    const TablePair& m_pair;
    const LiteColumn& m_column;
};

} // namespace slicetool::sync
