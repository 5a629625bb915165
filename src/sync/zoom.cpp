#include "sync/zoom.hpp"

#include "sync/planner.hpp"
#include "sync/reads.hpp"

#include <algorithm>

namespace slicetool::sync {

namespace {

/// A range of at most this many rows on either side is listed row by row: about 30 bytes a row,
/// less than the round trips of splitting it further.
constexpr std::uint64_t k_leaf_rows = 100;

/// The same where splitting needs a statement of its own, to find the keys to cut at. (Samples hit
/// with gaps of every size: of parts that hold 64 rows on average every fifth holds more than 100.)
constexpr std::uint64_t k_uncut_leaf_rows = 400;

/// A range of at most this many rows on either side is compared row by row by a server that has
/// both sides: no row travels, and looking at each costs it about twice a fingerprint.
constexpr std::uint64_t k_local_leaf_rows = 4'000;

/// A differing range is split into at most about this many parts at once.
constexpr std::size_t k_parts = 16;

/// Ids spread so unevenly that splitting by id arithmetic does not help are cut at real keys
/// instead, as long as the servers can count through them in a moment.
constexpr std::uint64_t k_rows_cut_by_counting = 50'000;

} // namespace

std::uint64_t larger_side(const Suspect& suspect)
{
    return std::max(suspect.upstream.rows, suspect.downstream.rows);
}

bool is_leaf(const TablePair& pair, const Suspect& suspect, bool local)
{
    const auto& zoom = pair.choices.zoom;
    const std::uint64_t rows = larger_side(suspect);
    if (zoom.empty() && local && suspect.upstream.complete)
        return rows <= k_local_leaf_rows;
    if (zoom.empty())
        return rows <= (pair.integer_key || !suspect.range.splits.empty() ? k_leaf_rows
                                                                          : k_uncut_leaf_rows);
    // A classic list ends in single rows, or in blocks that are listed (and copied) at their last
    // size.
    return rows <=
           std::max<std::uint64_t>(
               zoom.size() > 1 && zoom.back() == 1 ? zoom[zoom.size() - 2] : zoom.back(), 1);
}

std::vector<Range> cut(const TablePair& pair, const Suspect& suspect, SessionPair& sessions)
{
    const auto& zoom = pair.choices.zoom;
    if (!suspect.range.splits.empty())
        return split_at_keys(suspect.range, k_parts);
    if (pair.integer_key && larger_side(suspect) > k_leaf_rows) {
        auto parts = static_cast<std::size_t>(
            std::clamp<std::uint64_t>(larger_side(suspect) / k_part_rows, 2, k_parts));
        if (zoom.size() > 1 && zoom[1] > 1)
            parts = static_cast<std::size_t>(
                std::max<std::uint64_t>(2, (zoom[0] + zoom[1] - 1) / zoom[1]));
        if (auto even = split_evenly(suspect.range, parts); even.size() > 1)
            return even;
    }
    // Neither samples nor arithmetic: count through the side that has more rows.
    const std::uint64_t rows = larger_side(suspect);
    if (rows <= 1)
        return {};
    const bool up = suspect.upstream.rows >= suspect.downstream.rows;
    const TableSide& side = up ? pair.upstream : pair.downstream;
    db::Session& session = up ? sessions.upstream() : sessions.downstream();
    Range cuts = suspect.range;
    if (rows <= k_rows_cut_by_counting) {
        const std::uint64_t stride = std::max<std::uint64_t>(1, (rows + k_parts - 1) / k_parts);
        cuts.splits = read_keys(session, side, "cut a range of " + side.name,
                                build_cuts(side, suspect.range, rows, stride));
    } else {
        const std::uint64_t sampling = rows / (k_parts * k_parts) + 1;
        cuts.splits = read_keys(session, side, "sample keys of " + side.name,
                                build_sample(side, suspect.range, sampling, k_parts * k_parts * 4));
        if (cuts.splits.empty()) // the sample can fail to hit; a cut by counting always does
            cuts.splits = read_keys(session, side, "cut a range of " + side.name,
                                    build_cuts(side, suspect.range, rows, rows / 2));
    }
    return split_at_keys(cuts, k_parts * k_parts);
}

} // namespace slicetool::sync
