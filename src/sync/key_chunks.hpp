#pragma once

#include "sync/range.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace slicetool::sync {

/// Keys named in one statement: enough to make a round trip worth while, few enough for a quick
/// plan.
inline constexpr std::size_t k_keys_per_statement = 500;

/// Calls `use` with the keys, as many at a time as a statement names.
template<class Use>
void in_key_chunks(const std::vector<KeyTuple>& keys, Use use)
{
    for (std::size_t from = 0; from < keys.size(); from += k_keys_per_statement) {
        const auto to = std::min(keys.size(), from + k_keys_per_statement);
        use(std::vector<KeyTuple>(keys.begin() + static_cast<std::ptrdiff_t>(from),
                                  keys.begin() + static_cast<std::ptrdiff_t>(to)));
    }
}

} // namespace slicetool::sync
