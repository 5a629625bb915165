#include "random/columns.hpp"

#include <fmt/format.h>
#include <string_view>
#include <vector>

namespace slicetool::search {

namespace {

struct Collation
{
    std::string_view charset;
    std::string_view name;
};

/// Both families have these.
const std::vector<Collation>& common_collations()
{
    static const std::vector<Collation> k_collations = {{"utf8mb4", "utf8mb4_bin"},
                                                        {"utf8mb4", "utf8mb4_general_ci"},
                                                        {"utf8mb4", "utf8mb4_unicode_ci"},
                                                        {"utf8mb4", "utf8mb4_unicode_520_ci"},
                                                        {"latin1", "latin1_swedish_ci"},
                                                        {"latin1", "latin1_bin"},
                                                        {"latin1", "latin1_general_cs"},
                                                        {"ascii", "ascii_general_ci"},
                                                        {"ascii", "ascii_bin"},
                                                        {"utf8mb3", "utf8mb3_general_ci"},
                                                        {"utf8mb3", "utf8mb3_bin"},
                                                        {"ucs2", "ucs2_general_ci"},
                                                        {"utf16", "utf16_general_ci"},
                                                        {"utf16", "utf16_bin"},
                                                        {"utf32", "utf32_general_ci"},
                                                        {"gbk", "gbk_chinese_ci"},
                                                        {"sjis", "sjis_japanese_ci"},
                                                        {"cp1251", "cp1251_general_ci"}};
    return k_collations;
}

const std::vector<Collation>& collations_of(sql::Family family)
{
    static const std::vector<Collation> k_mariadb = {{"utf8mb4", "utf8mb4_uca1400_ai_ci"},
                                                     {"utf8mb4", "utf8mb4_nopad_bin"},
                                                     {"utf8mb4", "utf8mb4_general_nopad_ci"},
                                                     {"latin1", "latin1_nopad_bin"}};
    static const std::vector<Collation> k_mysql = {{"utf8mb4", "utf8mb4_0900_ai_ci"},
                                                   {"utf8mb4", "utf8mb4_0900_as_cs"},
                                                   {"utf8mb4", "utf8mb4_0900_bin"},
                                                   {"utf8mb4", "utf8mb4_de_pb_0900_ai_ci"}};
    return family == sql::Family::mariadb ? k_mariadb : k_mysql;
}

/// `own_percent`: how often one that only upstream's family has.
std::string put_collation(Random& random, Column& column, const Families& families,
                          unsigned own_percent)
{
    const Collation& collation =
        random.pick(random.chance(own_percent) ? collations_of(families.up) : common_collations());
    column.charset = collation.charset;
    return fmt::format(" CHARACTER SET {} COLLATE {}", collation.charset, collation.name);
}

Column decimal_column(Random& random)
{
    struct Shape
    {
        unsigned digits;
        unsigned scale;
    };
    const Shape shape =
        random.pick(std::vector<Shape>{{65, 30}, {20, 0}, {10, 2}, {5, 5}, {1, 0}, {38, 10}});
    Column column;
    column.kind = Kind::decimal;
    column.digits = shape.digits;
    column.scale = shape.scale;
    column.is_unsigned = random.chance(15);
    column.type = fmt::format("DECIMAL({},{}){}", shape.digits, shape.scale,
                              column.is_unsigned ? " UNSIGNED" : "");
    return column;
}

Column real_column(Random& random)
{
    Column column;
    column.kind = random.chance(50) ? Kind::real32 : Kind::real64;
    column.type = column.kind == Kind::real32 ? "FLOAT" : "DOUBLE";
    if (random.chance(10))
        column.type += column.kind == Kind::real32 ? "(7,3)" : "(10,2)";
    column.is_unsigned = random.chance(5);
    column.type += column.is_unsigned ? " UNSIGNED" : "";
    return column;
}

Column bit_column(Random& random)
{
    Column column;
    column.kind = Kind::bit;
    column.bits = random.pick(std::vector<unsigned>{1, 7, 8, 9, 33, 63, 64});
    column.type = fmt::format("BIT({})", column.bits);
    return column;
}

Column time_column(Random& random)
{
    Column column;
    column.kind =
        random.pick(std::vector<Kind>{Kind::date, Kind::time, Kind::datetime, Kind::timestamp,
                                      Kind::timestamp, Kind::year, Kind::date});
    if (column.kind == Kind::time || column.kind == Kind::datetime ||
        column.kind == Kind::timestamp)
        column.digits = random.pick(std::vector<unsigned>{0, 0, 1, 3, 6});
    const std::string precision = column.digits == 0 ? "" : fmt::format("({})", column.digits);
    switch (column.kind) {
    case Kind::date:
        column.type = "DATE";
        break;
    case Kind::time:
        column.type = "TIME" + precision;
        break;
    case Kind::datetime:
        column.type = "DATETIME" + precision;
        break;
    case Kind::timestamp:
        column.type = "TIMESTAMP" + precision;
        break;
    default:
        column.type = "YEAR";
    }
    return column;
}

Column list_column(Random& random, const Families& families)
{
    static const std::vector<std::string_view> k_enumerations = {
        "'a','','b;c','d''~','1'", "'z','y','x'", "'0','1','2'", "'only'", "'NULL','~','n '"};
    static const std::vector<std::string_view> k_sets = {"'x','y',''", "'a','b','c','d','e'",
                                                         "'0','1'", "'only'"};
    static const std::vector<std::size_t> k_enumeration_sizes = {5, 3, 3, 1, 3};
    static const std::vector<std::size_t> k_set_sizes = {3, 5, 2, 1};
    Column column;
    const bool set = random.chance(50);
    column.kind = set ? Kind::set : Kind::enumeration;
    const std::size_t which = random.below((set ? k_sets : k_enumerations).size());
    column.room = (set ? k_set_sizes : k_enumeration_sizes)[which];
    column.type =
        fmt::format("{}({})", set ? "SET" : "ENUM", (set ? k_sets : k_enumerations)[which]);
    if (set && random.chance(10)) {
        column.type = "SET('m0'";
        for (int at = 1; at < 64; ++at)
            column.type += fmt::format(",'m{}'", at);
        column.type += ")";
        column.room = 64;
    }
    column.type += put_collation(random, column, families, 10);
    return column;
}

Column text_column(Random& random, const Families& families)
{
    Column column;
    column.kind = Kind::text;
    static const std::vector<std::size_t> k_rooms = {1, 5, 12, 40, 191, 300};
    column.room = random.pick(k_rooms);
    switch (random.below(6)) {
    case 0:
        column.room = std::min<std::size_t>(column.room, 255);
        column.type = fmt::format("CHAR({})", column.room);
        break;
    case 1:
    case 2:
    case 3:
        column.type = fmt::format("VARCHAR({})", column.room);
        break;
    default:
        column.type = random.pick(
            std::vector<std::string>{"TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "TEXT"});
        column.room = column.type == "TINYTEXT" ? 60 : 15000; // of four bytes
        column.is_long = true;
    }
    column.type += put_collation(random, column, families, 25);
    return column;
}

Column bytes_column(Random& random)
{
    Column column;
    column.kind = Kind::bytes;
    static const std::vector<std::size_t> k_rooms = {1, 5, 16, 200, 255};
    column.room = random.pick(k_rooms);
    if (random.chance(70)) {
        column.type =
            fmt::format("{}({})", random.chance(40) ? "BINARY" : "VARBINARY", column.room);
        return column;
    }
    column.type =
        random.pick(std::vector<std::string>{"BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB"});
    column.room = 255;
    column.is_long = true;
    return column;
}

Column named(Kind kind, const char* type)
{
    Column column;
    column.kind = kind;
    column.type = type;
    return column;
}

/// Types that only one family has; where the pairing crosses families the table is refused for
/// them.
Column own_column(Random& random, sql::Family family)
{
    if (family == sql::Family::mysql)
        return named(Kind::vector, "VECTOR(3)");
    return random.pick(std::vector<Column>{named(Kind::uuid, "UUID"), named(Kind::inet4, "INET4"),
                                           named(Kind::inet6, "INET6")});
}

Column shape_column(Random& random)
{
    return named(Kind::geometry,
                 random.pick(std::vector<const char*>{"GEOMETRY", "POINT", "LINESTRING"}));
}

} // namespace

Column random_integer_column(Random& random)
{
    struct Width
    {
        const char* type;
        unsigned bits;
    };
    static const std::vector<Width> k_widths = {{"TINYINT", 8}, {"SMALLINT", 16}, {"MEDIUMINT", 24},
                                                {"INT", 32},    {"INT", 32},      {"BIGINT", 64},
                                                {"BIGINT", 64}, {"BIGINT", 64}};
    const Width& width = random.pick(k_widths);
    Column column;
    column.kind = Kind::integer;
    column.bits = width.bits;
    column.is_unsigned = random.chance(40);
    const bool zerofill = column.is_unsigned && random.chance(10);
    column.type = fmt::format("{}{}{}", width.type, column.is_unsigned ? " UNSIGNED" : "",
                              zerofill ? " ZEROFILL" : "");
    return column;
}

std::string wider_type(Random& random, const Column& column)
{
    const std::size_t rest = column.type.find(" CHARACTER SET");
    switch (column.kind) {
    case Kind::text: {
        // Any character set: what it lacks must be refused.
        const Collation& collation = random.pick(common_collations());
        return column.is_long
                   ? ""
                   : fmt::format("{} CHARACTER SET {} COLLATE {}", column.type.substr(0, rest),
                                 collation.charset, collation.name);
    }
    case Kind::integer:
        return column.type.find("ZEROFILL") != std::string::npos
                   ? ""
                   : fmt::format("BIGINT{}", column.is_unsigned ? " UNSIGNED" : "");
    case Kind::enumeration:
    case Kind::set:
        return column.room == 64
                   ? ""
                   : column.type.substr(0, rest - 1) + ",'more')" + column.type.substr(rest);
    default:
        return "";
    }
}

Column random_text_column(Random& random, const Families& families, std::size_t most)
{
    Column column;
    column.kind = Kind::text;
    column.room = random.between(8, most);
    column.type = fmt::format("{}({})", random.chance(25) ? "CHAR" : "VARCHAR", column.room);
    column.type += put_collation(random, column, families, families.same() ? 25 : 5);
    return column;
}

Column random_key_column(Random& random, const Families& families)
{
    switch (random.below(10)) {
    case 0:
    case 1:
        return random_integer_column(random);
    case 2:
    case 3:
    case 4:
        return random_text_column(random, families, 40);
    case 5: {
        Column column = bytes_column(random);
        if (column.is_long || column.room < 4)
            column = named(Kind::bytes, "VARBINARY(20)");
        column.room = column.room == 0 ? 20 : column.room;
        return column;
    }
    case 6:
        return decimal_column(random);
    default:
        return time_column(random);
    }
}

Column odd_key_column(Random& random, const Families& families)
{
    switch (random.below(4)) {
    case 0:
        return bit_column(random);
    case 1:
        return list_column(random, families);
    case 2:
        return families.up == sql::Family::mariadb && families.same()
                   ? own_column(random, families.up)
                   : bit_column(random);
    default:
        return real_column(random);
    }
}

Column random_column(Random& random, const Families& families)
{
    const std::size_t which = random.below(100);
    if (which < 18)
        return random_integer_column(random);
    if (which < 25)
        return decimal_column(random);
    if (which < 36)
        return real_column(random);
    if (which < 39)
        return bit_column(random);
    if (which < 51)
        return time_column(random);
    if (which < 57)
        return list_column(random, families);
    if (which < 82)
        return text_column(random, families);
    if (which < 90)
        return bytes_column(random);
    if (which < 94)
        return named(Kind::json, "JSON");
    if (which < 97)
        return shape_column(random);
    return random.chance(families.same() ? 100 : 15) ? own_column(random, families.up)
                                                     : random_integer_column(random);
}

} // namespace slicetool::search
