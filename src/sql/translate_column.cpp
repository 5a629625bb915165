#include "sql/translate_column.hpp"

#include "base/text.hpp"
#include "sql/ddl_tokens.hpp"
#include "sql/quote.hpp"
#include "sql/translate_expression.hpp"

#include <fmt/format.h>

namespace slicetool::sql {

namespace {

constexpr std::uint32_t k_mariadb_with_vector = 110701;

bool is_literal(const std::vector<Token>& tokens)
{
    const std::size_t sign =
        !tokens.empty() && (tokens[0].is_symbol("-") || tokens[0].is_symbol("+")) ? 1 : 0;
    return tokens.size() == sign + 1 &&
           (tokens[sign].kind == TokenKind::string || tokens[sign].kind == TokenKind::number ||
            tokens[sign].is_word("null") || tokens[sign].is_word("true") ||
            tokens[sign].is_word("false"));
}

bool is_now(const std::vector<Token>& tokens)
{
    return !tokens.empty() &&
           (tokens[0].is_word("current_timestamp") || tokens[0].is_word("now")) &&
           (tokens.size() == 1 || after_parentheses(tokens, 1) == tokens.size());
}

/// One column's way to the other family.
class ColumnTranslator
{
public:
    ColumnTranslator(const Target& target, Translation& result) : m_target(target), m_result(result)
    {
    }

    void type(Column& column)
    {
        const std::string name = quote_identifier(column.name);
        switch (column.kind) {
        case TypeKind::json:
            json_to_text(column);
            break;
        case TypeKind::vector:
            if (m_target.family == Family::mysql || m_target.version_number < k_mariadb_with_vector)
                m_result.refuse("column {}: the server downstream has no VECTOR type.", name);
            break;
        case TypeKind::uuid:
        case TypeKind::inet4:
        case TypeKind::inet6:
            m_result.refuse(
                "column {}: type {} exists on MariaDB only, and no type of MySQL holds and "
                "prints its "
                "values alike.",
                name, column.column_type);
            break;
        case TypeKind::geometry:
            column.data_type = geometry_name(column.data_type);
            column.column_type = column.data_type;
            break;
        case TypeKind::unknown:
            m_result.refuse("column {}: type {} is not known to slicetool.", name,
                            column.column_type);
            break;
        default:
            column.column_type = plain_type(column);
        }
        attributes(column);
        if (m_target.family == Family::mariadb)
            expressions(column);
        default_value(column);
    }

private:
    void json_to_text(Column& column)
    {
        m_result.say("column {}: JSON becomes LONGTEXT with a JSON_VALID check.",
                     quote_identifier(column.name));
        column.kind = TypeKind::text;
        column.data_type = column.column_type = "longtext";
        column.charset = "utf8mb4";
        column.collation = "utf8mb4_bin";
        column.length = column.octet_length = 4294967295U;
        Check check;
        check.name = check.column = column.name;
        check.expression = "json_valid(" + quote_identifier(column.name) + ")";
        m_result.table.checks.push_back(std::move(check));
    }

    std::string geometry_name(const std::string& data_type) const
    {
        if (data_type == "geomcollection" || data_type == "geometrycollection")
            return m_target.family == Family::mysql ? "geomcollection" : "geometrycollection";
        return data_type;
    }

    /// int(11) and year(4) without the width that MySQL does not print; the values are the same.
    std::string plain_type(const Column& column) const
    {
        const bool width_means_nothing = (column.kind == TypeKind::integer && !column.zerofill &&
                                          column.column_type != "tinyint(1)") ||
                                         column.kind == TypeKind::year;
        if (!width_means_nothing || m_target.family == Family::mariadb)
            return column.column_type;
        return column.data_type + (column.is_unsigned ? " unsigned" : "");
    }

    void attributes(Column& column)
    {
        const std::string name = quote_identifier(column.name);
        for (const auto& attribute : column.other_attributes)
            m_result.say("column {}: {} is left out; {} has none like it.", name, attribute,
                         target_name());
        column.other_attributes.clear();
        if (column.srid) {
            m_result.say("column {}: the restriction to SRID {} is left out.", name, *column.srid);
            column.srid.reset();
        }
        if (m_target.family == Family::mariadb && column.generated != Generated::no &&
            !column.nullable) {
            m_result.say("column {}: NOT NULL is left out; MariaDB has none for generated columns.",
                         name);
            column.nullable = true;
        }
        if (m_target.family == Family::mariadb && column.invisible && needs_value(column)) {
            m_result.say("column {}: INVISIBLE is left out, since it has no default.", name);
            column.invisible = false;
        }
    }

    static void expressions(Column& column)
    {
        column.generation_expression = expression_for_mariadb(column.generation_expression);
        if (column.default_sql && is_parenthesised(*column.default_sql))
            column.default_sql = expression_for_mariadb(*column.default_sql);
    }

    static bool needs_value(const Column& column)
    {
        return !column.nullable && !column.default_sql && !column.auto_increment &&
               column.generated == Generated::no;
    }

    /// MySQL wants parentheses around every default that is an expression, and has no literal
    /// defaults for long types.
    void default_value(Column& column) const
    {
        if (!column.default_sql || m_target.family == Family::mariadb)
            return;
        const auto tokens = tokenize(*column.default_sql);
        const bool null = tokens.size() == 1 && tokens[0].is_word("null");
        const bool is_long = column.kind == TypeKind::text || column.kind == TypeKind::blob ||
                             column.kind == TypeKind::geometry;
        if (null && is_long)
            column.default_sql.reset();
        else if (!null && !is_parenthesised(*column.default_sql) && !is_now(tokens) &&
                 (is_long || !is_literal(tokens)))
            column.default_sql = "(" + *column.default_sql + ")";
    }
    std::string_view target_name() const { return family_name(m_target.family); }

    const Target& m_target;
    Translation& m_result;
};

} // namespace

void translate_column_across(Column& column, const Target& target, Translation& result)
{
    ColumnTranslator(target, result).type(column);
}

bool is_parenthesised(std::string_view expression)
{
    const auto tokens = tokenize(expression);
    return !tokens.empty() && tokens[0].is_symbol("(") &&
           after_parentheses(tokens, 0) == tokens.size();
}

} // namespace slicetool::sql
