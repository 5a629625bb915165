#include "sql/translate_expression.hpp"

#include "sql/ddl_parse.hpp"
#include "sql/ddl_tokens.hpp"

#include <algorithm>

namespace slicetool::sql {

namespace {

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Whether tokens[at] introduces a string whose bytes are the same text in utf8mb4.
bool is_idle_introducer(const std::vector<Token>& tokens, std::size_t at)
{
    const Token& token = tokens[at];
    if (token.kind != TokenKind::word || token.value.front() != '_' || at + 1 >= tokens.size() ||
        tokens[at + 1].kind != TokenKind::string)
        return false;
    const bool utf8 =
        token.value == "_utf8mb4" || token.value == "_utf8mb3" || token.value == "_utf8";
    return utf8 || is_ascii(tokens[at + 1].value);
}

} // namespace

std::string expression_for_mariadb(std::string_view expression)
{
    const auto tokens = tokenize(expression);
    std::string text;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        if (at > 0 && tokens[at].begin > tokens[at - 1].end)
            text += ' ';
        if (is_idle_introducer(tokens, at))
            text += ddl_string(tokens[++at].value);
        else
            text += tokens[at].text;
    }
    return text;
}

} // namespace slicetool::sql
