#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace slicetool::search {

/// Random numbers that are the same for a seed on every machine and with every standard library,
/// whose own distributions are not. SplitMix64 by Sebastiano Vigna (public domain).
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next()
    {
        m_state += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = m_state;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }

    /// 0 … count − 1; count is at least 1. The remainder's bias is far below what a search notices.
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }

    /// from … to, both included.
    std::size_t between(std::size_t from, std::size_t to) { return from + below(to - from + 1); }

    /// True in so many of a hundred cases.
    bool chance(unsigned percent) { return below(100) < percent; }

    template<class Element>
    const Element& pick(const std::vector<Element>& from)
    {
        return from[below(from.size())];
    }

private:
    std::uint64_t m_state;
};

} // namespace slicetool::search
