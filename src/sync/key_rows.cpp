#include "sync/key_rows.hpp"

#include "sync/difference_listing.hpp"
#include "sync/integer_key.hpp"
#include "sync/key_chunks.hpp"
#include "sync/reads.hpp"
#include "sync/second_look.hpp"

#include <iterator>
#include <utility>

namespace slicetool::sync {

namespace {

/// Rows of one transaction, as in a scan (work_queue.cpp).
constexpr std::size_t k_rows_per_batch = 2000;

bool is_empty(const RangeDifference& difference)
{
    return difference.missing.empty() && difference.changed.empty() && difference.extra.empty();
}

void append(std::vector<KeyTuple>& all, const std::vector<KeyTuple>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}

RangeDifference deletion_of(std::vector<KeyTuple> keys)
{
    RangeDifference difference;
    difference.extra = std::move(keys);
    difference.by_key.emplace();
    return difference;
}

} // namespace

KeyRows::KeyRows(const StepContext& context, const TablePair& pair, const TablePair& deciding,
                 report::TableResult& result)
    : m_context(context), m_pair(pair), m_deciding(deciding), m_result(result)
{
}

void KeyRows::compare(const DigestsByKey& upstream)
{
    m_context.stop.throw_if_stopped();
    m_context.sessions().rest();
    std::vector<KeyTuple> keys;
    for (const auto& [key, digest] : upstream)
        keys.push_back(key);
    const auto here =
        read_digests_of_keys(m_context.sessions().downstream(), m_pair.downstream, keys);
    m_result.rows += upstream.size();
    keep(compare_by_key(upstream, here));
    tell(report::Phase::scanning);
}

void KeyRows::keep(RangeDifference difference)
{
    if (is_empty(difference))
        return;
    m_result.missing += difference.missing.size();
    m_result.changed += difference.changed.size();
    m_result.extra += difference.extra.size();
    if (m_batches.empty() || m_batches.back().rows_to_copy() >= k_rows_per_batch) {
        m_batches.push_back(std::move(difference));
        return;
    }
    RangeDifference& batch = m_batches.back();
    append(batch.missing, difference.missing);
    append(batch.changed, difference.changed);
    append(batch.extra, difference.extra);
    batch.by_key->merge(*difference.by_key);
}

void KeyRows::list(const RangeDifference& difference)
{
    const bool held =
        m_context.options.rechecks > 0 && m_held.hold(m_pair, difference, m_context.sessions());
    if (m_context.options.listing.keys && !held)
        list_difference(m_pair, difference, m_context.options.listing, m_context.sessions(),
                        m_context.reporter);
}

void KeyRows::remove(std::vector<KeyTuple> extra)
{
    if (extra.empty())
        return;
    m_result.extra += extra.size();
    list(deletion_of(extra));
    if (m_context.writes())
        append(m_extra, extra);
}

void KeyRows::defer(RangeDifference range)
{
    m_collided.push_back(std::move(range));
}

void KeyRows::copy()
{
    for (auto& batch : std::exchange(m_batches, {})) {
        list(batch);
        if (!m_context.writes())
            continue;
        tell(report::Phase::copying);
        apply(std::move(batch), m_pair, Collisions::leave);
    }
    tell(report::Phase::scanning);
}

/// One batch to its end: what could not be proven is compared anew, and given up by the applier
/// when it was tried often enough.
void KeyRows::apply(RangeDifference difference, const TablePair& pair, Collisions collisions)
{
    while (!is_empty(difference)) {
        m_context.sessions().rest();
        Applied applied =
            Applier(pair, m_context.stop).apply({difference}, m_context.sessions(), collisions);
        m_result.copied += applied.copied;
        m_result.deleted += applied.deleted;
        if (applied.collided)
            m_collided.push_back(std::move(difference));
        if (applied.unproven.empty())
            return;
        difference = again(applied.unproven.front());
        ++difference.attempts;
    }
}

/// The same rows, or range, as they are now.
RangeDifference KeyRows::again(const RangeDifference& difference) const
{
    const auto [up, down] = m_context.sessions().both(
        [&](db::Session& session) { return read_digests(session, m_pair.upstream, difference); },
        [&](db::Session& session) { return read_digests(session, m_pair.downstream, difference); });
    RangeDifference now = compare_by_key(up, down);
    now.attempts = difference.attempts;
    return now;
}

void KeyRows::refuse_too_many_deletes() const
{
    const DeleteLimit& limit = m_context.delete_limit;
    if (limit.unlimited || m_extra.size() <= limit.rows.value_or(limit.at_least))
        return;
    const auto rows = m_context.sessions().downstream().query_value(
        "count rows of " + m_pair.downstream.name, build_count(m_pair.downstream, {}));
    refuse_many_deletes(m_pair.downstream.name, limit, m_extra.size(),
                        static_cast<std::uint64_t>(to_integer(rows.value_or("0"))));
}

void KeyRows::finish()
{
    copy();
    if (!m_context.writes()) {
        look_again(m_context, m_pair, m_held, m_result);
        return;
    }
    refuse_too_many_deletes();
    in_key_chunks(std::exchange(m_extra, {}), [&](const std::vector<KeyTuple>& chunk) {
        tell(report::Phase::deleting);
        apply(deletion_of(chunk), m_pair, Collisions::leave);
    });
    for (const auto& batch : std::exchange(m_collided, {}))
        apply(again(batch), m_deciding, Collisions::resolve);
}

void KeyRows::tell(report::Phase phase) const
{
    m_context.reporter.table_progress(
        m_context.table,
        {phase, m_result.rows, 0, m_result.differing(), m_result.copied, m_result.deleted});
}

} // namespace slicetool::sync
