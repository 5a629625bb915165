#include "sync/integer_key.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

Integer to_integer(std::string_view text)
{
    const bool negative = text.starts_with('-');
    const std::string_view digits = negative ? text.substr(1) : text;
    const bool all_digits =
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits.empty() || digits.size() > 30 || !all_digits)
        throw base::Error(
            fmt::format("The server sent \"{}\" where an integer key was expected.", text));
    Integer value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return negative ? -value : value;
}

std::string to_text(Integer value)
{
    const bool negative = value < 0;
    std::string digits;
    do {
        const int digit = static_cast<int>(value % 10);
        digits += static_cast<char>('0' + (negative ? -digit : digit));
        value /= 10;
    } while (value != 0);
    if (negative)
        digits += '-';
    std::reverse(digits.begin(), digits.end());
    return digits;
}

} // namespace slicetool::sync
