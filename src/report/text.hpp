#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace slicetool::report {

/// Any bytes as one line of valid UTF-8 that is safe on a terminal: control characters as `\n`,
/// `\t`, `\xNN`, other hazardous characters as `\u{NNNN}`, bytes that are not UTF-8 as `\xNN`.
/// Backslashes stay, so it reads well but cannot be taken back; for sentences and names.
std::string printable(std::string_view bytes);

/// The same, with every backslash doubled: no two byte strings look alike; for values.
std::string escaped(std::string_view bytes);

/// `printable`, but line ends and tabs stay; for SQL and log lines on a terminal.
std::string printable_lines(std::string_view bytes);

/// One `?` for each character that is not ASCII; for terminals whose locale is not UTF-8.
std::string ascii_only(std::string_view utf8);

/// Columns that a terminal gives to a line of printable UTF-8.
std::size_t display_width(std::string_view utf8);

/// The text, with its middle replaced by "…" (or "...", if `ascii`) where it is wider than `width`
/// columns. Ends of names tell more than middles: orders_2023_q1 and orders_2023_q2.
std::string fitted(std::string_view utf8, std::size_t width, bool ascii);

std::string pad_right(std::string text, std::size_t width);
std::string pad_left(std::string text, std::size_t width);

/// Lines of at most `width` columns, broken at spaces and line ends; a longer word is cut. Never
/// empty.
std::vector<std::string> wrapped(std::string_view utf8, std::size_t width);

/// A value cut to about `max_bytes` at a character's end, followed by its whole size: `abc… (1.2
/// MiB)`. For ColumnDifference and log lines. Bytes that are not UTF-8 stay as they are.
std::string shortened(std::string_view value, std::size_t max_bytes = 60);

/// At most five columns, exact below 10,000: "9,999", "12.3k", "1.24M", "999G".
std::string compact_count(std::uint64_t count);

/// "1 row", "2,000 rows": digits always, for places where numbers are compared.
std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural);

/// At most four columns, powers of 1024: "0", "999B", "1.2K", "34M".
std::string compact_bytes(std::uint64_t bytes);

/// At most seven columns up to 11 days: "0.04", "12.3", "123", "4,000".
std::string format_seconds(double seconds);

/// At most six columns: "12s", "4m05s", "3h07m", "12d".
std::string compact_duration(double seconds);

} // namespace slicetool::report
