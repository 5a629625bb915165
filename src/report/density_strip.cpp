#include "report/density_strip.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace slicetool::report {

namespace {

constexpr std::array<std::string_view, 8> k_blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view k_ascii = ".:-=+*#@";

/// Rows in each of which one differs, for the levels from 1 on.
constexpr std::array<std::uint64_t, 5> k_one_in{10'000, 1'000, 100, 10, 2};

} // namespace

unsigned density_level(const DensityBucket& bucket)
{
    const std::uint64_t differing = bucket.differing();
    if (differing == 0)
        return 0;
    if (differing >= bucket.keys())
        return 7;
    unsigned level = 1;
    for (const std::uint64_t rows : k_one_in) {
        // At most one row in `rows`, without a product that could overflow.
        if (differing <= bucket.keys() / rows)
            return level;
        ++level;
    }
    return level;
}

bool worth_drawing(const std::vector<DensityBucket>& density)
{
    return density.size() > 1 &&
           std::any_of(density.begin(), density.end(), [](const DensityBucket& bucket) {
               return bucket.differing() < bucket.keys();
           });
}

std::string density_strip(const std::vector<DensityBucket>& density, std::size_t cells,
                          Charset charset)
{
    std::uint64_t keys = 0;
    for (const DensityBucket& bucket : density)
        keys += bucket.keys();
    std::vector<unsigned> levels(cells, 0);
    std::uint64_t before = 0;
    for (const DensityBucket& bucket : density) {
        const auto first = std::min<std::uint64_t>(before * cells / keys, cells - 1);
        before += bucket.keys();
        const auto end = std::max<std::uint64_t>(before * cells / keys, first + 1);
        for (auto cell = first; cell < end; ++cell)
            levels[cell] = std::max(levels[cell], density_level(bucket));
    }
    std::string strip;
    for (const unsigned level : levels)
        strip += charset == Charset::utf8 ? k_blocks.at(level) : k_ascii.substr(level, 1);
    return strip;
}

} // namespace slicetool::report
