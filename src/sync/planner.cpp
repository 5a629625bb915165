#include "sync/planner.hpp"

#include <algorithm>

namespace slicetool::sync {

namespace {

/// A first step is never wider than this many times the wanted rows, however sparse the statistics
/// make the ids look: they may lie in clusters.
constexpr Integer k_widest_first_step = 16;

/// The limits of target_rows().
constexpr std::uint64_t k_fewest_target_rows = 250;
constexpr std::uint64_t k_most_target_rows = 1000;
constexpr std::uint64_t k_ranges_per_table = 1000;

/// A step grows or shrinks at most this much at once.
constexpr std::uint64_t k_step_change = 8;

/// Right after downstream's last key; absent where the plan covers everything.
std::optional<Bound> end_of_plan(const TableBounds& bounds)
{
    if (bounds.upstream_last)
        return std::nullopt;
    return Bound{bounds.downstream_last.value(), true};
}

/// The last id that the plan has to reach.
Integer last_id(const TableBounds& bounds)
{
    if (!bounds.upstream_last)
        return to_integer(bounds.downstream_last.value()[0]);
    const Integer up = to_integer((*bounds.upstream_last)[0]);
    return bounds.downstream_last ? std::max(up, to_integer((*bounds.downstream_last)[0])) : up;
}

Integer first_id(const TableBounds& bounds)
{
    if (!bounds.upstream_first)
        return to_integer(bounds.downstream_first.value()[0]);
    const Integer up = to_integer((*bounds.upstream_first)[0]);
    return bounds.downstream_first ? std::min(up, to_integer((*bounds.downstream_first)[0])) : up;
}

/// The number of ids that should hold `target` rows, by the statistics.
Integer first_step(const TableBounds& bounds, std::uint64_t target)
{
    const auto wanted = static_cast<Integer>(target);
    if (bounds.estimated_rows == 0 || !bounds.upstream_first)
        return wanted;
    const Integer span = last_id(bounds) - to_integer((*bounds.upstream_first)[0]) + 1;
    const Integer ids_per_row =
        std::max<Integer>(1, span / static_cast<Integer>(bounds.estimated_rows));
    return wanted * std::min(ids_per_row, k_widest_first_step);
}

} // namespace

std::uint64_t target_rows(std::uint64_t estimated_rows)
{
    return std::clamp(estimated_rows / k_ranges_per_table, k_fewest_target_rows,
                      k_most_target_rows);
}

std::unique_ptr<Planner> make_planner(const TablePair& pair, const TableBounds& bounds)
{
    if (pair.integer_key)
        return std::make_unique<IntegerPlanner>(pair, bounds);
    return std::make_unique<SamplingPlanner>(pair, bounds);
}

IntegerPlanner::IntegerPlanner(const TablePair& pair, const TableBounds& bounds)
    : m_pair(pair), m_first_bound(bounds.start), m_last(end_of_plan(bounds)),
      m_end(last_id(bounds) + 1), m_next(first_id(bounds)),
      m_wanted(pair.choices.zoom.empty() ? target_rows(bounds.estimated_rows)
                                         : pair.choices.zoom[0]),
      m_target(m_wanted), m_adapts(pair.choices.zoom.empty())
{
    m_step = m_adapts ? first_step(bounds, m_target) : static_cast<Integer>(m_target);
}

void IntegerPlanner::jump_over_gap(db::Session& upstream, db::Session& downstream)
{
    const Bound from{{to_text(m_next)}, false};
    const auto up = read_key(upstream, m_pair.upstream, "find the next key",
                             build_first_key_from(m_pair.upstream, from));
    const auto down = read_key(downstream, m_pair.downstream, "find the next key",
                               build_first_key_from(m_pair.downstream, from));
    Integer next = m_end;
    if (up)
        next = std::min(next, to_integer((*up)[0]));
    if (down)
        next = std::min(next, to_integer((*down)[0]));
    m_next = std::max(m_next, next);
    m_gap = false;
}

std::vector<Range> IntegerPlanner::next(db::Session& upstream, db::Session& downstream,
                                        std::size_t count)
{
    std::vector<Range> ranges;
    std::optional<Bound> lower = m_first_bound;
    if (finished())
        return ranges;
    if (m_started)
        lower = Bound{{to_text(m_next)}, false};
    if (m_gap)
        jump_over_gap(upstream, downstream); // the first range reaches back over the gap
    while (ranges.size() < count && (m_next < m_end || !m_started)) {
        Integer upper = m_next + m_step;
        if (!m_adapts) // classic blocks stand at multiples of their size
            upper -= ((upper % m_step) + m_step) % m_step;
        Range range;
        range.lower = lower;
        range.upper = upper >= m_end ? m_last : Bound{{to_text(upper)}, false};
        lower = range.upper;
        m_next = upper;
        m_started = true;
        ranges.push_back(std::move(range));
    }
    return ranges;
}

std::uint64_t IntegerPlanner::aim(std::uint64_t most_rows)
{
    if (m_adapts)
        m_target = std::max<std::uint64_t>(1, std::min(m_wanted, most_rows));
    return m_target;
}

void IntegerPlanner::learn(std::uint64_t ranges, std::uint64_t rows)
{
    if (ranges == 0)
        return;
    m_gap = rows == 0;
    if (!m_adapts || rows == 0)
        return;
    const std::uint64_t each = std::max<std::uint64_t>(1, rows / ranges);
    if (each > 2 * m_target)
        m_step = std::max<Integer>(
            1, m_step / static_cast<Integer>(std::min(k_step_change, each / m_target)));
    else if (each * 2 < m_target)
        m_step *= static_cast<Integer>(std::min(k_step_change, m_target / each));
}

SamplingPlanner::SamplingPlanner(const TablePair& pair, const TableBounds& bounds)
    : m_pair(pair), m_end(end_of_plan(bounds)), m_next(bounds.start),
      m_wanted(pair.choices.zoom.empty() ? target_rows(bounds.estimated_rows)
                                         : pair.choices.zoom[0])
{
    const auto& zoom = pair.choices.zoom;
    m_sampling = zoom.size() > 1 && zoom[1] > 1 ? zoom[1] : std::min(m_wanted, k_part_rows);
    aim(m_wanted);
}

std::uint64_t SamplingPlanner::aim(std::uint64_t most_rows)
{
    const std::uint64_t rows =
        m_pair.choices.zoom.empty() ? std::min(m_wanted, most_rows) : m_wanted;
    m_samples_per_range = static_cast<std::size_t>(std::max<std::uint64_t>(1, rows / m_sampling));
    return m_samples_per_range * m_sampling;
}

std::vector<Range> SamplingPlanner::next(db::Session& upstream, db::Session& /*downstream*/,
                                         std::size_t count)
{
    std::vector<Range> ranges;
    if (m_finished)
        return ranges;
    const Range rest{m_next, m_end, {}};
    const std::size_t wanted = count * m_samples_per_range + 1; // one may be the lower bound itself
    auto keys = read_keys(upstream, m_pair.upstream, "sample the keys of " + m_pair.upstream.name,
                          build_sample(m_pair.upstream, rest, m_sampling, wanted));
    m_finished = keys.size() < wanted;
    // A sample right at the lower bound would cut off an empty range.
    if (!keys.empty() && m_next && keys.front() == m_next->key)
        keys.erase(keys.begin());
    Range range{m_next, std::nullopt, {}};
    for (auto& key : keys) {
        range.splits.push_back(std::move(key));
        if (range.splits.size() < m_samples_per_range)
            continue;
        range.upper = Bound{range.splits.back(), false};
        range.splits.pop_back();
        m_next = range.upper;
        ranges.push_back(std::move(range));
        range = Range{m_next, std::nullopt, {}};
    }
    if (m_finished) {
        range.upper = m_end;
        ranges.push_back(std::move(range));
    }
    return ranges;
}

void SamplingPlanner::learn(std::uint64_t /*ranges*/, std::uint64_t /*rows*/) {}

} // namespace slicetool::sync
