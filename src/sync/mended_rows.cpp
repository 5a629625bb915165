#include "sync/mended_rows.hpp"

namespace slicetool::sync {

namespace {

/// Some 20 MB of short keys.
constexpr std::size_t k_most_keys = 200'000;

} // namespace

void MendedRows::add(const std::vector<KeyTuple>& keys)
{
    const std::scoped_lock lock(m_mutex);
    for (const auto& key : keys) {
        if (m_keys.size() < k_most_keys)
            m_keys.insert(key);
    }
}

std::vector<RangeDifference> MendedRows::without_mended(const std::vector<RangeDifference>& batch)
{
    const std::scoped_lock lock(m_mutex);
    std::vector<RangeDifference> rest = batch;
    if (m_keys.empty())
        return rest;
    for (auto& difference : rest) {
        for (auto* keys : {&difference.missing, &difference.changed, &difference.extra})
            std::erase_if(*keys, [&](const KeyTuple& key) { return m_keys.count(key) != 0; });
    }
    return rest;
}

} // namespace slicetool::sync
