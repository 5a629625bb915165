#pragma once

#include "sync/lite_column.hpp"
#include "sync/step.hpp"
#include "sync/step_context.hpp"
#include "sync/watermarks.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace slicetool::sync {

/// What may be believed of one table in a run, whatever its steps are.
///
/// Rows that a run copies raise downstream's latest value before all rows that belong before it
/// are there. So what downstream shows is looked at before the first step writes, and what is
/// believed less from then on is remembered before that:
///
///   - a watermark above downstream's latest value is lowered to that: downstream went back, for
///     example to a backup;
///   - nothing is known any more of a table that is going to be emptied (clear, replace);
///   - where nothing was remembered of the table at all, downstream's latest value is believed this
///     once; should the run end before it has remembered more, nothing is.
class TableWatermarks
{
public:
    /// `context` must outlive it. Without RunOptions::watermarks there is only what is shown.
    TableWatermarks(const StepContext& context, const std::vector<Step>& steps);

    /// Up to which time changes are known of the rows in `shown_where` (SQL; empty: all); empty:
    /// nothing is. `wanted` says of which column and terms.
    std::optional<std::string> known_until(Watermark wanted, const std::string& shown_where);

    void remember(const Watermark& mark);

    /// To be called before a comparison with these terms writes: rows of other terms, which it may
    /// delete or overwrite, are unknown from then on.
    void keep_only(const std::string& terms);

private:
    struct Shown
    {
        std::optional<std::string> latest;
        std::optional<std::string> with_margin; ///< no change after it is dated earlier than this
    };

    const StepContext& m_context;
    std::vector<Watermark> m_before; ///< what was remembered before the first step
    std::map<std::pair<std::string, std::string>, Shown> m_shown; ///< by column and condition

    Shown look(const std::string& column, const std::string& where);
    void lower(Watermark& mark);
    void forget();
    void look_for_lite(const Step& step);
};

} // namespace slicetool::sync
