#include "report/text.hpp"

#include "base/units.hpp"
#include "report/utf8.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace slicetool::report {

namespace {

enum class Backslash { keep, twice };
enum class LineEnds { escape, keep };

std::string escape_of_byte(unsigned char byte)
{
    switch (byte) {
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return fmt::format("\\x{:02x}", byte);
    }
}

std::string shown(std::string_view bytes, Backslash backslash, LineEnds line_ends)
{
    std::string result;
    result.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const CodePoint c = decode_at(bytes, at);
        if (c.value == '\\' && backslash == Backslash::twice)
            result += "\\\\";
        else if (line_ends == LineEnds::keep && (c.value == '\n' || c.value == '\t'))
            result += bytes[at];
        else if (!c.valid || c.value < 0x20 || c.value == 0x7F)
            result += escape_of_byte(static_cast<unsigned char>(c.value));
        else if (is_hazardous(c.value))
            result += escape_of(c.value);
        else
            result += bytes.substr(at, c.bytes);
        at += c.bytes;
    }
    return result;
}

/// The longest beginning of `text` that is no wider than `width`, in bytes, marks included.
std::size_t prefix_bytes(std::string_view text, std::size_t width)
{
    std::size_t at = 0;
    for (std::size_t used = 0; at < text.size();) {
        const CodePoint c = decode_at(text, at);
        used += static_cast<std::size_t>(display_width(c.value));
        if (used > width)
            break;
        at += c.bytes;
    }
    return at;
}

/// The longest end of `text` that is no wider than `width`.
std::string_view suffix(std::string_view text, std::size_t width)
{
    const std::size_t whole = display_width(text);
    std::size_t at = 0;
    for (std::size_t left = whole; left > width && at < text.size();) {
        const CodePoint c = decode_at(text, at);
        left -= static_cast<std::size_t>(display_width(c.value));
        at += c.bytes;
    }
    while (at < text.size() && display_width(decode_at(text, at).value) == 0)
        at += decode_at(text, at).bytes; // a mark without its letter
    return text.substr(at);
}

} // namespace

std::string printable(std::string_view bytes)
{
    return shown(bytes, Backslash::keep, LineEnds::escape);
}

std::string escaped(std::string_view bytes)
{
    return shown(bytes, Backslash::twice, LineEnds::escape);
}

std::string printable_lines(std::string_view bytes)
{
    return shown(bytes, Backslash::keep, LineEnds::keep);
}

std::string ascii_only(std::string_view utf8)
{
    std::string result;
    for (std::size_t at = 0; at < utf8.size();) {
        const CodePoint c = decode_at(utf8, at);
        result += c.value < 0x80 ? static_cast<char>(c.value) : '?';
        at += c.bytes;
    }
    return result;
}

std::size_t display_width(std::string_view utf8)
{
    std::size_t width = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const CodePoint c = decode_at(utf8, at);
        width += static_cast<std::size_t>(display_width(c.value));
        at += c.bytes;
    }
    return width;
}

std::string fitted(std::string_view utf8, std::size_t width, bool ascii)
{
    if (display_width(utf8) <= width)
        return std::string(utf8);
    const std::string_view dots = ascii ? "..." : "…";
    const std::size_t dots_width = display_width(dots);
    if (width <= dots_width)
        return std::string(utf8.substr(0, prefix_bytes(utf8, width)));
    const std::size_t head = (width - dots_width + 1) / 2;
    std::string result(utf8.substr(0, prefix_bytes(utf8, head)));
    result += dots;
    result += suffix(utf8, width - display_width(result));
    return result;
}

std::string pad_right(std::string text, std::size_t width)
{
    const std::size_t used = display_width(text);
    return used < width ? text.append(width - used, ' ') : text;
}

std::string pad_left(std::string text, std::size_t width)
{
    const std::size_t used = display_width(text);
    return used < width ? text.insert(0, width - used, ' ') : text;
}

std::vector<std::string> wrapped(std::string_view utf8, std::size_t width)
{
    width = std::max<std::size_t>(width, 2); // a wide character has to fit
    std::vector<std::string> lines(1);
    const auto add = [&](std::string_view word) {
        const bool first = lines.back().empty();
        if (!first && display_width(lines.back()) + 1 + display_width(word) > width)
            lines.emplace_back();
        if (!lines.back().empty())
            lines.back() += ' ';
        while (display_width(word) > width) {
            const std::size_t cut = prefix_bytes(word, width);
            lines.back() += word.substr(0, cut);
            lines.emplace_back();
            word.remove_prefix(cut);
        }
        lines.back() += word;
    };
    while (!utf8.empty()) {
        const std::size_t end = std::min(utf8.find_first_of(" \n"), utf8.size());
        if (end > 0)
            add(utf8.substr(0, end));
        if (end < utf8.size() && utf8[end] == '\n' && !lines.back().empty())
            lines.emplace_back();
        utf8.remove_prefix(std::min(end + 1, utf8.size()));
    }
    if (lines.size() > 1 && lines.back().empty())
        lines.pop_back();
    return lines;
}

std::string shortened(std::string_view value, std::size_t max_bytes)
{
    if (value.size() <= max_bytes)
        return std::string(value);
    std::size_t cut = 0;
    for (std::size_t at = 0; at <= max_bytes; at += decode_at(value, at).bytes)
        cut = at;
    return fmt::format("{}… ({})", value.substr(0, cut), base::format_bytes(value.size()));
}

std::string compact_count(std::uint64_t count)
{
    if (count < 10'000)
        return base::format_count(count);
    constexpr std::array k_letters{'k', 'M', 'G', 'T', 'P', 'E'};
    auto value = static_cast<double>(count) / 1000;
    std::size_t letter = 0;
    for (; value >= 999.5 && letter + 1 < k_letters.size(); ++letter)
        value /= 1000;
    return fmt::format("{:.{}f}{}", value,
                       value < 9.995   ? 2
                       : value < 99.95 ? 1
                                       : 0,
                       k_letters.at(letter));
}

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural)
{
    return fmt::format("{} {}", base::format_count(count), count == 1 ? singular : plural);
}

std::string compact_bytes(std::uint64_t bytes)
{
    if (bytes == 0)
        return "0";
    const std::string text = base::format_bytes(bytes);
    const std::size_t space = text.find(' ');
    return text.substr(0, space) + text.at(space + 1);
}

std::string format_seconds(double seconds)
{
    if (seconds < 9.995)
        return fmt::format("{:.2f}", std::max(0.0, seconds));
    if (seconds < 99.95)
        return fmt::format("{:.1f}", seconds);
    return base::format_count(static_cast<std::uint64_t>(std::llround(seconds)));
}

std::string compact_duration(double seconds)
{
    const double bounded = std::clamp(seconds, 0.0, 1e15);
    const auto whole = static_cast<std::uint64_t>(std::llround(bounded));
    if (whole < 60)
        return fmt::format("{}s", whole);
    if (whole < 3600)
        return fmt::format("{}m{:02}s", whole / 60, whole % 60);
    if (whole < 24 * 3600)
        return fmt::format("{}h{:02}m", whole / 3600, whole % 3600 / 60);
    return fmt::format("{}d", std::min<std::uint64_t>(whole / (24 * 3600), 9'999));
}

} // namespace slicetool::report
