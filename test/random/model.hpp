#pragma once

#include "sql/table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What one case of the random search consists of: plain data, made by generate.hpp, turned into
/// SQL by render.hpp, cut down by shrink.hpp.
namespace slicetool::search {

enum class Side { up, down };

/// Upstream's and downstream's family.
struct Families
{
    sql::Family up = sql::Family::mariadb;
    sql::Family down = sql::Family::mariadb;

    sql::Family of(Side side) const { return side == Side::up ? up : down; }
    bool same() const { return up == down; }
};

enum class Kind {
    integer,
    decimal,
    real32,
    real64,
    bit,
    date,
    time,
    datetime,
    timestamp,
    year,
    enumeration,
    set,
    text,
    bytes,
    json,
    geometry,
    uuid,
    inet4,
    inet6,
    vector
};

/// How the values of a key's column follow each other.
enum class Spread { dense, sparse, clusters, edges, hostile };

struct Column
{
    std::string name;
    std::string type; ///< SQL, with character set and collation
    Kind kind = Kind::integer;
    std::string charset;      ///< text, enumeration and set
    std::size_t room = 0;     ///< text: characters; bytes: bytes; lists: elements
    unsigned bits = 0;        ///< integer and bit
    bool is_unsigned = false; ///< numbers
    unsigned digits = 0;      ///< decimal: all of them; times: those of the fraction
    unsigned scale = 0;       ///< decimal: those after the point
    bool is_long = false;     ///< TEXT and BLOB kinds: cannot be a key without a prefix
    bool nullable = true;
    std::string default_sql; ///< empty: none
    std::string generation;  ///< "… VIRTUAL"; empty: not generated
    std::string attributes;  ///< INVISIBLE, COMMENT …
    bool auto_increment = false;
    std::optional<std::size_t> depends_on; ///< the column in `generation`
    Spread spread = Spread::dense;
    std::string down_type;   ///< what downstream's column is made after pull_schema; empty: as is
    bool first_down = false; ///< and that it is moved to the front there
    bool dropped = false;    ///< by the shrinker
};

struct Key
{
    enum class Shape { primary, unique, plain };
    Shape shape = Shape::plain;
    std::vector<std::size_t> columns;
    std::size_t prefix = 0; ///< characters or bytes of the last column; 0: all of it
    bool dropped = false;
};

struct ForeignKey
{
    std::size_t column = 0;
    std::size_t table = 0; ///< an earlier one, or the table itself
    std::size_t target = 0;
    bool cascades = false;
    bool dropped = false;
};

/// SQL expressions, one for each column; empty for generated ones.
using Values = std::vector<std::string>;

struct Row
{
    Values values;
    bool up = true;
    bool down = true;
};

struct Table
{
    std::string name;
    std::vector<Column> columns;
    std::vector<Key> keys;
    std::vector<ForeignKey> foreign_keys;
    std::string options; ///< behind the closing parenthesis
    std::vector<Row> rows;
    std::optional<std::size_t> where_column; ///< an integer to cut the table by
    std::optional<std::size_t> excluded;     ///< the job leaves this column alone
    bool dropped = false;
};

/// Something done on one side after both have been filled: one or more statements on one table, or
/// a new row.
struct Change
{
    Side side = Side::up;
    std::size_t table = 0;
    std::vector<std::size_t> columns; ///< that the statements need
    std::vector<std::string> statements;
    Values row; ///< not empty: inserted
};

/// A server's own settings, against which sessions must be pinned.
struct Settings
{
    std::string time_zone = "SYSTEM";
    std::string sql_mode;
};

/// How slice and verify are called.
struct Choices
{
    std::vector<std::uint64_t> zoom;
    bool sha256 = false;
    std::size_t jobs = 1;
    bool list_keys = false;
    bool recheck = false;      ///< verify looks again at what differs
    bool where = false;        ///< tables with a where_column are sliced by it
    bool keep_outside = false; ///< with where
    bool empty_scope = false;  ///< with keep_outside: downstream begins with the other rows alone
    bool foreign_keys = false; ///< pull_schema --keep-foreign-keys
};

struct Case
{
    std::uint64_t seed = 0;
    Families families;
    std::array<Settings, 2> settings; ///< upstream's, downstream's
    std::vector<Table> tables;
    std::vector<Change> changes;
    Choices choices;
};

} // namespace slicetool::search
