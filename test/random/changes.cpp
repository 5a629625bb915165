#include "random/changes.hpp"

#include "base/text.hpp"
#include "random/render.hpp"
#include "random/values.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::search {

namespace {

/// A column set to a value.
struct Assignment
{
    std::size_t column;
    std::string value;
};

/// Adds changes of one table to a case.
class Changer
{
public:
    Changer(Random& random, Case& to, std::size_t table)
        : m_random(random), m_case(to), m_position(table), m_table(to.tables[table])
    {
    }

    void change();

private:
    void update_row();
    void update_to_twins();
    void update_alike_rows();
    void shift_text();
    void move_null();
    void delete_row();
    void delete_end();
    void insert_row();
    void change_key();
    void rotate_unique();
    void take_over();
    void all_rows();

    Side random_side() { return m_random.chance(50) ? Side::up : Side::down; }
    const Row& random_row() { return m_random.pick(m_table.rows); }
    std::vector<std::size_t> plain_columns() const;
    std::vector<std::size_t> matching_columns() const;
    std::string matches(const Row& row) const;
    void add(Side side, std::vector<std::size_t> columns, const std::string& statement);
    void update(Side side, const std::vector<Row>& rows,
                const std::vector<Assignment>& assignments);
    void remove(Side side, const Row& row);
    void insert(Side side, const Values& values);
    std::string table_name() const { return sql::quote_identifier(m_table.name); }
    std::string column_name(std::size_t at) const
    {
        return sql::quote_identifier(m_table.columns[at].name);
    }
    /// Neighbouring text columns, or nothing.
    std::optional<std::pair<std::size_t, std::size_t>> two_texts() const;
    const Key* second_unique() const;

    Random& m_random;
    Case& m_case;
    const std::size_t m_position;
    const Table& m_table;
};

/// Columns outside of all keys.
std::vector<std::size_t> Changer::plain_columns() const
{
    std::vector<std::size_t> positions;
    for (std::size_t at = 0; at < m_table.columns.size(); ++at) {
        const bool in_key =
            std::any_of(m_table.keys.begin(), m_table.keys.end(), [&](const Key& key) {
                return std::find(key.columns.begin(), key.columns.end(), at) != key.columns.end();
            });
        if (!in_key && m_table.columns[at].generation.empty())
            positions.push_back(at);
    }
    return positions;
}

/// The columns by which a row is found: its key, else what can be compared by `<=>`.
std::vector<std::size_t> Changer::matching_columns() const
{
    if (const Key* key = identifying_key(m_table))
        return key->columns;
    std::vector<std::size_t> positions;
    for (std::size_t at = 0; at < m_table.columns.size() && positions.size() < 2; ++at) {
        const Column& column = m_table.columns[at];
        if (column.generation.empty() && column.kind != Kind::json &&
            column.kind != Kind::geometry && column.kind != Kind::vector)
            positions.push_back(at);
    }
    return positions;
}

std::string Changer::matches(const Row& row) const
{
    std::vector<std::string> conditions;
    for (const std::size_t at : matching_columns())
        conditions.push_back(column_name(at) + " <=> " + row.values[at]);
    return conditions.empty() ? "TRUE" : base::join(conditions, " AND ");
}

void Changer::add(Side side, std::vector<std::size_t> columns, const std::string& statement)
{
    Change change;
    change.side = side;
    change.table = m_position;
    change.columns = std::move(columns);
    change.statements.push_back(statement);
    m_case.changes.push_back(std::move(change));
}

void Changer::update(Side side, const std::vector<Row>& rows,
                     const std::vector<Assignment>& assignments)
{
    std::vector<std::size_t> columns;
    std::vector<std::string> parts;
    std::vector<std::string> conditions;
    for (const Assignment& assignment : assignments) {
        columns.push_back(assignment.column);
        parts.push_back(column_name(assignment.column) + " = " + assignment.value);
    }
    for (const Row& row : rows) {
        const auto matching = matching_columns();
        columns.insert(columns.end(), matching.begin(), matching.end());
        conditions.push_back("(" + matches(row) + ")");
    }
    add(side, std::move(columns),
        fmt::format("UPDATE IGNORE {} SET {} WHERE {}", table_name(), base::join(parts, ", "),
                    base::join(conditions, " OR ")));
}

void Changer::remove(Side side, const Row& row)
{
    add(side, matching_columns(),
        fmt::format("DELETE FROM {} WHERE {}{}", table_name(), matches(row),
                    identifying_key(m_table) == nullptr ? " LIMIT 1" : ""));
}

void Changer::insert(Side side, const Values& values)
{
    Change change;
    change.side = side;
    change.table = m_position;
    change.row = values;
    m_case.changes.push_back(std::move(change));
}

void Changer::update_row()
{
    const auto columns = plain_columns();
    if (columns.empty())
        return;
    const std::size_t column = m_random.pick(columns);
    const Side side = random_side();
    const Row row = random_row();
    update(side, {row}, {{column, random_value(m_random, m_table.columns[column])}});
}

void Changer::update_to_twins()
{
    const auto columns = plain_columns();
    if (columns.empty())
        return;
    const std::size_t column = m_random.pick(columns);
    const auto pair = twins(m_random, m_table.columns[column]);
    const Row row = random_row();
    update(Side::up, {row}, {{column, pair.first}});
    update(Side::down, {row}, {{column, pair.second}});
}

/// The same edit in two or four rows: differences of which some digests cancel each other out.
void Changer::update_alike_rows()
{
    const auto columns = plain_columns();
    if (columns.empty())
        return;
    const std::size_t column = m_random.pick(columns);
    std::vector<Row> rows{random_row(), random_row()};
    if (m_random.chance(50))
        rows.insert(rows.end(), {random_row(), random_row()});
    const Side side = random_side();
    update(side, rows, {{column, random_value(m_random, m_table.columns[column])}});
}

std::optional<std::pair<std::size_t, std::size_t>> Changer::two_texts() const
{
    std::optional<std::size_t> before;
    for (const std::size_t at : plain_columns()) {
        const Column& column = m_table.columns[at];
        if (column.kind != Kind::text || column.room < 2)
            continue;
        if (before)
            return std::pair(*before, at);
        before = at;
    }
    return std::nullopt;
}

void Changer::shift_text()
{
    const auto texts = two_texts();
    if (!texts)
        return update_to_twins();
    const auto [first, second] = *texts;
    const Shifted values = shifted(m_random, m_table.columns[first], m_table.columns[second]);
    const Row row = random_row();
    update(Side::up, {row}, {{first, values.before.first}, {second, values.before.second}});
    update(Side::down, {row}, {{first, values.after.first}, {second, values.after.second}});
}

void Changer::move_null()
{
    const auto texts = two_texts();
    if (!texts || !m_table.columns[texts->first].nullable ||
        !m_table.columns[texts->second].nullable)
        return update_to_twins();
    const Row row = random_row();
    update(Side::up, {row}, {{texts->first, "NULL"}, {texts->second, "'x'"}});
    update(Side::down, {row}, {{texts->first, "'x'"}, {texts->second, "NULL"}});
}

void Changer::delete_row()
{
    const Side side = random_side();
    remove(side, random_row());
}

/// The first or last rows by the key.
void Changer::delete_end()
{
    const Key* key = identifying_key(m_table);
    if (key == nullptr)
        return delete_row();
    const char* direction = m_random.chance(50) ? "" : " DESC";
    std::vector<std::string> order;
    for (const std::size_t at : key->columns)
        order.push_back(column_name(at) + direction);
    const Side side = random_side();
    const std::size_t count = m_random.chance(50) ? 1 : m_random.between(1, 40);
    add(side, key->columns,
        fmt::format("DELETE FROM {} ORDER BY {} LIMIT {}", table_name(), base::join(order, ", "),
                    count));
}

void Changer::insert_row()
{
    Values values = random_row().values;
    for (const std::size_t at : plain_columns())
        values[at] = random_value(m_random, m_table.columns[at]);
    put_key_values(m_random, m_table, m_table.rows.size() + m_random.below(40), values);
    const Side side = random_side();
    insert(side, values);
    // The same key with other values on the other side.
    if (const auto columns = plain_columns(); !columns.empty() && m_random.chance(20)) {
        const std::size_t at = m_random.pick(columns);
        values[at] = random_value(m_random, m_table.columns[at]);
        insert(side == Side::up ? Side::down : Side::up, values);
    }
}

void Changer::change_key()
{
    const Key* key = identifying_key(m_table);
    if (key == nullptr)
        return update_row();
    const std::size_t column = m_random.pick(key->columns);
    const Column& of = m_table.columns[column];
    const std::string value =
        m_random.chance(50) ? random_value(m_random, of)
                            : key_value(m_random, of, m_table.rows.size() + m_random.below(9));
    const Side side = random_side();
    update(side, {random_row()}, {{column, value}});
}

const Key* Changer::second_unique() const
{
    const Key* identifying = identifying_key(m_table);
    const auto found = std::find_if(m_table.keys.begin(), m_table.keys.end(), [&](const Key& key) {
        return key.shape == Key::Shape::unique && &key != identifying;
    });
    return found == m_table.keys.end() ? nullptr : &*found;
}

/// Two to four rows hand a unique value around.
void Changer::rotate_unique()
{
    const Key* unique = second_unique();
    if (unique == nullptr)
        return change_key();
    const std::size_t column = unique->columns[0];
    const Side side = random_side();
    std::vector<Row> rows;
    for (std::size_t count = m_random.between(2, 4); count > 0; --count)
        rows.push_back(random_row());
    for (const Row& row : rows)
        remove(side, row);
    for (std::size_t at = 0; at < rows.size(); ++at) {
        Values values = rows[at].values;
        values[column] = rows[(at + 1) % rows.size()].values[column];
        insert(side, values);
    }
}

/// A new row gets the unique value of a row that is deleted.
void Changer::take_over()
{
    const Key* unique = second_unique();
    if (unique == nullptr)
        return insert_row();
    const Side side = random_side();
    const Row row = random_row();
    Values values = row.values;
    put_key_values(m_random, m_table, m_table.rows.size() + m_random.below(40), values);
    values[unique->columns[0]] = row.values[unique->columns[0]];
    remove(side, row);
    insert(side, values);
}

void Changer::all_rows()
{
    const auto columns = plain_columns();
    if (columns.empty() || m_random.chance(20))
        return add(random_side(), {}, "DELETE FROM " + table_name());
    const std::size_t column = m_random.pick(columns);
    const Side side = random_side();
    add(side, {column},
        fmt::format("UPDATE IGNORE {} SET {} = {}", table_name(), column_name(column),
                    random_value(m_random, m_table.columns[column])));
}

void Changer::change()
{
    if (m_table.rows.empty())
        return;
    const std::size_t which = m_random.below(100);
    if (which < 15)
        update_row();
    else if (which < 32)
        update_to_twins();
    else if (which < 38)
        update_alike_rows();
    else if (which < 44)
        shift_text();
    else if (which < 47)
        move_null();
    else if (which < 57)
        delete_row();
    else if (which < 63)
        delete_end();
    else if (which < 77)
        insert_row();
    else if (which < 83)
        change_key();
    else if (which < 92)
        rotate_unique();
    else if (which < 97)
        take_over();
    else
        all_rows();
}

std::size_t how_many(Random& random)
{
    if (random.chance(20))
        return 0;
    return random.chance(5) ? 60 : random.between(1, 12);
}

} // namespace

void put_key_values(Random& random, const Table& table, std::size_t at, Values& values)
{
    for (const Key& key : table.keys) {
        for (std::size_t part = 0; part < key.columns.size(); ++part) {
            const std::size_t column = key.columns[part];
            const Column& of = table.columns[column];
            if (!of.generation.empty())
                continue;
            const bool last = part + 1 == key.columns.size();
            // The columns before a key's last are the same for many rows, some for all.
            values[column] = of.nullable && random.chance(20) ? "NULL"
                             : last                           ? key_value(random, of, at)
                                                              : key_value(random, of, at / 40);
        }
    }
}

void add_changes(Random& random, Case& to)
{
    for (std::size_t left = how_many(random); left > 0; --left)
        Changer(random, to, random.below(to.tables.size())).change();
}

} // namespace slicetool::search
