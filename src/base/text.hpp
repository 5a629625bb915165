#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slicetool::base {

/// ASCII lower case; other bytes stay. Column and option names are compared this way.
std::string ascii_lower(std::string_view text);

/// ASCII upper case; other bytes stay.
std::string ascii_upper(std::string_view text);

bool equal_ignoring_case(std::string_view a, std::string_view b);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// The candidate with the fewest edits to `name`, if it is close enough to be what was meant (at
/// most a third of its length); used for "did you mean" in messages.
std::optional<std::string> nearest(std::string_view name,
                                   const std::vector<std::string>& candidates);

/// "one row", "2 rows", "1,234 rows".
std::string count_of(std::size_t count, std::string_view singular, std::string_view plural);

} // namespace slicetool::base
