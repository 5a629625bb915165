#include "report/density_strip.hpp"
#include "report/html_parts.hpp"
#include "report/html_text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::report::html {

namespace {

/// In units of the drawing, which is stretched to the width of the page.
constexpr double k_width = 1000;
constexpr double k_height = 36;
constexpr double k_levels = 7;
constexpr double k_gap = 1.5;

std::string title(const DensityBucket& bucket)
{
    return element(
        "title", "",
        fmt::format("{}: {} rows; {} missing, {} extra, {} changed",
                    bucket.from.empty() ? "from the first key" : "from " + text(bucket.from),
                    number(bucket.rows), number(bucket.missing), number(bucket.extra),
                    number(bucket.changed)));
}

/// One colour of a bar, that stands on `bottom`; returns where it ends.
double append_part(std::string& bar, std::string_view kind, double left, double width,
                   double bottom, double height)
{
    if (height <= 0)
        return bottom;
    bar +=
        fmt::format(R"(<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" />)",
                    kind, left, bottom - height, width, height);
    return bottom - height;
}

/// As high as its level, in colours as its kinds of difference share it.
std::string bar(const DensityBucket& bucket, double left, double width)
{
    std::string rects =
        fmt::format(R"(<rect class="track" x="{:.2f}" y="0" width="{:.2f}" height="{:.0f}" />)",
                    left, width, k_height);
    const double height = k_height * density_level(bucket) / k_levels;
    const auto share = [&](std::uint64_t count) {
        return bucket.differing() == 0
                   ? 0.0
                   : height * static_cast<double>(count) / static_cast<double>(bucket.differing());
    };
    double bottom = append_part(rects, "changed", left, width, k_height, share(bucket.changed));
    bottom = append_part(rects, "extra", left, width, bottom, share(bucket.extra));
    append_part(rects, "missing", left, width, bottom, share(bucket.missing));
    return element("g", "", title(bucket) + rects) + "\n";
}

std::uint64_t keys_of(const std::vector<DensityBucket>& density)
{
    std::uint64_t keys = 0;
    for (const DensityBucket& bucket : density)
        keys += bucket.keys();
    return std::max<std::uint64_t>(keys, 1);
}

/// Keys near a quarter, a half and three quarters of the rows.
std::string axis(const std::vector<DensityBucket>& density)
{
    std::string marks = element("span", "end", "first key");
    const std::uint64_t keys = keys_of(density);
    std::uint64_t before = 0;
    std::uint64_t quarter = 0;
    for (const DensityBucket& bucket : density) {
        const std::uint64_t begins_in = before * 4 / keys;
        if (begins_in > quarter && begins_in < 4)
            marks += element("span", begins_in == 2 ? "" : "quarter", text(bucket.from));
        quarter = begins_in;
        before += bucket.keys();
    }
    return element("div", "axis", marks + element("span", "end", "last key"));
}

} // namespace

std::string strip(const std::vector<DensityBucket>& density)
{
    const double scale = k_width / static_cast<double>(keys_of(density));
    std::string bars;
    double left = 0;
    for (const DensityBucket& bucket : density) {
        const double width = scale * static_cast<double>(bucket.keys());
        bars += bar(bucket, left, std::max(width - k_gap, 1.0));
        left += width;
    }
    return fmt::format(R"(<svg class="strip" xmlns="http://www.w3.org/2000/svg" )"
                       R"(viewBox="0 0 {:.0f} {:.0f}" preserveAspectRatio="none" role="img" )"
                       R"(aria-label="where rows differ, in the order of the key">)"
                       "\n{}</svg>{}",
                       k_width, k_height, bars, axis(density));
}

std::string strip_key()
{
    const auto entry = [](std::string_view kind, std::string_view meaning) {
        return element("span", "", element("i", kind, "") + std::string(meaning));
    };
    return element("p", "key",
                   entry("missing", "missing: only upstream had the row") +
                       entry("extra", "extra: only downstream had it") +
                       entry("changed", "changed: both had it, unlike") +
                       element("span", "",
                               "Bars stand in the order of the key, each for about as many rows; "
                               "their height grows with the share of rows that differ: up to 1 in "
                               "10,000, 1,000, 100, 10, 2, then more, then all."));
}

} // namespace slicetool::report::html
