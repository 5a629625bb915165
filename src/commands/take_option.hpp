#pragma once

#include "base/error.hpp"

#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>

namespace slicetool::commands {

/// An option's value, if it was given. Throws base::UsageError when it is none.
template<class Value>
void take(std::optional<Value>& target, const std::string& text, const char* option,
          std::optional<Value> (*parse)(std::string_view), std::string_view expected)
{
    if (text.empty())
        return;
    target = parse(text);
    if (!target)
        throw base::UsageError(fmt::format("{} must be {}, not '{}'.", option, expected, text));
}

} // namespace slicetool::commands
