#pragma once

#include "sync/difference.hpp"
#include "sync/session_pair.hpp"
#include "sync/table_pair.hpp"

#include <mutex>
#include <vector>

namespace slicetool::sync {

/// The rows that a comparison found different, kept for a later look. Thread-safe and bounded: from
/// the first difference that would be too much on, nothing more is taken.
class HeldDifferences
{
public:
    /// Takes the difference, with the keys of a whole range read from both sides; or returns false.
    bool hold(const TablePair& pair, const RangeDifference& difference, SessionPair& sessions);

    /// False when something was not taken.
    bool complete() const { return !m_overflown; }

    /// What was taken; after the scan.
    const std::vector<RangeDifference>& differences() const { return m_differences; }

private:
    std::mutex m_mutex;
    std::vector<RangeDifference> m_differences;
    std::uint64_t m_rows = 0;
    bool m_overflown = false;
};

} // namespace slicetool::sync
