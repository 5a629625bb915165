#include "sql/ddl_tokens.hpp"

#include "base/text.hpp"

#include <array>
#include <fmt/format.h>

namespace slicetool::sql {

namespace {

bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_word_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

char unescaped(char c)
{
    switch (c) {
    case '0':
        return '\0';
    case 'b':
        return '\b';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'Z':
        return '\x1a';
    default:
        return c;
    }
}

class Lexer
{
public:
    explicit Lexer(std::string_view sql) : m_sql(sql) {}

    std::vector<Token> run()
    {
        while (skip_room())
            m_tokens.push_back(next());
        return std::move(m_tokens);
    }

private:
    char at(std::size_t position) const { return position < m_sql.size() ? m_sql[position] : '\0'; }

    bool starts(std::string_view text) const { return m_sql.substr(m_at, text.size()) == text; }

    /// Skips blanks, comments and the wrapping of executable comments. False at the end.
    bool skip_room()
    {
        while (m_at < m_sql.size()) {
            if (is_space(m_sql[m_at]))
                ++m_at;
            else if (!skip_comment())
                return true;
        }
        return false;
    }

    bool skip_comment()
    {
        if (starts("/*!") || starts("/*M!")) {
            m_at = m_sql.find('!', m_at) + 1;
            while (is_digit(at(m_at)))
                ++m_at;
            ++m_open_comments;
            return true;
        }
        if (m_open_comments > 0 && starts("*/")) {
            --m_open_comments;
            m_at += 2;
            return true;
        }
        if (starts("/*"))
            return skip_until("*/");
        if (starts("#") || (starts("--") && (is_space(at(m_at + 2)) || m_at + 2 == m_sql.size())))
            return skip_until("\n");
        return false;
    }

    bool skip_until(std::string_view end)
    {
        const auto found = m_sql.find(end, m_at + end.size()); // "/*/" does not end itself
        m_at = found == std::string_view::npos ? m_sql.size() : found + end.size();
        return true;
    }

    Token next()
    {
        const char c = m_sql[m_at];
        if (c == '`')
            return enclosed(TokenKind::quoted);
        if (c == '\'' || c == '"')
            return enclosed(TokenKind::string);
        if ((c == 'b' || c == 'B' || c == 'x' || c == 'X') && at(m_at + 1) == '\'')
            return prefixed_literal();
        if (is_digit(c) || (c == '.' && is_digit(at(m_at + 1)) && !after_name()))
            return number();
        return is_word_char(c) ? word() : symbol();
    }

    /// Whether a dot here separates names.
    bool after_name() const
    {
        return !m_tokens.empty() && m_tokens.back().end == m_at &&
               (m_tokens.back().kind == TokenKind::quoted ||
                m_tokens.back().kind == TokenKind::word);
    }

    Token finish(TokenKind kind, std::size_t begin, std::string value)
    {
        return {kind, std::string(m_sql.substr(begin, m_at - begin)), std::move(value), begin,
                m_at};
    }

    Token enclosed(TokenKind kind)
    {
        const std::size_t begin = m_at;
        const char quote = m_sql[m_at++];
        std::string value;
        while (m_at < m_sql.size()) {
            const char c = m_sql[m_at++];
            if (c == quote && at(m_at) != quote)
                break;
            if (c == quote)
                ++m_at;
            const bool escape = c == '\\' && kind == TokenKind::string && m_at < m_sql.size();
            value += escape ? unescaped(m_sql[m_at++]) : c;
        }
        return finish(kind, begin, std::move(value));
    }

    Token prefixed_literal()
    {
        const std::size_t begin = m_at++;
        const Token content = enclosed(TokenKind::string);
        return finish(TokenKind::number, begin,
                      base::ascii_lower(m_sql.substr(begin, 1)) + content.text);
    }

    Token number()
    {
        const std::size_t begin = m_at;
        while (is_word_char(at(m_at)) || at(m_at) == '.' || exponent_sign(begin))
            ++m_at;
        return finish(TokenKind::number, begin,
                      base::ascii_lower(m_sql.substr(begin, m_at - begin)));
    }

    bool exponent_sign(std::size_t begin) const
    {
        const char before = at(m_at - 1);
        return (at(m_at) == '-' || at(m_at) == '+') && m_at > begin &&
               (before == 'e' || before == 'E') && at(begin + 1) != 'x';
    }

    Token word()
    {
        const std::size_t begin = m_at;
        while (is_word_char(at(m_at)))
            ++m_at;
        return finish(TokenKind::word, begin, base::ascii_lower(m_sql.substr(begin, m_at - begin)));
    }

    Token symbol()
    {
        static constexpr std::array<std::string_view, 12> k_long = {
            "<=>", "->>", "<=", ">=", "<>", "!=", "<<", ">>", "&&", "||", ":=", "->"};
        const std::size_t begin = m_at;
        for (const auto candidate : k_long) {
            if (starts(candidate)) {
                m_at += candidate.size();
                return finish(TokenKind::symbol, begin, std::string(candidate));
            }
        }
        ++m_at;
        return finish(TokenKind::symbol, begin, std::string(m_sql.substr(begin, 1)));
    }

    std::string_view m_sql;
    std::size_t m_at = 0;
    int m_open_comments = 0;
    std::vector<Token> m_tokens;
};

/// The length that the first byte of a UTF-8 sequence announces; 0 when none may begin so.
std::size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/// The narrower limits of a sequence's second byte: no overlong forms, no surrogates, nothing above
/// U+10FFFF.
bool second_byte_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second < 0xa0;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second < 0x90;
    default:
        return true;
    }
}

int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

std::vector<Token> tokenize(std::string_view sql)
{
    return Lexer(sql).run();
}

std::string token_text(const std::vector<Token>& tokens, std::size_t from, std::size_t to)
{
    std::string text;
    for (std::size_t at = from; at < to && at < tokens.size(); ++at) {
        if (at > from && tokens[at].begin > tokens[at - 1].end)
            text += ' ';
        text += tokens[at].text;
    }
    return text;
}

std::size_t after_parentheses(const std::vector<Token>& tokens, std::size_t open)
{
    int depth = 0;
    for (std::size_t at = open; at < tokens.size(); ++at) {
        if (tokens[at].is_symbol("("))
            ++depth;
        else if (tokens[at].is_symbol(")") && --depth == 0)
            return at + 1;
    }
    return tokens.size();
}

bool is_utf8(std::string_view bytes)
{
    for (std::size_t at = 0; at < bytes.size();) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const std::size_t length = sequence_length(first);
        if (length == 0 || at + length > bytes.size())
            return false;
        for (std::size_t next = 1; next < length; ++next) {
            if ((static_cast<unsigned char>(bytes[at + next]) & 0xc0) != 0x80)
                return false;
        }
        if (length > 1 && !second_byte_fits(first, static_cast<unsigned char>(bytes[at + 1])))
            return false;
        at += length;
    }
    return true;
}

std::string hex_literal(std::string_view bytes)
{
    if (bytes.empty())
        return "''";
    std::string literal = "0x";
    for (const char c : bytes)
        literal += fmt::format("{:02X}", static_cast<unsigned char>(c));
    return literal;
}

std::string hex_bytes(std::string_view literal)
{
    const bool zero_x =
        literal.size() > 2 && literal[0] == '0' && (literal[1] == 'x' || literal[1] == 'X');
    const bool quoted =
        literal.size() > 3 && (literal[0] == 'x' || literal[0] == 'X') && literal[1] == '\'';
    if (!zero_x && !quoted)
        return {};
    std::string digits(literal.substr(2, literal.size() - (quoted ? 3 : 2)));
    if (digits.size() % 2 != 0)
        digits.insert(0, "0");
    std::string bytes;
    for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
        const int high = hex_digit(digits[at]);
        const int low = hex_digit(digits[at + 1]);
        if (high < 0 || low < 0)
            return {};
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

} // namespace slicetool::sql
