#pragma once

#include "sync/lite_column.hpp"
#include "sync/step_context.hpp"
#include "sync/watermarks.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace slicetool::sync {

/// Up to which time a lite step's changes are known downstream, and what the next run may believe.
/// Times are texts "2026-01-31 03:15:00.000000" in the column's own zone, so that they sort.
///
/// What is known is known of the step's rows and values: it rests on the step's condition with what
/// `follow` adds, on its columns, masks and their key, on both definitions, and on both databases.
/// A step with other terms knows nothing of it.
class LiteWatermark
{
public:
    /// The references must outlive it.
    LiteWatermark(const StepContext& context, const TablePair& pair, const LiteColumn& column);

    /// Rows with a value from here on may have changed; empty: all rows. What TableWatermarks
    /// knows, less `overlap`.
    std::optional<std::string> changed_since(std::chrono::seconds overlap);

    /// When the rows have been copied: keeps what the next run may rely on, upstream's latest value
    /// (build_latest_change).
    void remember();

private:
    const StepContext& m_context;
    const TablePair& m_pair;
    const LiteColumn& m_column;
    Watermark m_mark;
};

} // namespace slicetool::sync
