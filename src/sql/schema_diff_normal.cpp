#include "sql/schema_diff_normal.hpp"

#include "base/text.hpp"
#include "sql/ddl_tokens.hpp"
#include "sql/quote.hpp"

#include <map>
#include <set>

namespace slicetool::sql {

namespace {

constexpr int k_not_precedence = 4;
constexpr int k_comparison = 5;
constexpr int k_prefix_precedence = 13;

/// How tightly a binary operator binds (the manual's table of operator precedence, weakest 1); 0:
/// none.
int precedence(const Token& token)
{
    static const std::map<std::string_view, int> k_levels = {
        {"or", 1},   {"||", 1},      {"xor", 2},      {"and", 3}, {"&&", 3},     {"=", 5},
        {"<=>", 5},  {">=", 5},      {">", 5},        {"<=", 5},  {"<", 5},      {"<>", 5},
        {"!=", 5},   {"is", 5},      {"like", 5},     {"in", 5},  {"regexp", 5}, {"rlike", 5},
        {"not", 5},  {"between", 5}, {"|", 6},        {"&", 7},   {"<<", 8},     {">>", 8},
        {"+", 9},    {"-", 9},       {"*", 10},       {"/", 10},  {"div", 10},   {"%", 10},
        {"mod", 10}, {"^", 11},      {"collate", 14}, {"->", 15}, {"->>", 15}};
    if (token.kind != TokenKind::symbol && token.kind != TokenKind::word)
        return 0;
    const auto found = k_levels.find(token.value);
    return found == k_levels.end() ? 0 : found->second;
}

std::string one_spelling(const std::string& word)
{
    static const std::map<std::string_view, std::string> k_spellings = {
        {"!=", "<>"},
        {"&&", "and"},
        {"||", "or"},
        {"%", "mod"},
        {"rlike", "regexp"},
        {"now", "current_timestamp"},
        {"localtimestamp", "current_timestamp"},
        {"localtime", "current_timestamp"},
        {"curdate", "current_date"},
        {"curtime", "current_time"},
        {"lcase", "lower"},
        {"ucase", "upper"},
        {"substr", "substring"},
        {"mid", "substring"},
        {"power", "pow"},
        {"ceil", "ceiling"},
        {"character_length", "char_length"},
        {"octet_length", "length"},
        {"true", "1"},
        {"false", "0"}};
    const auto found = k_spellings.find(word);
    return found == k_spellings.end() ? word : found->second;
}

/// Operator-precedence parsing into a text with all parentheses. What it does not understand it
/// keeps, token by token.
class Normaliser
{
public:
    explicit Normaliser(std::string_view text) : m_tokens(tokenize(text)) {}

    std::string run()
    {
        std::string result = expression(1);
        while (m_at < m_tokens.size())
            result += " " + expression(1);
        return result;
    }

private:
    bool at_end() const { return m_at >= m_tokens.size(); }
    bool is_word(std::string_view word) const { return !at_end() && m_tokens[m_at].is_word(word); }
    bool is_symbol(std::string_view symbol) const
    {
        return !at_end() && m_tokens[m_at].is_symbol(symbol);
    }

    std::string expression(int lowest)
    {
        std::string left = primary();
        while (!at_end()) {
            const int level = precedence(m_tokens[m_at]);
            if (level == 0 || level < lowest)
                break;
            left = operation(left, level);
        }
        return left;
    }

    /// MySQL prints `a` AND … as (0 <> `a`) AND ….
    static std::string as_condition(const std::string& operand)
    {
        constexpr std::string_view k_head = "(0 <> ";
        if (operand.compare(0, k_head.size(), k_head) != 0)
            return operand;
        return operand.substr(k_head.size(), operand.size() - k_head.size() - 1);
    }

    std::string operation(std::string left, int level)
    {
        std::string name = one_spelling(m_tokens[m_at++].value);
        // NOT LIKE, NOT IN, NOT BETWEEN; IS NOT NULL: MySQL prints some as NOT (… LIKE …).
        const bool negated = (name == "not" && !at_end()) || (name == "is" && is_word("not"));
        if (negated && name == "not")
            name = one_spelling(m_tokens[m_at++].value);
        else if (negated)
            ++m_at;
        std::string right = expression(level + 1);
        if (name == "between" && is_word("and")) {
            ++m_at;
            right += " and " + expression(level + 1);
        }
        if (name == "and" || name == "or" || name == "xor") {
            left = as_condition(left);
            right = as_condition(right);
        }
        const std::string result = "(" + left + " " + name + " " + right + ")";
        return negated ? "(not " + result + ")" : result;
    }

    std::string primary()
    {
        if (at_end())
            return "";
        const Token& token = m_tokens[m_at++];
        switch (token.kind) {
        case TokenKind::symbol:
            return symbol(token);
        case TokenKind::word:
            return word(token);
        case TokenKind::quoted:
            return name(token);
        case TokenKind::string:
            return quote_string(token.value);
        case TokenKind::number:
            break;
        }
        const std::string bytes = hex_bytes(token.text);
        return bytes.empty() ? token.value : hex_literal(bytes);
    }

    std::string symbol(const Token& token)
    {
        if (token.is_symbol("(")) {
            const std::string inside = list(")");
            // A list keeps its parentheses, one expression brings its own.
            return m_list_had_commas ? "(" + inside + ")" : inside;
        }
        if (token.is_symbol("-") || token.is_symbol("~") || token.is_symbol("!"))
            return "(" + token.text + expression(k_prefix_precedence) + ")";
        return token.is_symbol("+") ? expression(k_prefix_precedence) : token.text;
    }

    std::string word(const Token& token)
    {
        if (token.value == "not")
            return "(not " + expression(k_not_precedence) + ")";
        if (token.value == "case")
            return "(case " + list("end") + ")";
        if (token.value == "interval") {
            const std::string amount = expression(k_comparison);
            return "(interval " + amount + " " + (at_end() ? "" : m_tokens[m_at++].value) + ")";
        }
        if (token.value.front() == '_' && !at_end() &&
            (m_tokens[m_at].kind == TokenKind::string || m_tokens[m_at].kind == TokenKind::number))
            return primary();
        const std::string spelling = one_spelling(token.value);
        if (!is_symbol("(") || stands_before_expressions(token.value))
            return spelling;
        ++m_at;
        if (spelling == "regexp_like" || spelling == "json_value")
            return rewritten_call(spelling);
        const std::string arguments = list(")");
        return arguments.empty() && spelling.compare(0, 8, "current_") == 0
                   ? spelling
                   : spelling + "(" + arguments + ")";
    }

    /// MySQL prints `s` REGEXP 'x' as regexp_like(`s`, 'x'), and JSON_VALUE(…) with the type it
    /// returns by default.
    std::string rewritten_call(const std::string& function)
    {
        const std::string first = expression(1);
        m_at += is_symbol(",") ? 1 : 0;
        const std::string second = expression(1);
        const std::string rest = list(")");
        if (function == "regexp_like" && rest.empty())
            return "(" + first + " regexp " + second + ")";
        const std::string more = rest == "returning char(512)" ? "" : rest;
        return function + "(" + first + '\x1f' + second + more + ")";
    }

    std::string name(const Token& token)
    {
        std::string text = quote_identifier(base::ascii_lower(token.value));
        while (is_symbol(".") && m_at + 1 < m_tokens.size()) {
            text += "." + quote_identifier(base::ascii_lower(m_tokens[m_at + 1].value));
            m_at += 2;
        }
        return text;
    }

    /// Words that are followed by an expression, which may begin with a parenthesis.
    static bool stands_before_expressions(const std::string& word)
    {
        static const std::set<std::string_view> k_words = {
            "when", "then", "else", "as", "from", "for", "using", "by", "distinct", "separator"};
        return k_words.count(word) != 0;
    }

    /// Elements up to `end`, which is consumed; a comma becomes the unit separator, which no token
    /// can be.
    std::string list(std::string_view end)
    {
        std::string text;
        bool commas = false;
        while (!at_end()) {
            const Token& token = m_tokens[m_at];
            if (token.value == end &&
                (token.kind == TokenKind::symbol || token.kind == TokenKind::word)) {
                ++m_at;
                break;
            }
            if (token.is_symbol(",")) {
                ++m_at;
                text += '\x1f';
                commas = true;
                continue;
            }
            const bool begins = text.empty() || text.back() == '\x1f';
            text += (begins ? "" : " ") + expression(1);
        }
        m_list_had_commas = commas;
        return text;
    }

    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    bool m_list_had_commas = false; ///< of the list read last
};

bool is_number_like(TypeKind kind)
{
    return kind == TypeKind::integer || kind == TypeKind::decimal || kind == TypeKind::float32 ||
           kind == TypeKind::float64 || kind == TypeKind::year;
}

/// A default that is a single literal, by what it means for the column's type.
std::string normal_literal(const Token& token, TypeKind kind)
{
    if (is_number_like(kind))
        return token.value;
    const bool string = token.kind == TokenKind::string;
    const std::string bytes = string ? token.value : hex_bytes(token.text);
    if (kind == TypeKind::binary || kind == TypeKind::blob)
        return hex_literal(bytes);
    if (kind == TypeKind::bit || (!string && bytes.empty()))
        return token.value;
    return quote_string(bytes);
}

} // namespace

std::string normal_expression(std::string_view expression)
{
    return Normaliser(expression).run();
}

std::string normal_type(const Column& column)
{
    if (column.kind == TypeKind::enumeration || column.kind == TypeKind::set) {
        std::vector<std::string> literals;
        for (const auto& element : column.elements)
            literals.push_back(quote_string(element));
        return column.data_type + "(" + base::join(literals, ",") + ")";
    }
    const bool width_only = column.kind == TypeKind::integer || column.kind == TypeKind::year;
    if (width_only && !column.zerofill)
        return column.data_type + (column.is_unsigned ? " unsigned" : "");
    const std::string type = base::ascii_lower(column.column_type);
    return type == "geomcollection" ? "geometrycollection" : type;
}

std::string normal_default(const Column& column)
{
    const std::string none = column.nullable && column.generated == Generated::no ? "NULL" : "";
    if (!column.default_sql)
        return none;
    auto tokens = tokenize(*column.default_sql);
    while (tokens.size() > 2 && tokens[0].is_symbol("(") &&
           after_parentheses(tokens, 0) == tokens.size())
        tokens = std::vector<Token>(tokens.begin() + 1, tokens.end() - 1);
    if (tokens.size() == 1 && tokens[0].is_word("null"))
        return none;
    // MySQL: _utf8mb4'x' in an expression; the introducer says nothing about the value.
    if (tokens.size() == 2 && tokens[0].kind == TokenKind::word && tokens[0].value.front() == '_')
        tokens.erase(tokens.begin());
    if (tokens.size() == 1 &&
        (tokens[0].kind == TokenKind::string || tokens[0].kind == TokenKind::number))
        return normal_literal(tokens[0], column.kind);
    if (tokens.size() == 2 && tokens[0].is_symbol("-") && is_number_like(column.kind))
        return "-" + tokens[1].value;
    return normal_expression(*column.default_sql);
}

std::string normal_collation(std::string_view collation)
{
    const std::string name = base::ascii_lower(collation);
    return name.compare(0, 5, "utf8_") == 0 ? "utf8mb3_" + name.substr(5) : name;
}

std::string normal_partitions(std::string_view clause)
{
    std::string text;
    for (const auto& token : tokenize(clause))
        text += (token.kind == TokenKind::string ? quote_string(token.value)
                                                 : base::ascii_lower(token.value)) +
                " ";
    return text;
}

} // namespace slicetool::sql
