#include "sql/ddl_parse.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/ddl_parse_column.hpp"
#include "sql/ddl_tokens.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <charconv>

namespace slicetool::sql {

namespace {

using Tokens = std::vector<Token>;

std::uint64_t as_number(std::string_view digits)
{
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// Where the list element that begins at `from` ends: at a comma or parenthesis of its own depth.
std::size_t element_end(const Tokens& tokens, std::size_t from)
{
    std::size_t at = from;
    while (at < tokens.size() && !tokens[at].is_symbol(",") && !tokens[at].is_symbol(")"))
        at = tokens[at].is_symbol("(") ? after_parentheses(tokens, at) : at + 1;
    return at;
}

bool is_name(const Token& token)
{
    return token.kind == TokenKind::quoted || token.kind == TokenKind::word;
}

/// One part of an index: tokens [from, to).
IndexPart parse_part(const Tokens& tokens, std::size_t from, std::size_t to)
{
    IndexPart part;
    std::size_t at = from;
    if (tokens[at].is_symbol("(")) {
        const std::size_t end = after_parentheses(tokens, at);
        part.expression = token_text(tokens, at + 1, end - 1);
        at = end;
    } else {
        part.column = tokens[at++].value;
        if (at < to && tokens[at].is_symbol("(")) {
            part.prefix_length = at + 1 < to ? as_number(tokens[at + 1].value) : 0;
            at = after_parentheses(tokens, at);
        }
    }
    for (; at < to; ++at) {
        part.descending = part.descending || tokens[at].is_word("desc");
        part.without_overlaps = part.without_overlaps || tokens[at].is_word("without");
    }
    return part;
}

/// The elements of the parenthesis at `open`, each as a token interval.
std::vector<std::pair<std::size_t, std::size_t>> elements(const Tokens& tokens, std::size_t open)
{
    std::vector<std::pair<std::size_t, std::size_t>> intervals;
    const std::size_t end = after_parentheses(tokens, open);
    for (std::size_t at = open + 1; at + 1 < end;) {
        const std::size_t stop = element_end(tokens, at);
        if (stop > at)
            intervals.emplace_back(at, stop);
        at = stop + 1;
    }
    return intervals;
}

std::vector<std::string> name_list(const Tokens& tokens, std::size_t open)
{
    std::vector<std::string> names;
    for (const auto& [from, to] : elements(tokens, open))
        names.push_back(tokens[from].value);
    return names;
}

void parse_index_options(const Tokens& tokens, std::size_t at, Index& index)
{
    while (at < tokens.size()) {
        if (tokens[at].is_word("comment") && at + 1 < tokens.size()) {
            index.comment = tokens[at + 1].value;
            at += 2;
        } else if (tokens[at].is_word("using") && at + 1 < tokens.size()) {
            index.using_clause = "USING " + base::ascii_upper(tokens[at + 1].value);
            index.type = base::ascii_upper(tokens[at + 1].value);
            at += 2;
        } else if (tokens[at].is_word("ignored") || tokens[at].is_word("invisible")) {
            index.ignored = true;
            ++at;
        } else {
            // WITH PARSER `x`, KEY_BLOCK_SIZE=4, `vendor_option`='yes'
            const std::size_t from = at;
            at += tokens[at].is_word("with") ? 3 : 1;
            if (at + 1 < tokens.size() && tokens[at].is_symbol("="))
                at += 2;
            index.other_options.push_back(token_text(tokens, from, std::min(at, tokens.size())));
        }
    }
}

Index parse_index(const Tokens& tokens, std::size_t at, const Table& table)
{
    Index index;
    index.type = base::equal_ignoring_case(table.engine, "MEMORY") ? "HASH" : "BTREE";
    for (; at < tokens.size() && tokens[at].kind == TokenKind::word; ++at) {
        const std::string& word = tokens[at].value;
        index.primary = index.primary || word == "primary";
        index.unique = index.unique || word == "unique" || word == "primary";
        if (word == "fulltext" || word == "spatial" || word == "vector")
            index.type = base::ascii_upper(word);
    }
    index.name = index.primary ? "PRIMARY" : "";
    if (at < tokens.size() && tokens[at].kind == TokenKind::quoted)
        index.name = tokens[at++].value;
    if (at < tokens.size() && tokens[at].is_symbol("(")) {
        for (const auto& [from, to] : elements(tokens, at))
            index.parts.push_back(parse_part(tokens, from, to));
        at = after_parentheses(tokens, at);
    }
    parse_index_options(tokens, at, index);
    return index;
}

/// "ON DELETE SET NULL ON UPDATE CASCADE", in either order.
void parse_actions(const Tokens& tokens, std::size_t at, ForeignKey& key)
{
    while (at + 1 < tokens.size() && tokens[at].is_word("on")) {
        std::string& action = tokens[at + 1].is_word("delete") ? key.on_delete : key.on_update;
        at += 2;
        while (at < tokens.size() && !tokens[at].is_word("on"))
            action += (action.empty() ? "" : " ") + base::ascii_upper(tokens[at++].value);
    }
}

/// From FOREIGN on.
ForeignKey parse_foreign_key(const Tokens& tokens, std::size_t at, std::string name,
                             const Table& table)
{
    ForeignKey key;
    key.name = std::move(name);
    while (at < tokens.size() && !tokens[at].is_symbol("("))
        ++at;
    key.columns = name_list(tokens, at);
    at = after_parentheses(tokens, at) + 1; // behind REFERENCES
    key.referenced_schema = table.schema;
    if (at + 2 < tokens.size() && tokens[at + 1].is_symbol(".")) {
        key.referenced_schema = tokens[at].value;
        at += 2;
    }
    if (at < tokens.size())
        key.referenced_table = tokens[at++].value;
    key.referenced_columns = name_list(tokens, at);
    parse_actions(tokens, after_parentheses(tokens, at), key);
    return key;
}

/// From CHECK on.
Check parse_check(const Tokens& tokens, std::size_t at, std::string name)
{
    Check check;
    check.name = std::move(name);
    const std::size_t end = after_parentheses(tokens, at + 1);
    check.expression = token_text(tokens, at + 2, end - 1);
    check.enforced = !(end + 1 < tokens.size() && tokens[end].is_word("not"));
    return check;
}

void parse_entry(const Tokens& entry, Table& table)
{
    if (entry[0].kind == TokenKind::quoted) {
        parse_column(entry, table);
        return;
    }
    std::string name;
    std::size_t at = 0;
    if (entry[0].is_word("constraint")) {
        at = 1;
        if (at < entry.size() && entry[at].kind == TokenKind::quoted)
            name = entry[at++].value;
    }
    const auto is = [&](std::string_view word) {
        return at < entry.size() && entry[at].is_word(word);
    };
    if (is("foreign"))
        table.foreign_keys.push_back(parse_foreign_key(entry, at, std::move(name), table));
    else if (is("check"))
        table.checks.push_back(parse_check(entry, at, std::move(name)));
    else if (is("primary") || is("unique") || is("key") || is("index") || is("fulltext") ||
             is("spatial") || is("vector"))
        table.indexes.push_back(parse_index(entry, at, table));
    else
        table.other_entries.push_back(token_text(entry, 0, entry.size()));
}

void keep_option(const std::string& name, const Token& value, const std::string& value_text,
                 Table& table)
{
    if (name == "ENGINE")
        table.engine = value.kind == TokenKind::word ? value.text : value.value;
    else if (name == "CHARSET" || name == "CHARACTER SET")
        table.charset = value.value;
    else if (name == "COLLATE")
        table.collation = value.value;
    else if (name == "COMMENT")
        table.comment = value.value;
    else if (name == "ROW_FORMAT")
        table.row_format = base::ascii_upper(value.text);
    else if (name == "AUTO_INCREMENT")
        table.next_auto_increment = as_number(value.text);
    else
        table.options.push_back({name, value_text});
}

/// "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 … PARTITION BY …", behind the list of columns and keys.
void parse_options(const Tokens& tokens, std::size_t at, Table& table)
{
    std::string name;
    while (at < tokens.size()) {
        const Token& token = tokens[at];
        if (token.is_word("partition")) {
            table.partition_clause = token_text(tokens, at, tokens.size());
            table.partitioned = true;
            return;
        }
        if (token.is_word("with") && at + 2 < tokens.size() && tokens[at + 1].is_word("system")) {
            table.kind = TableKind::system_versioned;
            at += 3;
        } else if (token.is_word("tablespace")) {
            // MySQL: where the rows lie is the other server's own affair.
            at += 2;
        } else if (token.is_symbol("=") && at + 1 < tokens.size()) {
            // UNION=(`a`,`b`) is a value of many tokens.
            const std::size_t end =
                tokens[at + 1].is_symbol("(") ? after_parentheses(tokens, at + 1) : at + 2;
            keep_option(name, tokens[at + 1], token_text(tokens, at + 1, end), table);
            name.clear();
            at = end;
        } else {
            if (is_name(token) && !token.is_word("default"))
                name += (name.empty() ? "" : " ") + base::ascii_upper(token.value);
            ++at;
        }
    }
}

/// Where the list of columns and keys opens; throws when this is no CREATE TABLE.
std::size_t list_start(const Tokens& tokens, Table& table)
{
    std::size_t at = 0;
    while (at < tokens.size() && !tokens[at].is_symbol("("))
        ++at;
    const bool create = !tokens.empty() && tokens[0].is_word("create");
    if (!create || at < 2 || at == tokens.size())
        throw base::Error("The server's definition of table " + quote_identifier(table.name) +
                          " is no CREATE TABLE with a list of columns; slicetool cannot read it.");
    table.name = tokens[at - 1].value;
    return at;
}

} // namespace

void parse_create_table(std::string_view create_statement, Table& table)
{
    const Tokens tokens = tokenize(create_statement);
    const std::size_t open = list_start(tokens, table);
    // The engine first: it decides the type of an index that names none.
    parse_options(tokens, after_parentheses(tokens, open), table);
    for (const auto& [from, to] : elements(tokens, open))
        parse_entry(Tokens(tokens.begin() + static_cast<std::ptrdiff_t>(from),
                           tokens.begin() + static_cast<std::ptrdiff_t>(to)),
                    table);
    std::stable_partition(table.indexes.begin(), table.indexes.end(),
                          [](const Index& index) { return index.primary; });
}

std::string ddl_string(std::string_view text)
{
    // The same escapes hold in a utf8mb4 session: no byte of a UTF-8 sequence is a quote or a
    // backslash.
    return quote_string(text);
}

} // namespace slicetool::sql
