#pragma once

#include <string>
#include <string_view>

namespace slicetool::sync {

/// Wide enough for every BIGINT, signed or not, and for the differences and products of planning.
__extension__ using Integer = __int128;

/// Reads an integer as servers print it. Throws base::Error for anything else.
Integer to_integer(std::string_view text);

std::string to_text(Integer value);

} // namespace slicetool::sync
