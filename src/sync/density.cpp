#include "sync/density.hpp"

#include "report/text.hpp"

#include <algorithm>
#include <map>

namespace slicetool::sync {

namespace {

/// Sixteen of them make a bucket, so that buckets hold equally many rows to a few percent. With the
/// longest keys that there are (3072 bytes) they take 3 MiB.
constexpr std::size_t k_most_slots = 1024;
static_assert(k_most_slots % 2 == 0);

} // namespace

void Density::add(Slot& to, const Slot& slot)
{
    to.rows += slot.rows;
    to.missing += slot.missing;
    to.extra += slot.extra;
    to.changed += slot.changed;
}

/// Every other slot joins the one before it.
void Density::halve()
{
    m_slots.resize(m_slots.size() + m_slots.size() % 2);
    for (std::size_t at = 0; at < m_slots.size() / 2; ++at) {
        add(m_slots[2 * at], m_slots[2 * at + 1]);
        if (at > 0)
            m_slots[at] = std::move(m_slots[2 * at]);
    }
    m_slots.resize(m_slots.size() / 2);
    m_ordinals_per_slot *= 2;
}

Density::Slot& Density::slot_of(std::uint64_t ordinal)
{
    if (ordinal == k_tail_ordinal)
        return m_tail;
    while (ordinal / m_ordinals_per_slot >= k_most_slots)
        halve();
    const auto at = static_cast<std::size_t>(ordinal / m_ordinals_per_slot);
    if (at >= m_slots.size())
        m_slots.resize(at + 1);
    return m_slots[at];
}

void Density::planned(const Range& range)
{
    const std::scoped_lock lock(m_mutex);
    Slot& slot = slot_of(range.ordinal);
    const bool begins_slot =
        range.ordinal == k_tail_ordinal || range.ordinal % m_ordinals_per_slot == 0;
    if (begins_slot && range.lower)
        slot.from = range.lower->key;
}

void Density::settled(const Range& range, std::uint64_t rows)
{
    const std::scoped_lock lock(m_mutex);
    slot_of(range.ordinal).rows += rows;
}

void Density::found(const RangeDifference& difference)
{
    const std::scoped_lock lock(m_mutex);
    Slot& slot = slot_of(difference.range.ordinal);
    slot.missing += difference.whole ? difference.upstream.rows : difference.missing.size();
    slot.extra += difference.whole ? difference.downstream_rows : difference.extra.size();
    slot.changed += difference.changed.size();
}

void Density::tail(std::uint64_t rows)
{
    const std::scoped_lock lock(m_mutex);
    m_tail.rows = m_tail.missing = rows;
}

void Density::recount(const std::vector<RangeDifference>& found, const RangeDifference& remaining)
{
    std::map<KeyTuple, std::uint64_t> ordinals;
    for (const auto& difference : found) {
        for (const auto* keys : {&difference.missing, &difference.extra, &difference.changed}) {
            for (const auto& key : *keys)
                ordinals[key] = difference.range.ordinal;
        }
    }
    const std::scoped_lock lock(m_mutex);
    for (Slot& slot : m_slots)
        slot.missing = slot.extra = slot.changed = 0;
    m_tail.missing = m_tail.extra = m_tail.changed = 0;
    const auto count = [&](const std::vector<KeyTuple>& keys, std::uint64_t Slot::*member) {
        for (const auto& key : keys)
            ++(slot_of(ordinals.at(key)).*member);
    };
    count(remaining.missing, &Slot::missing);
    count(remaining.extra, &Slot::extra);
    count(remaining.changed, &Slot::changed);
}

std::vector<report::DensityBucket> Density::buckets() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<Slot> slots = m_slots;
    slots.push_back(m_tail);
    Slot sum;
    for (const Slot& slot : slots)
        add(sum, slot);
    std::vector<report::DensityBucket> buckets;
    if (sum.missing + sum.extra + sum.changed == 0)
        return buckets;
    std::uint64_t before = 0;
    std::uint64_t open = 0; ///< which of the equal shares the last bucket begins in
    for (const Slot& slot : slots) {
        if (slot.keys() == 0)
            continue;
        const std::uint64_t share = before * k_density_buckets / sum.keys();
        if (buckets.empty() || share != open) {
            const std::string from = slot.from.empty() ? "" : describe(m_key, slot.from);
            buckets.push_back({report::shortened(from), 0, 0, 0, 0});
            open = share;
        }
        report::DensityBucket& bucket = buckets.back();
        bucket.rows += slot.rows;
        bucket.missing += slot.missing;
        bucket.extra += slot.extra;
        bucket.changed += slot.changed;
        before += slot.keys();
    }
    return buckets;
}

} // namespace slicetool::sync
