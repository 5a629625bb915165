#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace slicetool::report {

/// One step through a byte string that should be UTF-8.
struct CodePoint
{
    char32_t value = 0;    ///< the code point, or the byte itself where it is not valid
    std::size_t bytes = 1; ///< how far to step; at least 1
    bool valid = false;    ///< false: this byte does not begin a well-formed sequence
};

/// Reads what begins at `at`, which is before the end. Overlong forms, surrogates and values above
/// U+10FFFF are not well-formed (Unicode 15, table 3-7).
CodePoint decode_at(std::string_view text, std::size_t at);

bool is_utf8(std::string_view text);

/// Columns that a terminal gives to a code point: 0, 1 or 2. After Unicode 14's East_Asian_Width
/// and general categories, not after the locale, which is "C" where cron runs.
int display_width(char32_t code_point);

/// U+202E as "\u{202E}".
std::string escape_of(char32_t code_point);

/// True for what would move the cursor, reorder the line or be invisible: control characters, line
/// separators, marks of writing direction, zero-width spaces.
bool is_hazardous(char32_t code_point);

} // namespace slicetool::report
