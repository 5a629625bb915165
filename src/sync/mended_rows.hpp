#pragma once

#include "sync/difference.hpp"

#include <cstddef>
#include <mutex>
#include <set>
#include <vector>

namespace slicetool::sync {

/// Rows that a batch made equal out of turn, as victims of a unique value: their own ranges need
/// not write them again. Thread-safe. Holds a bounded number of keys; what is not held is merely
/// written twice.
class MendedRows
{
public:
    void add(const std::vector<KeyTuple>& keys);

    /// The batch without the rows that are mended already.
    std::vector<RangeDifference> without_mended(const std::vector<RangeDifference>& batch);

private:
    std::mutex m_mutex;
    std::set<KeyTuple> m_keys;
};

} // namespace slicetool::sync
