#pragma once

#include "report/reporter.hpp"
#include "sync/difference.hpp"

#include <cstdint>
#include <mutex>
#include <vector>

namespace slicetool::sync {

/// Where in the key space rows differ. Counts by the ordinal of the first-level range from which a
/// row came, in bounded memory: neighbouring ordinals share a slot once there are many.
/// Thread-safe.
class Density
{
public:
    /// `key` describes the places; it must outlive this.
    explicit Density(const std::vector<KeyColumn>& key) : m_key(key) {}

    /// A range of the first level; to be told in the order of their ordinals, or of the tail.
    void planned(const Range& range);

    /// So many rows of upstream lie in the range.
    void settled(const Range& range, std::uint64_t rows);

    void found(const RangeDifference& difference);

    /// So many rows of upstream lie beyond downstream's last key; replaces what was said before.
    void tail(std::uint64_t rows);

    /// Forgets the rows that differed, but those that `remaining` holds; each of them lies where
    /// `found` had it.
    void recount(const std::vector<RangeDifference>& found, const RangeDifference& remaining);

    /// At most k_density_buckets of about equally many rows, in key order. Empty when no row
    /// differs.
    std::vector<report::DensityBucket> buckets() const;

private:
    struct Slot
    {
        KeyTuple from; ///< where it begins; empty: at the beginning
        std::uint64_t rows = 0;
        std::uint64_t missing = 0;
        std::uint64_t extra = 0;
        std::uint64_t changed = 0;

        std::uint64_t keys() const { return rows + extra; }
    };

    static void add(Slot& to, const Slot& slot);
    Slot& slot_of(std::uint64_t ordinal);
    void halve();

    const std::vector<KeyColumn>& m_key;
    mutable std::mutex m_mutex;
    std::vector<Slot> m_slots;
    Slot m_tail;
    std::uint64_t m_ordinals_per_slot = 1;
};

/// One column of a terminal each, with room for words beside them.
inline constexpr std::size_t k_density_buckets = 64;

} // namespace slicetool::sync
