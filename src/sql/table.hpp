#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the program knows of a table: plain structs, filled by db/schema, without any connection.
namespace slicetool::sql {

enum class Family { mariadb, mysql };

std::string_view family_name(Family family);

/// What a column's values are, as far as the row encoding and the copying treat them alike.
enum class TypeKind {
    integer, ///< TINYINT … BIGINT, BOOLEAN
    decimal, ///< DECIMAL, NUMERIC
    float32, ///< FLOAT
    float64, ///< DOUBLE, REAL
    date,
    time,
    datetime,
    timestamp,
    year,
    bit,
    enumeration, ///< ENUM
    set,
    character, ///< CHAR, VARCHAR
    binary,    ///< BINARY, VARBINARY
    text,      ///< TINYTEXT … LONGTEXT (MariaDB's JSON too)
    blob,      ///< TINYBLOB … LONGBLOB
    json,      ///< MySQL's JSON
    geometry,
    vector, ///< MySQL's VECTOR
    uuid,   ///< MariaDB's UUID
    inet4,  ///< MariaDB's INET4
    inet6,  ///< MariaDB's INET6
    unknown ///< a type this program has never heard of; refused
};

enum class Generated { no, virtual_column, stored };

struct Column
{
    std::string name;
    TypeKind kind = TypeKind::unknown;
    std::string data_type; ///< lower case, without arguments: "int", "varchar"
    std::string
        column_type; ///< in full, as the server prints it: "int(10) unsigned", "enum('a','b')"
    bool is_unsigned = false;
    bool zerofill = false;
    std::optional<std::uint64_t> length;       ///< characters, bytes (binary types) or bits (BIT)
    std::optional<std::uint64_t> octet_length; ///< bytes that the longest value may take
    std::optional<std::uint32_t> precision;    ///< digits of numbers; fraction digits of times
    std::optional<std::uint32_t> scale;        ///< DECIMAL, and FLOAT(M,D), DOUBLE(M,D)
    std::string charset;                       ///< empty where the type has none
    std::string collation;                     ///< empty where the type has none
    bool nullable = true;
    /// The default as SQL text ready for DDL ("'abc'", "NULL", "current_timestamp()"); empty: none.
    std::optional<std::string> default_sql;
    std::optional<std::string> on_update_sql; ///< "current_timestamp(6)"
    bool auto_increment = false;
    Generated generated = Generated::no;
    std::string generation_expression;
    bool invisible = false;
    bool without_system_versioning = false; ///< MariaDB
    bool system_row_bound = false;          ///< MariaDB: ROW START or ROW END of a versioned table
    std::optional<std::uint32_t> srid;      ///< MySQL: the SRID a geometry column is restricted to
    std::vector<std::string> elements;      ///< of ENUM and SET, unquoted, in order, UTF-8
    std::string comment;
    /// What the server prints beside all this, as SQL text: "COMPRESSED", "COLUMN_FORMAT FIXED".
    std::vector<std::string> other_attributes;
};

struct IndexPart
{
    std::string column;                         ///< empty for a functional part
    std::optional<std::uint64_t> prefix_length; ///< characters or bytes of a prefix part
    bool descending = false;
    std::string expression;        ///< MySQL: of a functional part
    bool without_overlaps = false; ///< MariaDB: the part is an application-time period
};

struct Index
{
    std::string name; ///< "PRIMARY" for the primary key
    bool primary = false;
    bool unique = false;
    std::string type;     ///< "BTREE", "FULLTEXT", "SPATIAL", "HASH", "RTREE"
    bool ignored = false; ///< MariaDB IGNORED, MySQL INVISIBLE: FORCE INDEX cannot use it
    std::vector<IndexPart> parts;
    std::string comment;
    std::string using_clause; ///< "USING HASH" where the server prints one
    std::vector<std::string>
        other_options; ///< as SQL text: "WITH PARSER `ngram`", "KEY_BLOCK_SIZE=4"
};

struct ForeignKey
{
    std::string name;
    std::vector<std::string> columns;
    std::string referenced_schema;
    std::string referenced_table;
    std::vector<std::string> referenced_columns;
    std::string on_update;
    std::string on_delete;
};

struct Check
{
    std::string name;
    std::string expression;
    bool enforced = true;
    std::string column; ///< MariaDB: the column in whose definition the check stands; else empty
};

struct Trigger
{
    std::string name;
    std::string timing; ///< "BEFORE", "AFTER"
    std::string event;  ///< "INSERT", "UPDATE", "DELETE"
};

/// A table option as SHOW CREATE TABLE prints it; the value is SQL text.
struct TableOption
{
    std::string name; ///< upper case: "STATS_PERSISTENT"
    std::string value;
};

enum class TableKind { base_table, view, sequence, system_versioned, other };

struct Table
{
    std::string schema; ///< the database
    std::string name;
    Family family = Family::mariadb;
    TableKind kind = TableKind::base_table;
    std::string engine;
    std::string charset;
    std::string collation;
    std::string row_format; ///< as the definition says, upper case; empty: the server's default
    std::string comment;
    bool partitioned = false;
    std::vector<Column> columns; ///< in table order, invisible ones too
    std::vector<Index> indexes;  ///< the primary key first
    std::vector<ForeignKey> foreign_keys;
    std::vector<Check> checks;
    std::vector<Trigger> triggers;
    std::vector<TableOption> options;       ///< those that have no member of their own
    std::vector<std::string> other_entries; ///< as SQL text: "PERIOD FOR `p` (`a`, `b`)"
    std::string partition_clause;           ///< "PARTITION BY …"; empty when not partitioned
    std::string create_statement;           ///< SHOW CREATE TABLE
    std::uint64_t estimated_rows = 0;       ///< the engine's statistics
    std::uint64_t estimated_bytes = 0;      ///< clustered data, by the engine's statistics
    std::optional<std::uint64_t> next_auto_increment;

    /// The column of that name (compared without case, as servers do), or null.
    const Column* find_column(std::string_view column_name) const;

    /// The index of that name (without case), or null.
    const Index* find_index(std::string_view index_name) const;

    const Index* primary_key() const;

    /// "`schema`.`name`".
    std::string qualified_name() const;

    bool is_transactional() const;
    /// A window to rows of other tables, perhaps of another server (FEDERATED, SPIDER, CONNECT,
    /// MERGE).
    bool shows_other_tables() const;
};

} // namespace slicetool::sql
