#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace slicetool::report {

/// Rows a second over the last few seconds: short enough to show a stall, long enough to stay calm.
class RateMeter
{
public:
    using Time = std::chrono::steady_clock::time_point;

    void sample(Time now, std::uint64_t rows)
    {
        while (m_samples.size() > 1 && now - m_samples[1].time >= k_window)
            m_samples.pop_front();
        m_samples.push_back({now, rows});
    }

    /// Empty during the first second.
    std::optional<double> per_second() const
    {
        if (m_samples.empty())
            return std::nullopt;
        const std::chrono::duration<double> span = m_samples.back().time - m_samples.front().time;
        if (span < std::chrono::seconds(1) || m_samples.back().rows < m_samples.front().rows)
            return std::nullopt;
        return static_cast<double>(m_samples.back().rows - m_samples.front().rows) / span.count();
    }

private:
    /// By eye: at 2 s the figure jumps with every range, at 10 s a stall takes too long to show.
    static constexpr std::chrono::seconds k_window{5};

    struct Sample
    {
        Time time;
        std::uint64_t rows;
    };

    std::deque<Sample> m_samples;
};

} // namespace slicetool::report
