#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace slicetool::sql {

/// `name` in backticks, a backtick inside doubled. Any spelling of a name is safe after this.
std::string quote_identifier(std::string_view name);

/// "`a`, `b`".
std::string quote_identifiers(const std::vector<std::string>& names);

/// `bytes` as a string literal in single quotes, escaped byte by byte: for sessions whose client
/// character set is binary and whose sql_mode has no NO_BACKSLASH_ESCAPES (every Session is pinned
/// to that). NUL and 0x1A are escaped too, so that the statement is also safe in logs.
std::string quote_string(std::string_view bytes);

/// Appends what quote_string would return; for long statements.
void append_quoted_string(std::string& out, std::string_view bytes);

/// Appends a number as a server prints it ("-1", "12.50"), without quotes. Throws base::Error for
/// any other text: a server may be hostile, and what it sends must not become SQL on the other one.
void append_number(std::string& out, std::string_view text);

/// `text` fit for standing inside `/* … */`: no comment end, no control characters, at most 100
/// bytes.
std::string comment_text(std::string_view text);

} // namespace slicetool::sql
