#pragma once

#include "random/random.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// Text in the servers' character sets, made without asking a server.
namespace slicetool::search {

/// Up to `room` characters that a character set has, preferably troublesome ones.
std::u32string random_text(Random& random, std::string_view charset, std::size_t room);

/// The characters that the character set has; the others are left out.
std::u32string representable(const std::u32string& text, std::string_view charset);

/// A literal of that text in that character set: '…' where that is readable, else _charset X'…'.
std::string text_literal(const std::u32string& text, std::string_view charset);

/// X'…'
std::string bytes_literal(std::string_view bytes);

} // namespace slicetool::search
