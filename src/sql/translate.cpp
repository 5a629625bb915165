#include "sql/translate.hpp"

#include "base/text.hpp"
#include "sql/ddl_tokens.hpp"
#include "sql/quote.hpp"
#include "sql/translate_expression.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sql {

namespace {

constexpr std::uint32_t k_mariadb_with_vector = 110701;

/// Table options that both families have, with the same meaning.
constexpr std::string_view k_common_options[] = {
    "STATS_PERSISTENT", "STATS_AUTO_RECALC", "STATS_SAMPLE_PAGES", "KEY_BLOCK_SIZE",
    "MIN_ROWS",         "MAX_ROWS",          "AVG_ROW_LENGTH",     "CHECKSUM",
    "DELAY_KEY_WRITE",  "PACK_KEYS",         "INSERT_METHOD"};

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

bool is_parenthesised(const std::vector<Token>& tokens)
{
    return !tokens.empty() && tokens[0].is_symbol("(") &&
           after_parentheses(tokens, 0) == tokens.size();
}

/// One table's way to another server; collects the sentences.
class Translator
{
public:
    Translator(const Table& source, const Target& target) : m_source(source), m_target(target)
    {
        m_result.table = source;
        m_crosses = source.family != target.family;
    }

    Translation run()
    {
        refuse_tables();
        warn_of_lost_characters();
        for (auto& column : m_result.table.columns)
            translate_column(column);
        table_collation();
        if (m_crosses)
            cross();
        m_result.table.family = m_target.family;
        return std::move(m_result);
    }

private:
    template<typename... Arguments>
    void say(fmt::format_string<Arguments...> format, Arguments&&... arguments)
    {
        m_result.sentences.push_back(fmt::format(format, std::forward<Arguments>(arguments)...));
    }

    template<typename... Arguments>
    void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments)
    {
        m_result.refusals.push_back(fmt::format(format, std::forward<Arguments>(arguments)...));
    }

    std::string_view target_name() const { return family_name(m_target.family); }

    void refuse_tables()
    {
        if (!m_source.engine.empty() &&
            m_target.engines.count(base::ascii_lower(m_source.engine)) == 0)
            refuse("engine {} is not available downstream.", m_source.engine);
        for (const auto& column : m_source.columns) {
            if (column.default_sql && uses_sequence(*column.default_sql))
                refuse("column {}: its default takes the next value of a sequence; sequences are "
                       "not copied.",
                       quote_identifier(column.name));
        }
        drop_directories();
    }

    static bool uses_sequence(const std::string& expression)
    {
        const auto tokens = tokenize(expression);
        return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
            return token.is_word("nextval") || token.is_word("lastval") || token.is_word("setval");
        });
    }

    /// Where files lie is each server's own affair, on the same family too.
    void drop_directories()
    {
        auto& options = m_result.table.options;
        const auto is_directory = [](const TableOption& option) {
            return option.name == "DATA DIRECTORY" || option.name == "INDEX DIRECTORY";
        };
        const auto first = std::remove_if(options.begin(), options.end(), is_directory);
        if (first != options.end())
            say("table option DATA DIRECTORY or INDEX DIRECTORY is left out.");
        options.erase(first, options.end());
    }

    /// Both families print the elements of ENUM and SET and comments in utf8mb3: an emoji becomes
    /// "?".
    void warn_of_lost_characters()
    {
        for (const auto& column : m_source.columns) {
            const bool wide = base::equal_ignoring_case(column.charset, "utf8mb4");
            const bool in_elements =
                std::any_of(column.elements.begin(), column.elements.end(), has_mark);
            if (wide && (in_elements || (column.default_sql && has_mark(*column.default_sql))))
                m_result.warnings.push_back(
                    fmt::format("column {}: its definition contains \"?\", which is also what the "
                                "server prints for "
                                "characters beyond U+FFFF (emoji); if it stands for one, the copy "
                                "has a plain \"?\".",
                                quote_identifier(column.name)));
        }
    }

    static bool has_mark(const std::string& text) { return text.find('?') != std::string::npos; }

    // ---- collations, for either family

    void translate_column(Column& column)
    {
        if (m_crosses)
            cross_type(column);
        if (column.collation.empty())
            return;
        const auto collation = nearest_collation(base::ascii_lower(column.collation), m_target);
        if (!collation) {
            refuse("column {}: character set {} is not available downstream.",
                   quote_identifier(column.name), column.charset);
            return;
        }
        const bool same = same_collation(column.collation, *collation);
        if (!same)
            say("column {}: collation {} becomes {}.{}", quote_identifier(column.name),
                column.collation, *collation, key_remark(column));
        adopt(*collation, column.charset, column.collation);
    }

    static bool same_collation(const std::string& a, const std::string& b)
    {
        const auto plain = [](std::string name) {
            name = base::ascii_lower(name);
            return name.compare(0, 5, "utf8_") == 0 ? "utf8mb3_" + name.substr(5) : name;
        };
        return plain(a) == plain(b);
    }

    static void adopt(const std::string& collation, std::string& charset,
                      std::string& old_collation)
    {
        charset = collation.substr(0, collation.find('_'));
        old_collation = collation;
    }

    std::string key_remark(const Column& column) const
    {
        for (const auto& index : m_source.indexes) {
            const bool has =
                std::any_of(index.parts.begin(), index.parts.end(), [&](const IndexPart& part) {
                    return base::equal_ignoring_case(part.column, column.name);
                });
            if (has && index.unique)
                return fmt::format(
                    " It is part of the unique key {}: strings of the two sides cannot be "
                    "ordered alike by it, and it may find other values equal.",
                    quote_identifier(index.name));
        }
        return "";
    }

    void table_collation()
    {
        Table& table = m_result.table;
        if (table.collation.empty())
            return;
        const auto collation = nearest_collation(base::ascii_lower(table.collation), m_target);
        if (!collation) {
            refuse("the table's character set {} is not available downstream.", table.charset);
            return;
        }
        if (!same_collation(table.collation, *collation))
            say("the table's default collation {} becomes {}.", table.collation, *collation);
        adopt(*collation, table.charset, table.collation);
    }

    // ---- from one family to the other

    void cross()
    {
        cross_table();
        cross_options();
        for (auto& index : m_result.table.indexes)
            cross_index(index);
        cross_checks();
    }

    void cross_table()
    {
        if (m_source.kind == TableKind::system_versioned)
            refuse("the table is system-versioned; {} has no such tables.", target_name());
        for (const auto& entry : m_source.other_entries)
            refuse("{} does not know {}.", target_name(), entry);
        if (base::ascii_lower(m_source.partition_clause).find("system_time") != std::string::npos)
            refuse("{} has no partitions by SYSTEM_TIME.", target_name());
    }

    void cross_options()
    {
        auto& options = m_result.table.options;
        std::vector<TableOption> kept;
        for (const auto& option : options) {
            const bool common = std::find(std::begin(k_common_options), std::end(k_common_options),
                                          option.name) != std::end(k_common_options);
            if (common)
                kept.push_back(option);
            else
                say("table option {}={} is left out; {} has none like it.", option.name,
                    option.value, target_name());
        }
        options = std::move(kept);
        if (m_source.row_format == "PAGE") {
            say("ROW_FORMAT=PAGE is left out; {} has none like it.", target_name());
            m_result.table.row_format.clear();
        }
    }

    void cross_type(Column& column)
    {
        const std::string name = quote_identifier(column.name);
        switch (column.kind) {
        case TypeKind::json:
            json_to_text(column);
            break;
        case TypeKind::vector:
            if (m_target.family == Family::mysql || m_target.version_number < k_mariadb_with_vector)
                refuse("column {}: the server downstream has no VECTOR type.", name);
            break;
        case TypeKind::uuid:
        case TypeKind::inet4:
        case TypeKind::inet6:
            refuse("column {}: type {} exists on MariaDB only, and no type of MySQL holds and "
                   "prints its "
                   "values alike.",
                   name, column.column_type);
            break;
        case TypeKind::geometry:
            column.data_type = geometry_name(column.data_type);
            column.column_type = column.data_type;
            break;
        case TypeKind::unknown:
            refuse("column {}: type {} is not known to slicetool.", name, column.column_type);
            break;
        default:
            column.column_type = plain_type(column);
        }
        cross_attributes(column);
        if (m_target.family == Family::mariadb)
            cross_expressions(column);
        cross_default(column);
    }

    void json_to_text(Column& column)
    {
        say("column {}: JSON becomes LONGTEXT with a JSON_VALID check.",
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

    void cross_attributes(Column& column)
    {
        const std::string name = quote_identifier(column.name);
        for (const auto& attribute : column.other_attributes)
            say("column {}: {} is left out; {} has none like it.", name, attribute, target_name());
        column.other_attributes.clear();
        if (column.srid) {
            say("column {}: the restriction to SRID {} is left out.", name, *column.srid);
            column.srid.reset();
        }
        if (m_target.family == Family::mariadb && column.generated != Generated::no &&
            !column.nullable) {
            say("column {}: NOT NULL is left out; MariaDB has none for generated columns.", name);
            column.nullable = true;
        }
        if (m_target.family == Family::mariadb && column.invisible && needs_value(column)) {
            say("column {}: INVISIBLE is left out, since it has no default.", name);
            column.invisible = false;
        }
    }

    static void cross_expressions(Column& column)
    {
        column.generation_expression = expression_for_mariadb(column.generation_expression);
        if (column.default_sql && is_parenthesised(tokenize(*column.default_sql)))
            column.default_sql = expression_for_mariadb(*column.default_sql);
    }

    static bool needs_value(const Column& column)
    {
        return !column.nullable && !column.default_sql && !column.auto_increment &&
               column.generated == Generated::no;
    }

    /// MySQL wants parentheses around every default that is an expression, and has no literal
    /// defaults for long types.
    void cross_default(Column& column) const
    {
        if (!column.default_sql || m_target.family == Family::mariadb)
            return;
        const auto tokens = tokenize(*column.default_sql);
        const bool null = tokens.size() == 1 && tokens[0].is_word("null");
        const bool is_long = column.kind == TypeKind::text || column.kind == TypeKind::blob ||
                             column.kind == TypeKind::geometry;
        if (null && is_long)
            column.default_sql.reset();
        else if (!null && !is_parenthesised(tokens) && !is_now(tokens) &&
                 (is_long || !is_literal(tokens)))
            column.default_sql = "(" + *column.default_sql + ")";
    }

    void cross_index(Index& index)
    {
        const std::string name = quote_identifier(index.name);
        for (const auto& option : index.other_options)
            say("index {}: {} is left out.", name, option);
        index.other_options.clear();
        for (const auto& part : index.parts) {
            const Column* column = m_source.find_column(part.column);
            const bool whole = !part.prefix_length && part.expression.empty();
            if (!part.expression.empty())
                refuse("index {}: MariaDB has no indexes on expressions such as ({}).", name,
                       part.expression);
            if (m_target.family == Family::mysql && whole && column != nullptr &&
                index.type == "HASH" &&
                (column->kind == TypeKind::text || column->kind == TypeKind::blob))
                refuse("index {}: MySQL has no unique keys on whole {} columns.", name,
                       column->data_type);
        }
        drop_using(index);
    }

    void drop_using(Index& index) const
    {
        const bool real = base::equal_ignoring_case(m_source.engine, "MEMORY");
        if (!real)
            index.using_clause.clear();
        if (!real && index.type == "HASH")
            index.type = "BTREE";
    }

    void cross_checks()
    {
        std::vector<Check> kept;
        for (auto& check : m_result.table.checks) {
            if (!check.enforced && m_target.family == Family::mariadb) {
                say("check {} is not enforced and left out; MariaDB enforces every check.",
                    quote_identifier(check.name));
                continue;
            }
            if (m_target.family == Family::mysql)
                check_for_mysql(check);
            else
                check.expression = expression_for_mariadb(check.expression);
            kept.push_back(check);
        }
        m_result.table.checks = std::move(kept);
    }

    /// MySQL's check names are unique in a database, MariaDB's in a table: MySQL invents them.
    void check_for_mysql(Check& check)
    {
        if (const auto column = json_valid_column(check); column && !check.column.empty())
            say("column {}: MariaDB's JSON stays LONGTEXT with its JSON_VALID check, since MySQL's "
                "JSON "
                "would rewrite the text.",
                quote_identifier(*column));
        check.column.clear();
        check.name.clear();
    }

    const Table& m_source;
    const Target& m_target;
    Translation m_result;
    bool m_crosses = false;
};

} // namespace

std::optional<std::string> json_valid_column(const Check& check)
{
    std::vector<Token> tokens = tokenize(check.expression);
    while (is_parenthesised(tokens))
        tokens = std::vector<Token>(tokens.begin() + 1, tokens.end() - 1);
    const bool matches = tokens.size() == 4 && tokens[0].is_word("json_valid") &&
                         tokens[1].is_symbol("(") && tokens[2].kind == TokenKind::quoted;
    return matches ? std::optional(tokens[2].value) : std::nullopt;
}

Translation translate(const Table& table, const Target& target)
{
    return Translator(table, target).run();
}

} // namespace slicetool::sql
