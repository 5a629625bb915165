#include "sql/ddl_parse_column.hpp"

#include "base/text.hpp"
#include "sql/ddl_parse.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace slicetool::sql {

namespace {

using Tokens = std::vector<Token>;

bool is_one_of(const Token& token, std::initializer_list<std::string_view> words)
{
    return token.kind == TokenKind::word &&
           std::find(words.begin(), words.end(), token.value) != words.end();
}

/// Words that end a default's expression.
bool begins_attribute(const Token& token)
{
    return is_one_of(token, {"on", "auto_increment", "comment", "check", "invisible", "without",
                             "storage", "column_format", "engine_attribute",
                             "secondary_engine_attribute", "generated", "collate", "srid"});
}

/// Reads one column definition, attribute by attribute.
class ColumnParser
{
public:
    ColumnParser(const Tokens& tokens, Table& table) : m_tokens(tokens), m_table(table) {}

    void run()
    {
        m_column.name = m_tokens[0].value;
        parse_type();
        while (m_at < m_tokens.size())
            parse_attribute();
        if (m_column.default_sql)
            m_column.default_sql = exact_default(*m_column.default_sql);
        m_table.columns.push_back(std::move(m_column));
    }

private:
    bool is(std::string_view word, std::size_t ahead = 0) const
    {
        return m_at + ahead < m_tokens.size() && m_tokens[m_at + ahead].is_word(word);
    }

    bool is_open(std::size_t ahead = 0) const
    {
        return m_at + ahead < m_tokens.size() && m_tokens[m_at + ahead].is_symbol("(");
    }

    std::string value(std::size_t ahead) const
    {
        return m_at + ahead < m_tokens.size() ? m_tokens[m_at + ahead].value : "";
    }

    void parse_type()
    {
        m_column.data_type = value(1);
        m_column.kind = type_kind(m_column.data_type);
        m_at = 2;
        if (is_open()) {
            const std::size_t end = after_parentheses(m_tokens, m_at);
            parse_arguments(end);
            m_at = end;
        }
        while (is("unsigned") || is("zerofill") || is("signed")) {
            m_column.is_unsigned = m_column.is_unsigned || is("unsigned");
            m_column.zerofill = m_column.zerofill || is("zerofill");
            ++m_at;
        }
        m_column.column_type = token_text(m_tokens, 1, m_at);
    }

    /// "(10,2)", "(6)", "('a','b')"; the parenthesis is at m_at.
    void parse_arguments(std::size_t end)
    {
        const bool listed =
            m_column.kind == TypeKind::enumeration || m_column.kind == TypeKind::set;
        for (std::size_t at = m_at + 1; listed && at + 1 < end; ++at) {
            if (m_tokens[at].kind == TokenKind::string)
                m_column.elements.push_back(m_tokens[at].value);
        }
        const auto number = [&](std::size_t at) -> std::optional<std::uint32_t> {
            if (at + 1 >= end || m_tokens[at].kind != TokenKind::number)
                return std::nullopt;
            return static_cast<std::uint32_t>(
                std::strtoul(m_tokens[at].value.c_str(), nullptr, 10));
        };
        const auto first = number(m_at + 1);
        switch (m_column.kind) {
        case TypeKind::decimal:
        case TypeKind::float32:
        case TypeKind::float64:
            m_column.precision = first;
            m_column.scale = number(m_at + 3);
            break;
        case TypeKind::time:
        case TypeKind::datetime:
        case TypeKind::timestamp:
            m_column.precision = first;
            break;
        case TypeKind::bit:
        case TypeKind::character:
        case TypeKind::binary:
            m_column.length = first;
            break;
        default:
            break;
        }
    }

    void parse_attribute()
    {
        if (is("not") && is("null", 1))
            take(2, [&] { m_column.nullable = false; });
        else if (is("null"))
            take(1, [&] { m_column.nullable = true; });
        else if (is("default"))
            parse_default();
        else if (is("on") && is("update", 1))
            parse_on_update();
        else if (is("auto_increment"))
            take(1, [&] { m_column.auto_increment = true; });
        else if (is("invisible"))
            take(1, [&] { m_column.invisible = true; });
        else if (is("comment"))
            take(2, [&] { m_column.comment = value(1); });
        else if (is("collate"))
            take(2, [&] { m_column.collation = value(1); });
        else if (is("character") && is("set", 1))
            take(3, [&] { m_column.charset = value(2); });
        else
            parse_rarer_attribute();
    }

    void parse_rarer_attribute()
    {
        if (is("generated") || (is("as") && is_open(1)))
            parse_generated();
        else if (is("check") && is_open(1))
            parse_check();
        else if (is("srid"))
            take(2, [&] {
                m_column.srid =
                    static_cast<std::uint32_t>(std::strtoul(value(1).c_str(), nullptr, 10));
            });
        else if (is("without") && is("system", 1))
            take(3, [&] { m_column.without_system_versioning = true; });
        else
            parse_other();
    }

    template<typename Action>
    void take(std::size_t count, Action action)
    {
        action();
        m_at += count;
    }

    void parse_default()
    {
        const std::size_t from = ++m_at;
        do
            m_at = is_open() ? after_parentheses(m_tokens, m_at) : m_at + 1;
        while (m_at < m_tokens.size() && !begins_attribute(m_tokens[m_at]));
        m_column.default_sql = token_text(m_tokens, from, m_at);
    }

    void parse_on_update()
    {
        const std::size_t from = m_at + 2;
        m_at = from + 1;
        if (is_open())
            m_at = after_parentheses(m_tokens, m_at);
        m_column.on_update_sql = token_text(m_tokens, from, m_at);
    }

    /// GENERATED ALWAYS AS (…) VIRTUAL, or AS ROW START.
    void parse_generated()
    {
        while (m_at < m_tokens.size() && !is("as"))
            ++m_at;
        ++m_at;
        if (is("row")) {
            m_column.system_row_bound = true;
            m_column.other_attributes.push_back("GENERATED ALWAYS AS " +
                                                token_text(m_tokens, m_at, m_at + 2));
            m_at += 2;
            return;
        }
        const std::size_t end = after_parentheses(m_tokens, m_at);
        m_column.generation_expression = token_text(m_tokens, m_at + 1, end - 1);
        m_at = end;
        const bool stored = is("stored") || is("persistent");
        m_column.generated = stored ? Generated::stored : Generated::virtual_column;
        if (stored || is("virtual"))
            ++m_at;
    }

    void parse_check()
    {
        const std::size_t end = after_parentheses(m_tokens, m_at + 1);
        Check check;
        check.name = m_column.name;
        check.column = m_column.name;
        check.expression = token_text(m_tokens, m_at + 2, end - 1);
        m_table.checks.push_back(std::move(check));
        m_at = end;
    }

    /// COMPRESSED, COLUMN_FORMAT FIXED, STORAGE DISK, ENGINE_ATTRIBUTE '…', REF_SYSTEM_ID=4326.
    void parse_other()
    {
        const std::size_t from = m_at++;
        if (m_at + 1 < m_tokens.size() && m_tokens[m_at].is_symbol("="))
            m_at += 2;
        else if (is_one_of(m_tokens[from], {"column_format", "storage", "engine_attribute",
                                            "secondary_engine_attribute", "not"}))
            m_at = std::min(m_at + 1, m_tokens.size());
        m_column.other_attributes.push_back(token_text(m_tokens, from, m_at));
    }

    /// The default with the bytes of a binary column in hexadecimal: MariaDB prints them raw.
    std::string exact_default(const std::string& text) const
    {
        const Tokens tokens = tokenize(text);
        if (tokens.size() != 1 || tokens[0].kind != TokenKind::string)
            return text;
        const bool binary = m_column.kind == TypeKind::binary || m_column.kind == TypeKind::blob;
        if (binary || !is_utf8(tokens[0].value))
            return hex_literal(tokens[0].value);
        return ddl_string(tokens[0].value);
    }

    const Tokens& m_tokens;
    Table& m_table;
    Column m_column;
    std::size_t m_at = 0;
};

} // namespace

void parse_column(const Tokens& entry, Table& table)
{
    ColumnParser(entry, table).run();
}

TypeKind type_kind(std::string_view data_type)
{
    static const std::map<std::string_view, TypeKind> k_kinds = {
        {"tinyint", TypeKind::integer},
        {"smallint", TypeKind::integer},
        {"mediumint", TypeKind::integer},
        {"int", TypeKind::integer},
        {"bigint", TypeKind::integer},
        {"decimal", TypeKind::decimal},
        {"float", TypeKind::float32},
        {"double", TypeKind::float64},
        {"date", TypeKind::date},
        {"time", TypeKind::time},
        {"datetime", TypeKind::datetime},
        {"timestamp", TypeKind::timestamp},
        {"year", TypeKind::year},
        {"bit", TypeKind::bit},
        {"enum", TypeKind::enumeration},
        {"set", TypeKind::set},
        {"char", TypeKind::character},
        {"varchar", TypeKind::character},
        {"binary", TypeKind::binary},
        {"varbinary", TypeKind::binary},
        {"tinytext", TypeKind::text},
        {"text", TypeKind::text},
        {"mediumtext", TypeKind::text},
        {"longtext", TypeKind::text},
        {"tinyblob", TypeKind::blob},
        {"blob", TypeKind::blob},
        {"mediumblob", TypeKind::blob},
        {"longblob", TypeKind::blob},
        {"json", TypeKind::json},
        {"geometry", TypeKind::geometry},
        {"point", TypeKind::geometry},
        {"linestring", TypeKind::geometry},
        {"polygon", TypeKind::geometry},
        {"multipoint", TypeKind::geometry},
        {"multilinestring", TypeKind::geometry},
        {"multipolygon", TypeKind::geometry},
        {"geometrycollection", TypeKind::geometry},
        {"geomcollection", TypeKind::geometry},
        {"vector", TypeKind::vector},
        {"uuid", TypeKind::uuid},
        {"inet4", TypeKind::inet4},
        {"inet6", TypeKind::inet6}};
    const auto found = k_kinds.find(data_type);
    return found == k_kinds.end() ? TypeKind::unknown : found->second;
}

} // namespace slicetool::sql
