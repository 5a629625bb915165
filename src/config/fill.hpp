#pragma once

#include <optional>

namespace slicetool::config {

/// Sets `target` only when nothing stronger has set it.
template<class T>
void fill(std::optional<T>& target, const std::optional<T>& source)
{
    if (!target)
        target = source;
}

} // namespace slicetool::config
