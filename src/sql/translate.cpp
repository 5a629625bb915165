#include "sql/translate.hpp"

#include "base/text.hpp"
#include "sql/ddl_tokens.hpp"
#include "sql/quote.hpp"
#include "sql/translate_column.hpp"
#include "sql/translate_expression.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sql {

namespace {
/// Table options that both families have, with the same meaning.
constexpr std::string_view k_common_options[] = {
    "STATS_PERSISTENT", "STATS_AUTO_RECALC", "STATS_SAMPLE_PAGES", "KEY_BLOCK_SIZE",
    "MIN_ROWS",         "MAX_ROWS",          "AVG_ROW_LENGTH",     "CHECKSUM",
    "DELAY_KEY_WRITE",  "PACK_KEYS",         "INSERT_METHOD"};

/// MySQL's names have at most 64 characters; "_chk_123" takes eight.
constexpr std::size_t k_longest_name_with_check = 56;

/// The first characters of a UTF-8 text.
std::string first_characters(const std::string& text, std::size_t most)
{
    std::size_t at = 0;
    for (std::size_t taken = 0; at < text.size(); ++at) {
        const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
        if (begins && taken++ == most)
            break;
    }
    return text.substr(0, at);
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
    std::string_view target_name() const { return family_name(m_target.family); }

    void refuse_tables()
    {
        if (m_source.shows_other_tables())
            m_result.refuse(
                "engine {} shows rows of other tables, perhaps of another server, which "
                "its copy would show and change, too.",
                m_source.engine);
        if (!m_source.engine.empty() &&
            m_target.engines.count(base::ascii_lower(m_source.engine)) == 0)
            m_result.refuse("engine {} is not available downstream.", m_source.engine);
        for (const auto& column : m_source.columns) {
            if (column.default_sql && uses_sequence(*column.default_sql))
                m_result.refuse(
                    "column {}: its default takes the next value of a sequence; sequences are "
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
            m_result.say("table option DATA DIRECTORY or INDEX DIRECTORY is left out.");
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
            translate_column_across(column, m_target, m_result);
        if (column.collation.empty())
            return;
        const auto collation = nearest_collation(base::ascii_lower(column.collation), m_target);
        if (!collation) {
            m_result.refuse("column {}: character set {} is not available downstream.",
                            quote_identifier(column.name), column.charset);
            return;
        }
        const bool same = same_collation(column.collation, *collation);
        if (!same)
            m_result.say("column {}: collation {} becomes {}.{}", quote_identifier(column.name),
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
            m_result.refuse("the table's character set {} is not available downstream.",
                            table.charset);
            return;
        }
        if (!same_collation(table.collation, *collation))
            m_result.say("the table's default collation {} becomes {}.", table.collation,
                         *collation);
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
            m_result.refuse("the table is system-versioned; {} has no such tables.", target_name());
        for (const auto& entry : m_source.other_entries)
            m_result.refuse("{} does not know {}.", target_name(), entry);
        if (base::ascii_lower(m_source.partition_clause).find("system_time") != std::string::npos)
            m_result.refuse("{} has no partitions by SYSTEM_TIME.", target_name());
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
                m_result.say("table option {}={} is left out; {} has none like it.", option.name,
                             option.value, target_name());
        }
        options = std::move(kept);
        if (m_source.row_format == "PAGE") {
            m_result.say("ROW_FORMAT=PAGE is left out; {} has none like it.", target_name());
            m_result.table.row_format.clear();
        }
    }

    void cross_index(Index& index)
    {
        const std::string name = quote_identifier(index.name);
        for (const auto& option : index.other_options)
            m_result.say("index {}: {} is left out.", name, option);
        index.other_options.clear();
        for (const auto& part : index.parts) {
            const Column* column = m_source.find_column(part.column);
            const bool whole = !part.prefix_length && part.expression.empty();
            if (!part.expression.empty())
                m_result.refuse("index {}: MariaDB has no indexes on expressions such as ({}).",
                                name, part.expression);
            if (m_target.family == Family::mysql && whole && column != nullptr &&
                index.type == "HASH" &&
                (column->kind == TypeKind::text || column->kind == TypeKind::blob))
                m_result.refuse("index {}: MySQL has no unique keys on whole {} columns.", name,
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
                m_result.say("check {} is not enforced and left out; MariaDB enforces every check.",
                             quote_identifier(check.name));
                continue;
            }
            if (m_target.family == Family::mysql)
                check_for_mysql(check, kept.size() + 1);
            else
                check.expression = expression_for_mariadb(check.expression);
            kept.push_back(check);
        }
        m_result.table.checks = std::move(kept);
    }

    /// MySQL's check names are unique in a database, MariaDB's in a table: MySQL invents them, from
    /// the table's name, "t_chk_1", unless that leaves no room.
    void check_for_mysql(Check& check, std::size_t number)
    {
        if (const auto column = json_valid_column(check); column && !check.column.empty())
            m_result.say(
                "column {}: MariaDB's JSON stays LONGTEXT with its JSON_VALID check, since MySQL's "
                "JSON "
                "would rewrite the text.",
                quote_identifier(*column));
        check.column.clear();
        const std::string room = first_characters(m_source.name, k_longest_name_with_check);
        check.name = room == m_source.name ? "" : fmt::format("{}_chk_{}", room, number);
    }

    const Table& m_source;
    const Target& m_target;
    Translation m_result;
    bool m_crosses = false;
};

} // namespace

std::optional<std::string> json_valid_column(const Check& check)
{
    std::string expression = check.expression;
    while (is_parenthesised(expression)) {
        const auto tokens = tokenize(expression);
        expression = token_text(tokens, 1, tokens.size() - 1);
    }
    const std::vector<Token> tokens = tokenize(expression);
    const bool matches = tokens.size() == 4 && tokens[0].is_word("json_valid") &&
                         tokens[1].is_symbol("(") && tokens[2].kind == TokenKind::quoted;
    return matches ? std::optional(tokens[2].value) : std::nullopt;
}

Translation translate(const Table& table, const Target& target)
{
    return Translator(table, target).run();
}

} // namespace slicetool::sql
