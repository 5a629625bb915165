#include "report/html_text.hpp"

#include "base/units.hpp"
#include "report/text.hpp"
#include "report/utf8.hpp"

#include <fmt/format.h>

namespace slicetool::report::html {

namespace {

/// What printable text may hold and XML may not (XML 1.0, production 2).
bool is_noncharacter(char32_t c)
{
    return c == 0xFFFE || c == 0xFFFF;
}

void append_escaped(std::string& out, std::string_view character)
{
    if (character == "&")
        out += "&amp;";
    else if (character == "<")
        out += "&lt;";
    else if (character == ">")
        out += "&gt;";
    else if (character == "\"")
        out += "&quot;";
    else if (character == "'")
        out += "&#39;";
    else
        out += character;
}

std::string escaped_markup(const std::string& utf8)
{
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const CodePoint point = decode_at(utf8, at);
        if (is_noncharacter(point.value))
            out += escape_of(point.value);
        else
            append_escaped(out, std::string_view(utf8).substr(at, point.bytes));
        at += point.bytes;
    }
    return out;
}

} // namespace

std::string text(std::string_view bytes)
{
    return escaped_markup(printable(bytes));
}

std::string lines(std::string_view bytes)
{
    return escaped_markup(printable_lines(bytes));
}

std::string element(std::string_view tag, std::string_view classes, std::string_view content)
{
    return classes.empty() ? fmt::format("<{0}>{1}</{0}>", tag, content)
                           : fmt::format("<{0} class=\"{2}\">{1}</{0}>", tag, content, classes);
}

std::string number(std::uint64_t count)
{
    return base::format_count(count);
}

} // namespace slicetool::report::html
