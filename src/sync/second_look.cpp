#include "sync/second_look.hpp"

#include "base/text.hpp"
#include "sync/difference_listing.hpp"
#include "sync/recheck.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

void list(const StepContext& context, const TablePair& pair, const RangeDifference& difference,
          SessionPair& sessions)
{
    if (context.options.listing.keys)
        list_difference(pair, difference, context.options.listing, sessions, context.reporter);
}

void note(const StepContext& context, const std::string& sentence)
{
    context.reporter.note(context.table, report::Severity::info, sentence);
}

} // namespace

std::optional<RangeDifference> look_again(const StepContext& context, const TablePair& pair,
                                          const HeldDifferences& held, report::TableResult& result)
{
    if (context.options.rechecks == 0 || result.differing() == 0)
        return std::nullopt;
    SessionPair& first = context.sessions();
    if (!held.complete()) {
        note(context, "Too many rows differ for a second look at each of them.");
        for (const auto& difference : held.differences())
            list(context, pair, difference, first);
        return std::nullopt;
    }
    Recheck later(pair, first.upstream(), first.downstream(), context.stop);
    Rechecked rechecked = later.run(held.differences(), context.options.rechecks);
    result.in_flight = rechecked.in_flight;
    result.missing = rechecked.remaining.missing.size();
    result.extra = rechecked.remaining.extra.size();
    result.changed = rechecked.remaining.changed.size();
    if (rechecked.in_flight > 0)
        note(context, fmt::format("{} differed at the first look and {} equal at a later one: "
                                  "changes were in flight.",
                                  base::count_of(rechecked.in_flight, "row", "rows"),
                                  rechecked.in_flight == 1 ? "was" : "were"));
    list(context, pair, rechecked.remaining, later.sessions());
    return rechecked.remaining;
}

} // namespace slicetool::sync
