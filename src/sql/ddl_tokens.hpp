#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// SQL text cut into tokens: enough of the servers' lexical rules to take their own DDL apart
/// safely.
namespace slicetool::sql {

enum class TokenKind {
    word,   ///< unquoted identifier, keyword or function name
    quoted, ///< identifier in backticks
    string, ///< '…' or "…"
    number, ///< 12, 1.5e3, 0xFF; b'1' and x'FF' too
    symbol  ///< operators and punctuation
};

struct Token
{
    TokenKind kind = TokenKind::symbol;
    std::string text;      ///< as written
    std::string value;     ///< quoted and string: the content; word: lower case; else as written
    std::size_t begin = 0; ///< offset in the source
    std::size_t end = 0;   ///< offset behind it

    bool is_word(std::string_view lower_case) const
    {
        return kind == TokenKind::word && value == lower_case;
    }
    bool is_symbol(std::string_view symbol) const
    {
        return kind == TokenKind::symbol && text == symbol;
    }
};

/// The tokens of `sql`. Comments vanish; of executable comments (`/*!80023 … */`, `/*M!100301 …
/// */`) only the wrapping does. Strings follow the rules with backslash escapes. Text that ends
/// within a string ends there; nothing throws.
std::vector<Token> tokenize(std::string_view sql);

/// Tokens from `from` until `to`, spelled with one space wherever the source had room, wrappings of
/// executable comments left out.
std::string token_text(const std::vector<Token>& tokens, std::size_t from, std::size_t to);

/// The position behind the parenthesis that closes the one at `open`, or the end.
std::size_t after_parentheses(const std::vector<Token>& tokens, std::size_t open);

/// Whether `bytes` is well-formed UTF-8 (without surrogates, up to U+10FFFF).
bool is_utf8(std::string_view bytes);

/// "0x00FF41"; "''" for no bytes.
std::string hex_literal(std::string_view bytes);

/// The bytes of 0x… , x'…' or X'…'; empty when it is no such literal.
std::string hex_bytes(std::string_view literal);

} // namespace slicetool::sql
