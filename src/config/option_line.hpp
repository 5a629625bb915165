#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace slicetool::config {

/// One line of an option file.
struct OptionLine
{
    enum class Kind { blank, group, option, include, include_folder, malformed };

    Kind kind = Kind::blank;
    std::string name; ///< group or option (lower case, '-' for '_'), or the path of an include
    std::optional<std::string> value; ///< unquoted and unescaped; empty for an option without '='
};

/// Splits one line by the rules of the mysql client (MariaDB: mysys/my_default.c): '#' outside
/// quotes starts a comment; spaces around name and value go; quotes around the whole value go; \b
/// \t \n \r \s \\ \' \" are escapes, other backslashes stay.
OptionLine parse_option_line(std::string_view line);

} // namespace slicetool::config
