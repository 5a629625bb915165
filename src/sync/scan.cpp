#include "sync/scan.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "sync/bulk_copy.hpp"
#include "sync/difference_listing.hpp"
#include "sync/local_copy.hpp"
#include "sync/reads.hpp"
#include "sync/table_bounds.hpp"
#include "sync/zoom.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unordered_map>

namespace slicetool::sync {

namespace {

/// A server's own copies that could not be proven, after which a table's rows travel through the
/// client: upstream is being written to.
constexpr unsigned k_local_failures = 3;

/// Rows that travel nowhere allow larger transactions. 2 M rows on MariaDB, processor seconds of
/// the server with 2,000, 20,000 and 100,000 rows: 1 % changed 10.9, 10.6 and 11.1; an empty
/// table 17.4, 16.9 and 17.0.
constexpr BatchLimits k_local_batch{512, 20'000};

struct KeyHash
{
    std::size_t operator()(const KeyTuple& key) const
    {
        std::size_t hash = 0;
        for (const auto& part : key)
            hash = hash * 1'000'003 + std::hash<std::string>()(part);
        return hash;
    }
};

/// What two lists of one range say.
RangeDifference compare_leaves(const Suspect& suspect, const std::vector<LeafRow>& up,
                               const std::vector<LeafRow>& down)
{
    RangeDifference difference{suspect.range,   suspect.upstream, down.size(), false, {}, {}, {},
                               suspect.attempts};
    std::unordered_map<KeyTuple, const LeafRow*, KeyHash> here;
    for (const auto& row : down)
        here.emplace(row.key, &row);
    for (const auto& row : up) {
        const auto found = here.find(row.key);
        if (found == here.end()) {
            difference.missing.push_back(row.key);
            continue;
        }
        if (found->second->digest != row.digest)
            difference.changed.push_back(row.key);
        here.erase(found);
    }
    for (const auto& row : down) {
        if (here.count(row.key) != 0)
            difference.extra.push_back(row.key);
    }
    return difference;
}

} // namespace

Scan::Scan(const TablePair& pair, const TableBounds& bounds, const ScanOptions& options,
           report::Reporter& reporter, const base::StopToken& stop)
    : m_pair(pair), m_options(options), m_reporter(reporter), m_stop(stop),
      m_estimated_rows(bounds.estimated_rows), m_density(pair.upstream.key),
      m_planner(bounds.downstream_last || bounds.upstream_last ? make_planner(pair, bounds)
                                                               : nullptr),
      m_tail(tail_of(bounds)),
      m_queue(
          m_planner != nullptr, bounds.upstream_first && !bounds.upstream_last, stop,
          [this](std::uint64_t rows) { allow_deletes(rows); },
          pair.local.possible ? k_local_batch : BatchLimits{})
{
    if (!bounds.upstream_last)
        m_density.planned(m_tail);
}

ScanTotals Scan::totals() const
{
    const std::scoped_lock lock(m_totals_mutex);
    return m_totals;
}

void Scan::work(SessionPair& sessions)
{
    try {
        while (auto task = m_queue.take()) {
            run(*task, sessions);
            m_queue.done();
        }
    } catch (...) {
        m_queue.fail();
        throw;
    }
}

void Scan::help(SessionPair& sessions)
{
    try {
        read_key(sessions.upstream(), m_pair.upstream, "open " + m_pair.upstream.name,
                 build_first_key(m_pair.upstream));
    } catch (const db::Error& failure) {
        if (failure.number() != db::k_lock_wait_timeout) {
            m_queue.fail();
            throw;
        }
        spdlog::info("{} One session less works on the table.", failure.what());
        return;
    }
    work(sessions);
}

void Scan::run(Task& task, SessionPair& sessions)
{
    sessions.rest();
    switch (task.stage) {
    case Task::Stage::plan:
        return plan(sessions);
    case Task::Stage::fingerprint:
        return fingerprint(task.ranges, sessions, false);
    case Task::Stage::leaf:
        return list(task.suspects, sessions);
    case Task::Stage::apply:
        return apply(task.differences, sessions, Collisions::leave);
    case Task::Stage::collided:
        // Another batch may have written rows of these ranges with its own.
        return apply(listed(task.suspects, sessions), sessions, Collisions::resolve);
    case Task::Stage::tail:
        return tail(sessions);
    }
}

void Scan::plan(SessionPair& sessions)
{
    std::vector<Range> ranges;
    {
        const std::scoped_lock lock(m_planner_mutex);
        if (!m_planner->finished())
            ranges = m_planner->next(sessions.upstream(), sessions.downstream(),
                                     ranges_per_statement(sessions));
        for (auto& range : ranges) {
            range.ordinal = m_next_ordinal++;
            m_density.planned(range);
        }
        if (m_planner->finished())
            m_queue.plan_finished();
    }
    if (!ranges.empty())
        fingerprint(ranges, sessions, true);
}

/// As many as are fingerprinted in about the time that the run's pace wants.
std::size_t Scan::ranges_per_statement(const SessionPair& sessions)
{
    if (sessions.pace() == nullptr)
        return k_ranges_per_statement;
    const std::uint64_t rows = sessions.pace()->chunk_rows();
    return static_cast<std::size_t>(
        std::clamp<std::uint64_t>(rows / m_planner->aim(rows), 1, k_ranges_per_statement));
}

void Scan::fingerprint(const std::vector<Range>& ranges, SessionPair& sessions, bool first_level)
{
    tell(first_level ? report::Phase::scanning : report::Phase::zooming);
    const auto start = std::chrono::steady_clock::now();
    const auto [up, down] = sessions.both(
        [&](db::Session& session) { return read_fingerprints(session, m_pair.upstream, ranges); },
        [&](db::Session& session) {
            return read_fingerprints(session, m_pair.downstream, ranges);
        });
    const auto time = std::chrono::steady_clock::now() - start;
    base::at(first_level ? base::Stage::ranges_compared : base::Stage::parts_compared);
    std::uint64_t rows = 0;
    for (std::size_t at = 0; at < ranges.size(); ++at) {
        Suspect suspect{ranges[at], up[at], down[at], 0};
        rows += larger_side(suspect);
        judge(std::move(suspect), sessions);
    }
    count([&](ScanTotals& totals) { totals.ranges += ranges.size(); });
    if (first_level) {
        const std::scoped_lock lock(m_planner_mutex);
        m_planner->learn(ranges.size(), rows);
        if (sessions.pace() != nullptr)
            sessions.pace()->took(rows, time);
    }
    tell(first_level ? report::Phase::scanning : report::Phase::zooming);
}

void Scan::settle(const Suspect& suspect)
{
    count([&](ScanTotals& totals) {
        totals.rows += suspect.upstream.rows;
        totals.downstream_rows += suspect.downstream.rows;
    });
    m_density.settled(suspect.range, suspect.upstream.rows);
}

/// The range is equal on both sides, or was made so and committed.
void Scan::prove(const Range& range, std::uint64_t rows) const
{
    if (m_options.proven != nullptr)
        m_options.proven->add(range, rows);
}

/// Decides what to do about a range whose fingerprints have been read.
void Scan::judge(Suspect suspect, SessionPair& sessions)
{
    if (hash::proves_equal(suspect.upstream, suspect.downstream)) {
        settle(suspect);
        prove(suspect.range, suspect.upstream.rows);
        return;
    }
    const bool one_sided = suspect.upstream.rows == 0 || suspect.downstream.rows == 0;
    if (one_sided && suspect.upstream.complete) {
        settle(suspect);
        RangeDifference difference{
            suspect.range,   suspect.upstream, suspect.downstream.rows, true, {}, {}, {},
            suspect.attempts};
        found(std::move(difference), sessions);
        return;
    }
    count([](ScanTotals& totals) { ++totals.zoomed_ranges; });
    if (is_leaf(m_pair, suspect, is_local())) {
        settle(suspect);
        m_queue.add_leaf(std::move(suspect));
    } else {
        zoom_into(std::move(suspect), sessions);
    }
}

/// A classic zoom list that ends above single rows asks for that.
bool Scan::copies_blocks_whole() const
{
    const auto& zoom = m_pair.choices.zoom;
    return !zoom.empty() && zoom.back() != 1 && m_pair.carried.empty() &&
           !m_pair.choices.keep_outside;
}

void Scan::zoom_into(Suspect suspect, SessionPair& sessions)
{
    auto parts = cut(m_pair, suspect, sessions);
    if (parts.size() > 1) {
        for (auto& part : parts)
            part.ordinal = suspect.range.ordinal;
        m_queue.add_parts(std::move(parts));
        return;
    }
    settle(suspect);
    m_queue.add_leaf(std::move(suspect));
}

std::vector<RangeDifference> Scan::listed(const std::vector<Suspect>& suspects,
                                          SessionPair& sessions) const
{
    std::vector<Range> ranges;
    for (const auto& suspect : suspects)
        ranges.push_back(suspect.range);
    const auto [up, down] = sessions.both(
        [&](db::Session& session) { return read_leaves(session, m_pair.upstream, ranges); },
        [&](db::Session& session) { return read_leaves(session, m_pair.downstream, ranges); });
    base::at(base::Stage::rows_listed);
    std::vector<RangeDifference> differences;
    for (std::size_t at = 0; at < suspects.size(); ++at) {
        RangeDifference difference = compare_leaves(suspects[at], up[at], down[at]);
        if (difference.missing.empty() && difference.extra.empty() && difference.changed.empty())
            prove(difference.range, up[at].size());
        else
            differences.push_back(std::move(difference));
    }
    return differences;
}

void Scan::list(const std::vector<Suspect>& suspects, SessionPair& sessions)
{
    tell(report::Phase::zooming);
    for (auto& difference : listed(list_locally(suspects, sessions), sessions))
        found(std::move(difference), sessions);
}

bool Scan::is_local() const
{
    return m_pair.local.possible && m_local_failures < k_local_failures;
}

/// Lets the server that has both sides tell the differences. Returns the ranges of which it tells
/// none, though their fingerprints differ, and those that were copied before.
std::vector<Suspect> Scan::list_locally(const std::vector<Suspect>& suspects, SessionPair& sessions)
{
    std::vector<Suspect> local;
    std::vector<Suspect> others;
    for (const auto& suspect : suspects)
        (is_local() && suspect.attempts == 0 ? local : others).push_back(suspect);
    auto differences = read_local_differences(sessions.downstream(), m_pair, local);
    base::at(base::Stage::rows_listed);
    for (std::size_t at = 0; at < local.size(); ++at) {
        RangeDifference& difference = differences[at];
        if (difference.missing.empty() && difference.extra.empty() && difference.changed.empty())
            others.push_back(local[at]);
        else
            found(std::move(difference), sessions);
    }
    return others;
}

void Scan::found(RangeDifference difference, SessionPair& sessions)
{
    if (difference.attempts == 0) {
        count([&](ScanTotals& totals) {
            totals.missing +=
                difference.whole ? difference.upstream.rows : difference.missing.size();
            totals.extra += difference.whole ? difference.downstream_rows : difference.extra.size();
            totals.changed += difference.changed.size();
        });
        m_density.found(difference);
        const bool is_held =
            m_options.holds_differences && m_held.hold(m_pair, difference, sessions);
        if (m_options.listing.keys && !is_held)
            list_difference(m_pair, difference, m_options.listing, sessions, m_reporter);
    }
    if (m_options.mode == Mode::compare)
        return;
    if (copies_blocks_whole() && difference.upstream.complete) {
        difference.whole = true;
        difference.missing.clear();
        difference.changed.clear();
        difference.extra.clear();
    }
    if (difference.extra_rows() > 0 && m_queue.add_delete(difference))
        return;
    m_queue.add_difference(std::move(difference));
}

/// Everything has been compared, and so many rows wait for being deleted.
void Scan::allow_deletes(std::uint64_t rows) const
{
    if (m_options.mode == Mode::make_equal)
        refuse_many_deletes(m_pair.downstream.name, m_options.delete_limit, rows,
                            m_options.rows_before + totals().downstream_rows);
}

void Scan::apply(const std::vector<RangeDifference>& batch, SessionPair& sessions,
                 Collisions collisions)
{
    if (batch.empty())
        return;
    const bool deletes =
        std::any_of(batch.begin(), batch.end(), [](const auto& d) { return d.extra_rows() > 0; });
    tell(deletes ? report::Phase::deleting : report::Phase::copying);
    const CopyWay way = is_local() ? CopyWay::local : CopyWay::client;
    const Applied applied = Applier(m_pair, m_stop, way).apply(batch, sessions, collisions);
    if (way == CopyWay::local && (applied.local_refused || !applied.unproven.empty()))
        ++m_local_failures;
    if (applied.collided)
        m_queue.add_collided(batch);
    count([&](ScanTotals& totals) {
        totals.copied += applied.copied;
        totals.deleted += applied.deleted;
    });
    // A batch is committed as a whole or not at all.
    if (!applied.collided && applied.undone.empty() && applied.unproven.empty()) {
        for (const auto& difference : batch)
            prove(difference.range, difference.upstream.rows);
    }
    for (const auto& difference : applied.undone)
        m_queue.add_difference(difference);
    for (const auto& difference : applied.unproven) {
        const auto [up, down] = sessions.both(
            [&](db::Session& session) {
                return read_fingerprints(session, m_pair.upstream, {difference.range});
            },
            [&](db::Session& session) {
                return read_fingerprints(session, m_pair.downstream, {difference.range});
            });
        m_queue.add_leaf({difference.range, up[0], down[0], difference.attempts + 1});
    }
    tell(deletes ? report::Phase::deleting : report::Phase::copying);
}

void Scan::tail(SessionPair& sessions)
{
    if (m_options.mode == Mode::compare) {
        const std::string answer = sessions.upstream()
                                       .query_value("count rows of " + m_pair.upstream.name,
                                                    build_count(m_pair.upstream, m_tail))
                                       .value_or("0");
        const auto rows = static_cast<std::uint64_t>(to_integer(answer));
        count([&](ScanTotals& totals) { totals.rows += rows; });
        m_density.settled(m_tail, rows);
        if (rows > 0)
            found({m_tail, {rows, "", true}, 0, true, {}, {}, {}, 0}, sessions);
        return;
    }
    if (m_options.listing.keys)
        list_missing(m_pair, m_tail, sessions, m_reporter);
    const ScanTotals before = totals();
    const auto progress = [&](std::uint64_t seen, std::uint64_t committed) {
        count([&](ScanTotals& totals) {
            totals.rows = before.rows + seen;
            totals.missing = before.missing + seen;
            totals.copied = before.copied + committed;
        });
        m_density.tail(seen);
        tell(report::Phase::copying);
    };
    const auto committed = [&](const Range& range, std::uint64_t rows) { prove(range, rows); };
    BulkOutcome outcome = bulk_copy(m_pair, m_tail, sessions, m_stop, {progress, committed});
    for (auto& piece : outcome.refused) {
        count([&](ScanTotals& totals) {
            totals.rows += piece.upstream.rows;
            totals.missing += piece.upstream.rows;
        });
        m_queue.add_difference(std::move(piece));
    }
    m_density.tail(totals().missing - before.missing);
}

void Scan::tell(report::Phase phase)
{
    const ScanTotals now = totals();
    m_reporter.table_progress(m_pair.upstream.name,
                              {phase, now.rows, m_estimated_rows,
                               now.missing + now.extra + now.changed, now.copied, now.deleted});
}

} // namespace slicetool::sync
