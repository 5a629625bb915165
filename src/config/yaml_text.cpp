#include "config/yaml_text.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace slicetool::config {

namespace {

bool is_word(std::string_view text)
{
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto inner = [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/';
    };
    return !text.empty() && (letter(text.front()) || text.front() == '/') &&
           std::all_of(text.begin(), text.end(), inner);
}

/// Words that YAML 1.1 or 1.2 takes for something else than text.
bool has_a_meaning(std::string_view text)
{
    static constexpr std::array<std::string_view, 10> k_words{
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan"};
    return std::find(k_words.begin(), k_words.end(), base::ascii_lower(text)) != k_words.end();
}

bool is_control(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

} // namespace

std::string yaml_text(std::string_view text)
{
    if (is_word(text) && !has_a_meaning(text))
        return std::string(text);
    std::string quoted = "\"";
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (text.substr(at).starts_with("${"))
            quoted += '$'; // "$${" stands for "${"
        if (c == '"' || c == '\\')
            quoted += '\\';
        if (is_control(c))
            quoted += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
        else
            quoted += c;
    }
    return quoted + '"';
}

std::string yaml_comment(std::string_view text)
{
    std::string comment(text);
    std::replace_if(comment.begin(), comment.end(), is_control, '?');
    return comment;
}

} // namespace slicetool::config
