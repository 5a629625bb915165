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

/// Where the argument that begins at `from` ends: at a comma or parenthesis of its own depth.
std::size_t argument_end(const std::vector<Token>& tokens, std::size_t from)
{
    std::size_t at = from;
    while (at < tokens.size() && !tokens[at].is_symbol(",") && !tokens[at].is_symbol(")"))
        at = tokens[at].is_symbol("(") ? after_parentheses(tokens, at) : at + 1;
    return at;
}

/// regexp_like(a, b) becomes (a regexp b): MySQL prints REGEXP so, and MariaDB lacks the function.
void rewrite_regexp_like(std::vector<Token>& tokens, std::size_t at)
{
    const std::size_t comma = argument_end(tokens, at + 2);
    if (comma >= tokens.size() || !tokens[comma].is_symbol(","))
        return;
    const std::size_t close = argument_end(tokens, comma + 1);
    if (close >= tokens.size() || !tokens[close].is_symbol(")"))
        return;
    tokens[at].text.clear();
    tokens[comma].text = " regexp ";
}

/// json_value(a, b returning char(512)) loses what MySQL returns anyway and MariaDB cannot read.
void drop_returning(std::vector<Token>& tokens, std::size_t at)
{
    const bool usual = at + 4 < tokens.size() && tokens[at + 1].is_word("char") &&
                       tokens[at + 3].text == "512" && tokens[at + 4].is_symbol(")");
    for (std::size_t token = at; usual && token < at + 5; ++token)
        tokens[token].text.clear();
}

void rewrite_calls(std::vector<Token>& tokens)
{
    for (std::size_t at = 0; at + 1 < tokens.size(); ++at) {
        if (tokens[at].is_word("regexp_like") && tokens[at + 1].is_symbol("("))
            rewrite_regexp_like(tokens, at);
        else if (tokens[at].is_word("returning"))
            drop_returning(tokens, at);
    }
}

} // namespace

std::string expression_for_mariadb(std::string_view expression)
{
    std::vector<Token> tokens = tokenize(expression);
    rewrite_calls(tokens);
    std::string text;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        if (tokens[at].text.empty())
            continue;
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
