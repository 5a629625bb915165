#include "random/render.hpp"

#include "base/text.hpp"
#include "random/session.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::search {

namespace {

/// Of one INSERT; MariaDB takes 16 MiB, MySQL 64.
constexpr std::size_t k_statement_bytes = 256 * 1024;

bool lives(const Table& table, std::size_t column)
{
    const Column& at = table.columns[column];
    return !at.dropped && (!at.depends_on || lives(table, *at.depends_on));
}

bool is_stored(const Column& column)
{
    return column.generation.empty();
}

bool is_first_of_a_key(const Table& table, std::size_t column)
{
    return std::any_of(table.keys.begin(), table.keys.end(), [&](const Key& key) {
        return is_live(table, key) && key.columns[0] == column;
    });
}

std::string define(const Table& table, std::size_t at, Side side = Side::up)
{
    const Column& column = table.columns[at];
    const bool differs = side == Side::down && !column.down_type.empty();
    std::string text =
        sql::quote_identifier(column.name) + " " + (differs ? column.down_type : column.type);
    if (!is_stored(column))
        return text + " GENERATED ALWAYS AS " + column.generation;
    text += column.nullable ? " NULL" : " NOT NULL";
    if (!column.default_sql.empty())
        text += " DEFAULT " + column.default_sql;
    if (column.auto_increment && is_first_of_a_key(table, at))
        text += " AUTO_INCREMENT";
    return column.attributes.empty() ? text : text + " " + column.attributes;
}

std::string define(const Table& table, const Key& key)
{
    std::vector<std::string> parts;
    for (const std::size_t at : key.columns)
        parts.push_back(sql::quote_identifier(table.columns[at].name));
    if (key.prefix > 0)
        parts.back() += fmt::format("({})", key.prefix);
    const char* shape = key.shape == Key::Shape::primary  ? "PRIMARY KEY"
                        : key.shape == Key::Shape::unique ? "UNIQUE KEY"
                                                          : "KEY";
    return fmt::format("{} ({})", shape, base::join(parts, ", "));
}

std::string define(const Case& of, const Table& table, const ForeignKey& key)
{
    const Table& target = of.tables[key.table];
    return fmt::format("FOREIGN KEY ({}) REFERENCES {} ({}){}",
                       sql::quote_identifier(table.columns[key.column].name),
                       sql::quote_identifier(target.name),
                       sql::quote_identifier(target.columns[key.target].name),
                       key.cascades ? " ON DELETE CASCADE ON UPDATE CASCADE" : "");
}

bool is_live(const Case& of, const Table& table, const ForeignKey& key)
{
    const Table& target = of.tables[key.table];
    return !key.dropped && lives(table, key.column) && !target.dropped &&
           lives(target, key.target) && is_first_of_a_key(target, key.target);
}

std::string insert_head(const Table& table)
{
    std::vector<std::string> names;
    for (const std::size_t at : live_columns(table)) {
        if (is_stored(table.columns[at]))
            names.push_back(table.columns[at].name);
    }
    return fmt::format("INSERT IGNORE INTO {} ({}) VALUES ", sql::quote_identifier(table.name),
                       sql::quote_identifiers(names));
}

std::string insert_values(const Table& table, const Values& values)
{
    std::vector<std::string> some;
    for (const std::size_t at : live_columns(table)) {
        if (is_stored(table.columns[at]))
            some.push_back(values[at]);
    }
    return "(" + base::join(some, ", ") + ")";
}

void append_script(std::string& text, const std::vector<std::string>& statements)
{
    for (const auto& statement : statements)
        text += statement + ";\n";
}

/// As the options that slice and verify take.
std::string options(const Choices& choices)
{
    std::string text;
    if (!choices.zoom.empty()) {
        std::vector<std::string> sizes;
        for (const auto size : choices.zoom)
            sizes.push_back(std::to_string(size));
        text += " --zoom " + base::join(sizes, ",");
    }
    text += choices.sha256 ? " --digest sha256" : "";
    text += choices.jobs > 1 ? fmt::format(" --jobs {}", choices.jobs) : "";
    text += choices.list_keys ? " --list-keys" : "";
    return text;
}

/// What only a config can say of tables.
std::string job_script(const Case& of)
{
    std::string text;
    for (const Table& table : of.tables) {
        if (table.dropped)
            continue;
        if (const std::string where = where_of(of, table); !where.empty())
            text += fmt::format("-- with a job that says of {}: where: {}, outside: {}\n",
                                table.name, where, of.choices.keep_outside ? "keep" : "delete");
        if (const auto excluded = excluded_column(table))
            text += fmt::format("-- with a job that says of {}: columns: {{exclude: [{}]}}\n",
                                table.name, table.columns[*excluded].name);
    }
    return text;
}

std::string server_script(const Settings& settings)
{
    return fmt::format("SET GLOBAL time_zone = '{}';\nSET GLOBAL sql_mode = '{}';\n",
                       settings.time_zone, settings.sql_mode);
}

void append_side(std::string& text, const Case& of, Side side)
{
    for (const Table& table : of.tables) {
        if (!table.dropped)
            append_script(text, fill_table(table, side));
    }
    for (const Change& change : of.changes) {
        const Table& table = of.tables[change.table];
        if (change.side == side && !table.dropped)
            append_script(text, change_table(table, change));
    }
    for (const Table& table : of.tables) {
        if (!table.dropped)
            append_script(text, empty_scope(of, table, side));
    }
}

} // namespace

std::vector<std::size_t> live_columns(const Table& table)
{
    std::vector<std::size_t> positions;
    for (std::size_t at = 0; at < table.columns.size(); ++at) {
        if (lives(table, at))
            positions.push_back(at);
    }
    return positions;
}

std::optional<std::size_t> excluded_column(const Table& table)
{
    return table.excluded && lives(table, *table.excluded) ? table.excluded : std::nullopt;
}

std::vector<std::size_t> compared_columns(const Table& table)
{
    auto positions = live_columns(table);
    const auto excluded = excluded_column(table);
    std::erase_if(positions, [&](std::size_t at) {
        return excluded && (at == *excluded || table.columns[at].depends_on == excluded);
    });
    return positions;
}

bool is_live(const Table& table, const Key& key)
{
    return !key.dropped && std::all_of(key.columns.begin(), key.columns.end(),
                                       [&](std::size_t at) { return lives(table, at); });
}

const Key* identifying_key(const Table& table)
{
    const auto identifies = [&](const Key& key) {
        return key.shape != Key::Shape::plain && key.prefix == 0 && is_live(table, key) &&
               std::none_of(key.columns.begin(), key.columns.end(),
                            [&](std::size_t at) { return table.columns[at].nullable; });
    };
    const auto found = std::find_if(table.keys.begin(), table.keys.end(), identifies);
    return found == table.keys.end() ? nullptr : &*found;
}

std::string create_table(const Case& of, const Table& table)
{
    std::vector<std::string> parts;
    for (const std::size_t at : live_columns(table))
        parts.push_back(define(table, at));
    for (const Key& key : table.keys) {
        if (is_live(table, key))
            parts.push_back(define(table, key));
    }
    for (const ForeignKey& key : table.foreign_keys) {
        if (is_live(of, table, key))
            parts.push_back(define(of, table, key));
    }
    return fmt::format("CREATE TABLE {} (\n  {}\n){}", sql::quote_identifier(table.name),
                       base::join(parts, ",\n  "), table.options);
}

std::vector<std::string> drift_table(const Table& table)
{
    std::vector<std::string> statements;
    for (const std::size_t at : live_columns(table)) {
        const Column& column = table.columns[at];
        if (!column.down_type.empty() || column.first_down)
            statements.push_back(
                fmt::format("ALTER TABLE {} MODIFY COLUMN {}{}", sql::quote_identifier(table.name),
                            define(table, at, Side::down), column.first_down ? " FIRST" : ""));
    }
    return statements;
}

std::vector<std::string> fill_table(const Table& table, Side side)
{
    std::vector<std::string> statements;
    std::string text;
    for (const Row& row : table.rows) {
        if (!(side == Side::up ? row.up : row.down))
            continue;
        if (text.size() > k_statement_bytes) {
            statements.push_back(std::move(text));
            text.clear();
        }
        text += (text.empty() ? insert_head(table) : ",\n  ") + insert_values(table, row.values);
    }
    if (!text.empty())
        statements.push_back(std::move(text));
    return statements;
}

std::vector<std::string> change_table(const Table& table, const Change& change)
{
    if (!std::all_of(change.columns.begin(), change.columns.end(),
                     [&](std::size_t at) { return lives(table, at); }))
        return {};
    if (change.row.empty())
        return change.statements;
    return {insert_head(table) + insert_values(table, change.row)};
}

std::vector<std::string> empty_scope(const Case& of, const Table& table, Side side)
{
    const std::string where = where_of(of, table);
    if (side == Side::up || !of.choices.keep_outside || !of.choices.empty_scope || where.empty())
        return {};
    return {fmt::format("DELETE FROM {} WHERE {}", sql::quote_identifier(table.name), where)};
}

std::string where_of(const Case& of, const Table& table)
{
    if (!of.choices.where || !table.where_column || !lives(table, *table.where_column))
        return "";
    return sql::quote_identifier(table.columns[*table.where_column].name) + " % 2 = 0";
}

std::string script(const Case& of)
{
    std::string text = "-- on upstream's server:\n" + server_script(of.settings[0]) +
                       "-- on downstream's server:\n" + server_script(of.settings[1]) +
                       "-- in upstream's database:\n";
    append_script(text, session_settings());
    for (const Table& table : of.tables) {
        if (!table.dropped)
            append_script(text, {create_table(of, table)});
    }
    append_side(text, of, Side::up);
    text += fmt::format("-- slicetool pull_schema{} --from … --to …\n",
                        of.choices.foreign_keys ? " --keep-foreign-keys" : "");
    text += "-- in downstream's database:\n";
    append_script(text, session_settings());
    for (const Table& table : of.tables) {
        if (!table.dropped)
            append_script(text, drift_table(table));
    }
    append_side(text, of, Side::down);
    text += job_script(of);
    text += fmt::format(
        "-- slicetool verify{0} --recheck {1} --from … --to …\n"
        "-- slicetool slice{0} --max-delete 100% --allow-empty-upstream --from … --to …\n",
        options(of.choices), of.choices.recheck ? 3 : 0);
    return text;
}

} // namespace slicetool::search
