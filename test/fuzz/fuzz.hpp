#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// What the fuzz targets share.
namespace slicetool::fuzz {

inline std::string text_of(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// Ends the process, which libFuzzer takes for a finding, unless `holds`.
inline void require(bool holds, std::string_view what, std::string_view shown = "")
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
                 static_cast<int>(shown.size()), shown.data());
    std::abort();
}

/// A message for a terminal: some text, of bounded length, without control characters.
inline void require_sentence(std::string_view message)
{
    require(!message.empty() && message.size() < 20'000, "messages are neither empty nor endless",
            message);
    for (const char c : message)
        require(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F),
                "messages hold no control characters", message);
}

} // namespace slicetool::fuzz
