#include "config/values.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <functional>
#include <utility>

namespace slicetool::config {

namespace {

/// More levels than this never pay: eight halvings by 16 cover 2^32 rows.
constexpr std::size_t k_max_zoom_levels = 8;

/// More pairs of sessions than this only wait for each other on the servers.
constexpr std::uint64_t k_max_jobs = 64;

constexpr std::chrono::hours k_max_timeout{24};

constexpr double k_least_chunk_ms = 10;
constexpr double k_most_chunk_ms = 3'600'000;

template<class T, std::size_t N>
std::optional<T> find_word(const std::array<std::pair<std::string_view, T>, N>& words,
                           std::string_view text)
{
    std::string word = base::ascii_lower(text);
    std::replace(word.begin(), word.end(), '-', '_');
    for (const auto& [name, value] : words) {
        if (name == word)
            return value;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> seconds_of_unit(std::string_view unit)
{
    if (unit.empty() || unit == "s")
        return 1;
    if (unit == "m")
        return 60;
    return unit == "h" ? std::optional<std::uint64_t>(3600) : std::nullopt;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(separator, start), text.size());
        parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}

std::optional<MaxDelete> parse_percentage(std::string_view text)
{
    double percent = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), percent, std::chars_format::fixed);
    if (error != std::errc() || end != text.data() + text.size() || !(percent >= 0) ||
        percent > 100)
        return std::nullopt;
    return MaxDelete{std::nullopt, percent};
}

} // namespace

std::optional<std::uint64_t> parse_integer(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<bool> parse_boolean(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, bool>, 6> k_words{{{"true", true},
                                                                               {"yes", true},
                                                                               {"on", true},
                                                                               {"false", false},
                                                                               {"no", false},
                                                                               {"off", false}}};
    return find_word(k_words, text);
}

std::optional<std::uint16_t> parse_port(std::string_view text)
{
    const auto number = parse_integer(text);
    if (!number || *number < 1 || *number > 65535)
        return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

std::optional<std::chrono::seconds> parse_timeout(std::string_view text)
{
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_integer(text.substr(0, digits));
    const auto unit = seconds_of_unit(text.substr(digits));
    const auto limit = static_cast<std::uint64_t>(std::chrono::seconds(k_max_timeout).count());
    if (!number || !unit || *number < 1 || *number > limit / *unit)
        return std::nullopt;
    return std::chrono::seconds(*number * *unit);
}

std::optional<std::chrono::seconds> parse_age(std::string_view text)
{
    constexpr std::uint64_t k_day = 86'400;
    constexpr std::uint64_t k_century = 36'525 * k_day;
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_integer(text.substr(0, digits));
    const auto unit =
        text.substr(digits) == "d" ? std::optional(k_day) : seconds_of_unit(text.substr(digits));
    if (!number || !unit || *number > k_century / *unit)
        return std::nullopt;
    return std::chrono::seconds(*number * *unit);
}

std::optional<base::TlsMode> parse_tls_mode(std::string_view text)
{
    using base::TlsMode;
    static constexpr std::array<std::pair<std::string_view, TlsMode>, 5> k_words{
        {{"disabled", TlsMode::disabled},
         {"preferred", TlsMode::preferred},
         {"required", TlsMode::required},
         {"verify_ca", TlsMode::verify_ca},
         {"verify_identity", TlsMode::verify_identity}}};
    return find_word(k_words, text);
}

std::optional<DigestChoice> parse_digest(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, DigestChoice>, 3> k_words{
        {{"auto", DigestChoice::automatic},
         {"md5", DigestChoice::md5},
         {"sha256", DigestChoice::sha256}}};
    return find_word(k_words, text);
}

std::optional<Outside> parse_outside(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, Outside>, 2> k_words{
        {{"delete", Outside::remove}, {"keep", Outside::keep}}};
    return find_word(k_words, text);
}

std::optional<std::uint64_t> parse_size(std::string_view text)
{
    const auto bytes = base::parse_bytes(text);
    return bytes && *bytes > 0 ? bytes : std::nullopt;
}

std::optional<WhenFull> parse_when_full(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, WhenFull>, 2> k_words{
        {{"stop", WhenFull::stop}, {"go_on", WhenFull::go_on}}};
    return find_word(k_words, text);
}

std::optional<bool> parse_parents(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, bool>, 2> k_words{
        {{"pull", true}, {"leave", false}}};
    return find_word(k_words, text);
}

std::optional<MaxDelete> parse_max_delete(std::string_view text)
{
    if (text.ends_with('%'))
        return parse_percentage(text.substr(0, text.size() - 1));
    if (const auto rows = parse_integer(text))
        return MaxDelete{rows, std::nullopt};
    return std::nullopt;
}

std::optional<std::uint64_t> parse_jobs(std::string_view text)
{
    const auto number = parse_integer(text);
    return number && *number >= 1 && *number <= k_max_jobs ? number : std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_chunk_time(std::string_view text)
{
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc())
        return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    double milliseconds = 0;
    if (unit == "ms")
        milliseconds = number;
    else if (const auto seconds = seconds_of_unit(unit))
        milliseconds = number * static_cast<double>(*seconds) * 1000;
    if (!(milliseconds >= k_least_chunk_ms && milliseconds <= k_most_chunk_ms))
        return std::nullopt;
    return std::chrono::milliseconds(std::llround(milliseconds));
}

std::optional<std::vector<MaxStatus>> parse_max_load(std::string_view text)
{
    std::vector<MaxStatus> limits;
    for (const auto part : split(text, ',')) {
        const std::size_t sign = part.find('=');
        if (sign == 0 || sign == std::string_view::npos)
            return std::nullopt;
        const auto name = part.substr(0, sign);
        const auto most = parse_integer(part.substr(sign + 1));
        const bool is_name = std::all_of(name.begin(), name.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_';
        });
        if (!most || !is_name)
            return std::nullopt;
        limits.push_back({std::string(name), *most});
    }
    return limits.empty() ? std::nullopt : std::optional(limits);
}

std::optional<std::uint64_t> parse_rate_rows(std::string_view text)
{
    const auto rows = parse_integer(text);
    return rows && *rows >= 1 ? rows : std::nullopt;
}

bool is_zoom(const std::vector<std::uint64_t>& sizes)
{
    const bool goes_down =
        std::adjacent_find(sizes.begin(), sizes.end(), std::less_equal<>()) == sizes.end();
    return !sizes.empty() && sizes.size() <= k_max_zoom_levels && sizes.back() >= 1 && goes_down;
}

std::optional<Zoom> parse_zoom(std::string_view text)
{
    if (base::equal_ignoring_case(text, "auto"))
        return Zoom{};
    Zoom zoom;
    for (const auto part : split(text, ',')) {
        const auto size = parse_integer(part);
        if (!size)
            return std::nullopt;
        zoom.sizes.push_back(*size);
    }
    return is_zoom(zoom.sizes) ? std::optional(zoom) : std::nullopt;
}

} // namespace slicetool::config
