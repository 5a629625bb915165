#include "config/option_line.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace slicetool::config {

namespace {

constexpr std::string_view k_spaces = " \t\r\n\v\f";

std::string_view trim(std::string_view text)
{
    const std::size_t start = text.find_first_not_of(k_spaces);
    if (start == std::string_view::npos)
        return {};
    return text.substr(start, text.find_last_not_of(k_spaces) - start + 1);
}

std::string_view without_comment(std::string_view text)
{
    char quote = '\0';
    bool escaped = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if ((c == '\'' || c == '"') && !escaped) {
            if (quote == '\0')
                quote = c;
            else if (quote == c)
                quote = '\0';
        }
        if (quote == '\0' && c == '#')
            return text.substr(0, at);
        escaped = quote != '\0' && c == '\\' && !escaped;
    }
    return text;
}

std::optional<char> escape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 's':
        return ' ';
    case '\\':
    case '\'':
    case '"':
        return c;
    default:
        return std::nullopt;
    }
}

std::string unescape(std::string_view text)
{
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            if (const auto c = escape(text[at + 1])) {
                result += *c;
                ++at;
                continue;
            }
        }
        result += text[at];
    }
    return result;
}

std::string parse_value(std::string_view text)
{
    text = trim(text);
    const bool is_quoted = text.size() > 1 && (text.front() == '\'' || text.front() == '"') &&
                           text.front() == text.back();
    return unescape(is_quoted ? text.substr(1, text.size() - 2) : text);
}

std::string parse_name(std::string_view text)
{
    std::string name = base::ascii_lower(trim(text));
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

OptionLine parse_directive(std::string_view text)
{
    using Kind = OptionLine::Kind;
    constexpr std::string_view k_folder = "!includedir";
    constexpr std::string_view k_file = "!include";
    const bool is_folder = text.starts_with(k_folder);
    if (!is_folder && !text.starts_with(k_file))
        return {Kind::malformed, "", std::nullopt};
    const auto rest = text.substr(is_folder ? k_folder.size() : k_file.size());
    const auto path = trim(rest);
    if (path.empty() || k_spaces.find(rest.front()) == std::string_view::npos)
        return {Kind::malformed, "", std::nullopt};
    return {is_folder ? Kind::include_folder : Kind::include, std::string(path), std::nullopt};
}

OptionLine parse_group(std::string_view text)
{
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos)
        return {OptionLine::Kind::malformed, "", std::nullopt};
    return {OptionLine::Kind::group, std::string(trim(text.substr(1, end - 1))), std::nullopt};
}

OptionLine parse_option(std::string_view text)
{
    text = without_comment(text);
    const std::size_t equals = text.find('=');
    OptionLine line{OptionLine::Kind::option, parse_name(text.substr(0, equals)), std::nullopt};
    if (equals != std::string_view::npos)
        line.value = parse_value(text.substr(equals + 1));
    if (line.name.empty())
        line.kind = OptionLine::Kind::malformed;
    return line;
}

} // namespace

OptionLine parse_option_line(std::string_view line)
{
    const auto text = trim(line);
    if (text.empty() || text.front() == '#' || text.front() == ';')
        return {};
    if (text.find('\0') != std::string_view::npos)
        return {OptionLine::Kind::malformed, "", std::nullopt};
    if (text.front() == '!')
        return parse_directive(text);
    return text.front() == '[' ? parse_group(text) : parse_option(text);
}

} // namespace slicetool::config
