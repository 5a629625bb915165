#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace slicetool::base {

namespace {

constexpr std::array k_binary_prefixes{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

} // namespace

std::string format_bytes(std::uint64_t bytes)
{
    if (bytes < 1024)
        return fmt::format("{} B", bytes);
    auto value = static_cast<double>(bytes);
    std::size_t prefix = 0;
    while (value >= 999.5 && prefix + 1 < k_binary_prefixes.size()) {
        value /= 1024;
        ++prefix;
    }
    return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, k_binary_prefixes.at(prefix));
}

std::string format_count(std::uint64_t count)
{
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string format_duration(std::chrono::duration<double> duration)
{
    const double seconds = std::max(0.0, duration.count());
    if (seconds < 9.995)
        return fmt::format("{:.2f} s", seconds);
    if (seconds < 99.95)
        return fmt::format("{:.1f} s", seconds);
    const auto whole = std::llround(seconds);
    if (whole < 3600)
        return fmt::format("{}m {:02}s", whole / 60, whole % 60);
    return fmt::format("{}h {:02}m", whole / 3600, whole % 3600 / 60);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || !(value >= 0)) // not a number is neither
        return std::nullopt;
    std::string unit(end, text.data() + text.size());
    for (char& c : unit)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (unit.size() > 1 && unit.ends_with("IB"))
        unit.resize(unit.size() - 2);
    else if (unit.ends_with("B"))
        unit.pop_back();
    static constexpr std::string_view k_letters = "KMGT";
    double factor = 1;
    if (unit.size() == 1 && k_letters.find(unit[0]) != std::string_view::npos)
        factor = std::pow(1024.0, static_cast<double>(k_letters.find(unit[0]) + 1));
    else if (!unit.empty())
        return std::nullopt;
    const double bytes = value * factor;
    if (bytes >= 9.2e18)
        return std::nullopt;
    return static_cast<std::uint64_t>(bytes);
}

} // namespace slicetool::base
