#include "sql/quote.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sql {

namespace {

std::size_t count_digits(std::string_view text)
{
    return std::min(text.find_first_not_of("0123456789"), text.size());
}

/// -?[0-9]+(\.[0-9]+)?
bool is_number(std::string_view text)
{
    if (text.starts_with('-'))
        text.remove_prefix(1);
    const std::size_t whole = count_digits(text);
    text.remove_prefix(whole);
    if (whole == 0 || text.empty())
        return whole != 0;
    return text[0] == '.' && text.size() > 1 && count_digits(text.substr(1)) == text.size() - 1;
}

} // namespace

std::string quote_identifier(std::string_view name)
{
    std::string quoted;
    quoted.reserve(name.size() + 2);
    quoted += '`';
    for (const char c : name) {
        if (c == '`')
            quoted += '`';
        quoted += c;
    }
    quoted += '`';
    return quoted;
}

std::string quote_identifiers(const std::vector<std::string>& names)
{
    std::string list;
    for (const auto& name : names) {
        if (!list.empty())
            list += ", ";
        list += quote_identifier(name);
    }
    return list;
}

void append_quoted_string(std::string& out, std::string_view bytes)
{
    out += '\'';
    for (const char c : bytes) {
        switch (c) {
        case '\0':
            out += "\\0";
            break;
        case '\x1a':
            out += "\\Z";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\'':
        case '\\':
            out += '\\';
            [[fallthrough]];
        default:
            out += c;
        }
    }
    out += '\'';
}

std::string quote_string(std::string_view bytes)
{
    std::string quoted;
    quoted.reserve(bytes.size() + 2);
    append_quoted_string(quoted, bytes);
    return quoted;
}

void append_number(std::string& out, std::string_view text)
{
    if (!is_number(text))
        throw base::Error(
            fmt::format("A server sent {} where a number was expected: either it is no MySQL or "
                        "MariaDB server, or it is a hostile one.",
                        quote_string(text.substr(0, 40))));
    out += text;
}

std::string comment_text(std::string_view text)
{
    constexpr std::size_t k_longest = 100;
    std::string safe(text.substr(0, k_longest));
    for (char& c : safe) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f || c == '*' || c == '/' || c == '\\' || c == '!' ||
            c == '+')
            c = '.';
    }
    return safe;
}

} // namespace slicetool::sql
