#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slicetool::base {

/// "0 B", "999 B", "1.2 KiB", "34 MiB": at most three significant digits, powers of 1024.
std::string format_bytes(std::uint64_t bytes);

/// "1234567" as "1,234,567".
std::string format_count(std::uint64_t count);

/// "0.04 s", "12.3 s", "4m 05s", "3h 07m".
std::string format_duration(std::chrono::duration<double> duration);

/// Reads "1048576", "64K", "1.5M", "2G", "16MiB" (powers of 1024). Empty when it is no such size.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

} // namespace slicetool::base
