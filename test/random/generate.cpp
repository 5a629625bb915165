#include "random/generate.hpp"

#include "random/changes.hpp"
#include "random/columns.hpp"
#include "random/render.hpp"
#include "random/values.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace slicetool::search {

namespace {

using Strings = std::vector<std::string>;

std::string random_name(Random& random, char letter, std::size_t number)
{
    static const Strings k_hostile = {"select",    "a b",          "back`tick", "dot.ted",
                                      "per%cent",  "quo'te",       "dou\"ble",  "\xC3\xBC",
                                      "CamelCase", "\xE4\xB8\xAD", "-- x",      "generated"};
    if (random.chance(75))
        return fmt::format("{}{}", letter, number);
    return fmt::format("{}{}", random.pick(k_hostile), number);
}

Settings random_settings(Random& random)
{
    static const Strings k_zones = {"+00:00", "+05:30", "-08:00", "+13:00", "-03:30"};
    static const Strings k_modes = {"",
                                    "ANSI_QUOTES",
                                    "NO_BACKSLASH_ESCAPES",
                                    "PAD_CHAR_TO_FULL_LENGTH",
                                    "TRADITIONAL",
                                    "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES"};
    return {random.pick(k_zones), random.pick(k_modes)};
}

Choices random_choices(Random& random)
{
    using Zoom = std::vector<std::uint64_t>;
    static const std::vector<Zoom> k_zooms = {{1000, 1}, {10, 1}, {3, 1},     {1},    {2},
                                              {100},     {7},     {64, 8, 1}, {20, 5}};
    Choices choices;
    if (random.chance(55))
        choices.zoom = random.pick(k_zooms);
    choices.sha256 = random.chance(25);
    choices.jobs = random.chance(15) ? random.between(2, 3) : 1;
    choices.list_keys = random.chance(20);
    choices.recheck = random.chance(25);
    choices.where = random.chance(12);
    choices.keep_outside = choices.where && random.chance(50);
    choices.empty_scope = choices.keep_outside && random.chance(50);
    choices.foreign_keys = random.chance(50);
    return choices;
}

/// Which rows a side begins with.
enum class Fill { same, down_empty, up_empty, down_prefix, down_part, up_part, unlike };

/// Makes one table of a case.
class TableMaker
{
public:
    TableMaker(Random& random, const Families& families, const Case& of)
        : m_random(random), m_families(families), m_case(of)
    {
    }

    Table make();

private:
    void add_key();
    void add_primary(std::vector<std::size_t> columns);
    void add_unique_instead_of_primary();
    void add_odd_key();
    void add_second_unique();
    void add_columns(std::size_t count);
    void find_where_column();
    void exclude_column();
    void drift();
    bool is_plain(std::size_t column) const;
    void add_foreign_key();
    void add_generated();
    void decorate(Column& column);
    void add_options();
    void add_rows();
    Values make_row(std::size_t at);
    std::string foreign_value(const ForeignKey& key);
    std::size_t add(Column column, bool nullable);
    bool has_scattered_key() const;
    std::size_t row_count();
    Spread random_spread();

    Random& m_random;
    const Families& m_families;
    const Case& m_case;
    Table m_table;
};

Table TableMaker::make()
{
    m_table.name = random_name(m_random, 't', m_case.tables.size() + 1);
    if (m_random.chance(20)) // the key's columns need not be the first
        add_columns(m_random.between(1, 2));
    add_key();
    if (m_random.chance(30))
        add_second_unique();
    add_foreign_key();
    add_columns(m_random.chance(2) ? 40 : m_random.below(8));
    if (m_table.columns.empty())
        add(random_integer_column(m_random), true);
    find_where_column();
    add_generated();
    if (m_random.chance(6))
        exclude_column();
    if (m_random.chance(12))
        drift();
    if (m_random.chance(15))
        m_table.columns.back().attributes += " COMMENT 'generated always as (1)'";
    add_options();
    add_rows();
    return std::move(m_table);
}

std::size_t TableMaker::add(Column column, bool nullable)
{
    column.name = random_name(m_random, 'c', m_table.columns.size() + 1);
    column.nullable = nullable;
    m_table.columns.push_back(std::move(column));
    return m_table.columns.size() - 1;
}

Spread TableMaker::random_spread()
{
    static const std::vector<Spread> k_spreads = {Spread::dense,  Spread::dense,    Spread::dense,
                                                  Spread::sparse, Spread::clusters, Spread::edges,
                                                  Spread::hostile};
    return m_random.pick(k_spreads);
}

void TableMaker::add_primary(std::vector<std::size_t> columns)
{
    for (const std::size_t at : columns)
        m_table.columns[at].spread = random_spread();
    Key key;
    key.shape = Key::Shape::primary;
    key.columns = std::move(columns);
    m_table.keys.push_back(std::move(key));
}

void TableMaker::add_key()
{
    const std::size_t which = m_random.below(100);
    if (which < 40) {
        const std::size_t at = add(random_integer_column(m_random), false);
        m_table.columns[at].auto_increment =
            m_random.chance(50) && m_table.columns[at].type.find("ZEROFILL") == std::string::npos;
        add_primary({at});
    } else if (which < 65) {
        add_primary({add(random_key_column(m_random, m_families), false)});
    } else if (which < 82) {
        std::vector<std::size_t> columns;
        const std::size_t count = m_random.between(2, 3);
        while (columns.size() < count)
            columns.push_back(add(random_key_column(m_random, m_families), false));
        add_primary(std::move(columns));
    } else if (which < 91) {
        add_unique_instead_of_primary();
    } else if (which < 96) {
        add_odd_key();
    } // else none at all
}

void TableMaker::add_unique_instead_of_primary()
{
    std::vector<std::size_t> columns;
    const std::size_t count = m_random.between(1, 2);
    while (columns.size() < count)
        columns.push_back(add(random_key_column(m_random, m_families), false));
    add_primary(std::move(columns));
    m_table.keys.back().shape = Key::Shape::unique;
}

/// Types that only few programs can order, keys that may be NULL, and keys of the first characters.
void TableMaker::add_odd_key()
{
    switch (m_random.below(4)) {
    case 0:
    case 1:
        add_primary({add(odd_key_column(m_random, m_families), false)});
        break;
    case 2:
        add_primary({add(random_integer_column(m_random), true)});
        m_table.keys.back().shape = Key::Shape::unique;
        break;
    default:
        add_primary({add(random_text_column(m_random, m_families, 40), false)});
        m_table.keys.back().shape = Key::Shape::unique;
        m_table.keys.back().prefix = 6;
    }
}

void TableMaker::add_second_unique()
{
    Key key;
    key.shape = Key::Shape::unique;
    Column column = m_random.chance(60) ? random_integer_column(m_random)
                                        : random_text_column(m_random, m_families, 30);
    column.spread = m_random.chance(70) ? Spread::dense : random_spread();
    key.columns.push_back(add(std::move(column), m_random.chance(50)));
    if (m_random.chance(20))
        key.columns.push_back(add(random_integer_column(m_random), m_random.chance(50)));
    m_table.keys.push_back(std::move(key));
}

void TableMaker::add_foreign_key()
{
    if (!m_random.chance(35))
        return;
    // The table itself counts as the last one.
    const std::size_t target = m_random.below(m_case.tables.size() + 1);
    const Table& table = target < m_case.tables.size() ? m_case.tables[target] : m_table;
    const Key* key = identifying_key(table);
    if (key == nullptr || key->shape != Key::Shape::primary || key->columns.size() != 1 ||
        table.options.find("PARTITION") != std::string::npos || // MySQL has no references to those
        table.columns[key->columns[0]].kind != Kind::integer)
        return;
    ForeignKey foreign;
    foreign.target = key->columns[0];
    foreign.table = target;
    foreign.cascades = m_random.chance(60);
    Column column = table.columns[foreign.target];
    column.auto_increment = false;
    foreign.column = add(std::move(column), true);
    m_table.foreign_keys.push_back(foreign);
}

void TableMaker::decorate(Column& column)
{
    const bool literal_default = !column.is_long && column.kind != Kind::json &&
                                 column.kind != Kind::geometry && column.kind != Kind::vector;
    if (literal_default && m_random.chance(30)) {
        const std::string precision = column.digits == 0 ? "" : fmt::format("({})", column.digits);
        switch (column.kind) {
        case Kind::integer:
        case Kind::decimal:
        case Kind::real32:
        case Kind::real64:
        case Kind::year:
            column.default_sql = "0";
            break;
        case Kind::bit:
            column.default_sql = "b'1'";
            break;
        case Kind::text:
            column.default_sql = m_random.pick(Strings{"'x'", "''", "'~'", "'''\"'"});
            if (column.room < 2)
                column.default_sql = "''";
            break;
        case Kind::date:
            column.default_sql = "'0000-00-00'";
            break;
        case Kind::time:
            column.default_sql = "'-12:00:00'";
            break;
        case Kind::datetime:
        case Kind::timestamp:
            column.default_sql = "CURRENT_TIMESTAMP" + precision;
            if (m_random.chance(50))
                column.attributes += " ON UPDATE CURRENT_TIMESTAMP" + precision;
            break;
        default:
            if (column.nullable)
                column.default_sql = "NULL";
        }
    }
    const bool may_hide = m_table.columns.size() > 1; // one must be visible
    if (may_hide && m_random.chance(4) && (column.nullable || !column.default_sql.empty()))
        column.attributes += " INVISIBLE";
}

void TableMaker::add_columns(std::size_t count)
{
    for (std::size_t at = 0; at < count; ++at) {
        const std::size_t added = add(random_column(m_random, m_families), m_random.chance(70));
        decorate(m_table.columns[added]);
    }
}

void TableMaker::find_where_column()
{
    for (std::size_t at = 0; at < m_table.columns.size(); ++at) {
        if (m_table.columns[at].kind == Kind::integer)
            m_table.where_column = at;
    }
}

/// Nothing depends on the column, and it depends on nothing.
bool TableMaker::is_plain(std::size_t column) const
{
    const auto uses = [&](const Key& key) {
        return std::find(key.columns.begin(), key.columns.end(), column) != key.columns.end();
    };
    const auto refers = [&](const ForeignKey& key) { return key.column == column; };
    const auto derives = [&](const Column& other) { return other.depends_on == column; };
    return m_table.columns[column].generation.empty() &&
           std::none_of(m_table.keys.begin(), m_table.keys.end(), uses) &&
           std::none_of(m_table.foreign_keys.begin(), m_table.foreign_keys.end(), refers) &&
           std::none_of(m_table.columns.begin(), m_table.columns.end(), derives);
}

/// Downstream's columns are wider, of other character sets, in another order.
void TableMaker::drift()
{
    for (std::size_t at = 0; at < m_table.columns.size(); ++at) {
        if (!is_plain(at) || m_random.chance(50))
            continue;
        Column& column = m_table.columns[at];
        // The other family may not know the column's own type or collation.
        if (m_families.same() || column.kind == Kind::text || column.kind == Kind::integer)
            column.down_type = wider_type(m_random, column);
        column.first_down = m_random.chance(30) && (m_families.same() || !column.down_type.empty());
    }
}

/// The last column, unless a new row needs a value for it.
void TableMaker::exclude_column()
{
    const std::size_t last = m_table.columns.size() - 1;
    const Column& column = m_table.columns[last];
    if (is_plain(last) && last != m_table.where_column &&
        (column.nullable || !column.default_sql.empty()))
        m_table.excluded = last;
}

void TableMaker::add_generated()
{
    if (!m_random.chance(20) || m_table.columns.empty())
        return;
    const std::size_t base = m_random.below(m_table.columns.size());
    const Column& on = m_table.columns[base];
    // MariaDB wants nothing that is computed from a CHAR, whose blanks depend on the sql_mode.
    if (on.auto_increment || !m_table.foreign_keys.empty() || on.kind == Kind::vector ||
        on.type.compare(0, 5, "CHAR(") == 0)
        return;
    const std::string name = sql::quote_identifier(on.name);
    Column column;
    column.type = "INT";
    column.depends_on = base;
    column.generation = fmt::format(
        "({}) {}", on.kind == Kind::text ? "char_length(" + name + ")" : name + " is null",
        m_random.chance(50) ? "VIRTUAL" : "STORED");
    const std::size_t added = add(std::move(column), true);
    if (m_random.chance(30)) {
        Key key;
        key.columns.push_back(added);
        m_table.keys.push_back(key);
    }
}

void TableMaker::add_options()
{
    static const Strings k_options = {" ROW_FORMAT=DYNAMIC", " ROW_FORMAT=COMPRESSED",
                                      " COMMENT='generated; /* ~ */'", " DEFAULT CHARSET=latin1",
                                      " AUTO_INCREMENT=100"};
    if (m_random.chance(20))
        m_table.options = m_random.pick(k_options);
    const Key* key = identifying_key(m_table);
    const bool can_partition =
        m_table.keys.size() == 1 && key != nullptr && key->columns.size() == 1 &&
        m_table.foreign_keys.empty() && m_table.columns[key->columns[0]].kind == Kind::integer &&
        m_case.tables.empty() &&
        std::none_of(m_table.columns.begin(), m_table.columns.end(),
                     [](const Column& column) { return column.kind == Kind::geometry; });
    if (can_partition && m_random.chance(8))
        m_table.options +=
            fmt::format(" PARTITION BY HASH ({}) PARTITIONS 3",
                        sql::quote_identifier(m_table.columns[key->columns[0]].name));
}

/// Ids so far apart that blocks of a fixed size hold one row each at most.
bool TableMaker::has_scattered_key() const
{
    const Key* key = identifying_key(m_table);
    return key != nullptr && m_table.columns[key->columns[0]].spread == Spread::hostile;
}

std::size_t TableMaker::row_count()
{
    // Many ranges of many columns take servers long to parse.
    const auto& zoom = m_case.choices.zoom;
    const bool costly =
        m_table.columns.size() > 20 || (!zoom.empty() && (zoom[0] < 10 || has_scattered_key()));
    const std::size_t which = m_random.below(costly ? 60 : 100);
    if (which < 6)
        return 0;
    if (which < 12)
        return 1;
    if (which < 60)
        return m_random.between(2, 20);
    if (which < 94)
        return m_random.between(21, 150);
    return m_random.between(300, m_table.columns.size() > 6 ? 800 : 3000);
}

std::string TableMaker::foreign_value(const ForeignKey& key)
{
    const Table& target = key.table < m_case.tables.size() ? m_case.tables[key.table] : m_table;
    if (target.rows.empty() || m_random.chance(20))
        return "NULL";
    return m_random.pick(target.rows).values[key.target];
}

Values TableMaker::make_row(std::size_t at)
{
    Values values(m_table.columns.size());
    for (std::size_t column = 0; column < values.size(); ++column) {
        if (m_table.columns[column].generation.empty())
            values[column] = random_value(m_random, m_table.columns[column]);
    }
    put_key_values(m_random, m_table, at, values);
    for (const ForeignKey& key : m_table.foreign_keys)
        values[key.column] = foreign_value(key);
    return values;
}

void TableMaker::add_rows()
{
    static const std::vector<Fill> k_fills = {Fill::same,        Fill::same,       Fill::same,
                                              Fill::same,        Fill::down_empty, Fill::down_empty,
                                              Fill::down_prefix, Fill::down_part,  Fill::up_part,
                                              Fill::up_empty,    Fill::unlike};
    const Fill fill = m_random.pick(k_fills);
    const std::size_t count = row_count();
    const std::size_t cut = m_random.below(count + 1);
    for (std::size_t at = 0; at < count; ++at) {
        Row row{make_row(at), true, true};
        switch (fill) {
        case Fill::same:
            break;
        case Fill::down_empty:
            row.down = false;
            break;
        case Fill::up_empty:
            row.up = false;
            break;
        case Fill::down_prefix:
            row.down = at < cut;
            break;
        case Fill::down_part:
            row.down = m_random.chance(60);
            break;
        case Fill::up_part:
            row.up = m_random.chance(60);
            break;
        case Fill::unlike:
            row.up = m_random.chance(60);
            row.down = !row.up || m_random.chance(40);
            break;
        }
        m_table.rows.push_back(std::move(row));
    }
    // Duplicates are what a table without a key is about.
    if (m_table.keys.empty() && !m_table.rows.empty())
        for (std::size_t more = m_random.below(6); more > 0; --more)
            m_table.rows.push_back(Row(m_random.pick(m_table.rows)));
}

/// So that each pairing has cases of its own.
std::uint64_t mixed(std::uint64_t seed, const Families& families)
{
    const auto bit = [](bool is_set, unsigned position) {
        return static_cast<std::uint64_t>(is_set) << position;
    };
    return seed ^ bit(families.up == sql::Family::mysql, 60) ^
           bit(families.down == sql::Family::mysql, 61);
}

} // namespace

Case make_case(std::uint64_t seed, const Families& families)
{
    Random random(Random(mixed(seed, families)).next());
    Case made;
    made.seed = seed;
    made.families = families;
    made.settings = {random_settings(random), random_settings(random)};
    made.choices = random_choices(random);
    const std::size_t tables = random.chance(55) ? 1 : random.between(2, 3);
    for (std::size_t at = 0; at < tables; ++at)
        made.tables.push_back(TableMaker(random, families, made).make());
    add_changes(random, made);
    return made;
}

} // namespace slicetool::search
