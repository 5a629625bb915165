#include "integration/every_type.hpp"

#include <fmt/format.h>

namespace slicetool::test {

namespace {

void add_numbers(std::vector<TypeCase>& types)
{
    types.insert(
        types.end(),
        {{"i1", "TINYINT", {"-128", "0", "127"}},
         {"i1u", "TINYINT UNSIGNED", {"0", "255"}},
         {"truth", "BOOLEAN", {"TRUE", "FALSE"}},
         {"i2", "SMALLINT", {"-32768", "32767"}},
         {"i3", "MEDIUMINT", {"-8388608", "8388607"}},
         {"i3u", "MEDIUMINT UNSIGNED", {"16777215"}},
         {"i4", "INT", {"-2147483648", "2147483647"}},
         {"i4u", "INT UNSIGNED", {"4294967295", "0"}},
         {"i4z", "INT(8) UNSIGNED ZEROFILL", {"42", "0", "4294967295"}},
         {"i8", "BIGINT", {"-9223372036854775808", "9223372036854775807", "0"}},
         {"i8u", "BIGINT UNSIGNED", {"18446744073709551615", "9223372036854775808"}},
         {"i8z", "BIGINT ZEROFILL", {"7", "18446744073709551615"}},
         {"dec_longest",
          "DECIMAL(65,30)",
          {"-99999999999999999999999999999999999.999999999999999999999999999999",
           "0.000000000000000000000000000001", "-0"}},
         {"dec_whole", "DECIMAL(20,0)", {"-12345678901234567890", "0"}},
         {"dec_money", "DECIMAL(10,2)", {"-0.01", "1.10", "99999999.99"}},
         {"dec_zerofill", "DECIMAL(10,2) ZEROFILL", {"1.5", "0"}},
         {"flt",
          "FLOAT",
          {"0.1", "-0e0", "3.4028234e38", "1.17549435e-38", "1.4e-45", "16777217", "-1.5", "1e10",
           "999999.9", "9999999", "0.00001", "-1.17549435e-38", "-0.00001"}},
         {"flt_unsigned", "FLOAT UNSIGNED", {"0.3", "8388609"}},
         {"flt_md", "FLOAT(7,3)", {"0.001", "-1234.567", "0.1", "-0e0"}},
         {"dbl",
          "DOUBLE",
          {"0.6836659150977301", "1.7976931348623157e308", "2.2250738585072014e-308", "5e-324",
           "0.1", "-0e0", "1e15", "1e16", "1e17", "123456789012345680", "-1e-5", "0.0001",
           "0.30000000000000004", "1e22", "4.35", "2.5e-15", "-2.2250738585072014e-308",
           "-1.2345678901234567e105", "-0.000012345678901234568"}},
         {"dbl_md", "DOUBLE(10,2)", {"0.01", "-99999999.99", "4.35", "0.1", "-0e0"}},
         {"dbl_md_wide", "DOUBLE(53,30)", {"0.1", "1e20", "123456.789", "-1.2345678901234567e-10"}},
         {"dbl_zerofill", "DOUBLE ZEROFILL", {"1.5", "0"}},
         {"bit1", "BIT(1)", {"b'0'", "b'1'"}},
         {"bit9", "BIT(9)", {"b'111111111'", "44"}},
         {"bit64", "BIT(64)", {"18446744073709551615", "0", "9223372036854775808", "126"}}});
}

void add_times(std::vector<TypeCase>& types)
{
    types.insert(
        types.end(),
        {{"dat",
          "DATE",
          {"'0000-00-00'", "'9999-12-31'", "'2024-02-29'", "'2024-02-31'", "'2024-00-00'"}},
         {"tim", "TIME", {"'-838:59:59'", "'838:59:59'", "'00:00:00'"}},
         {"tim6",
          "TIME(6)",
          {"'-838:59:59.000000'", "'-00:00:00.000001'", "'12:34:56.789000'", "'838:59:58.999999'"}},
         {"dtm",
          "DATETIME",
          {"'0000-00-00 00:00:00'", "'9999-12-31 23:59:59'", "'1000-01-01 00:00:00'"}},
         {"dtm6",
          "DATETIME(6)",
          {"'2024-02-29 23:59:59.999999'", "'2024-01-01 00:00:00'",
           "'0000-00-00 00:00:00.000001'"}},
         {"stamp",
          "TIMESTAMP NULL",
          {"'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'0000-00-00 00:00:00'"}},
         {"stamp6",
          "TIMESTAMP(6) NULL",
          {"'2038-01-19 03:14:07.999999'", "'2024-03-31 02:30:00.5'", "'2024-10-27 01:30:00'"}},
         {"yea", "YEAR", {"1901", "2155", "0", "2000"}}});
}

std::string set_of_64()
{
    std::string members;
    for (int at = 0; at < 64; ++at)
        members += fmt::format("{}'m{}'", at == 0 ? "" : ",", at);
    return "SET(" + members + ")";
}

void add_lists(std::vector<TypeCase>& types)
{
    types.insert(
        types.end(),
        {{"enu", "ENUM('a','','b;c','d''~','\xc3\xa4')", {"'a'", "''", "'b;c'", "'d''~'", "5"}},
         {"enu_latin1", "ENUM('x','y') CHARACTER SET latin1", {"'y'"}},
         {"st", "SET('x','y','')", {"''", "3", "0", "4"}},
         {"st64", set_of_64(), {"18446744073709551615", "0", "9223372036854775808", "'m0,m63'"}}});
}

/// Text that a character set holds, as hexadecimal bytes: also such whose second byte is a
/// backslash.
void add_charset(std::vector<TypeCase>& types, const std::string& charset,
                 const std::vector<std::string>& texts)
{
    std::vector<std::string> values;
    for (const auto& text : texts)
        values.push_back(fmt::format("_{} X'{}'", charset, text));
    types.push_back({"chr_" + charset, "CHAR(12) CHARACTER SET " + charset, values});
    types.push_back({"var_" + charset, "VARCHAR(40) CHARACTER SET " + charset, values});
    types.push_back({"txt_" + charset, "TEXT CHARACTER SET " + charset, values});
}

void add_texts(std::vector<TypeCase>& types)
{
    // Empty, quotes and separators, NUL with control bytes, the letters of the set, trailing
    // blanks.
    const std::string hostile = "275C222C3B7E";
    const std::string control = "00090A0D1A5C4E";
    add_charset(types, "latin1", {"", hostile, control, "E4F6FC80FF", "6120"});
    add_charset(types, "ascii", {"", hostile, control, "7F"});
    add_charset(types, "utf8mb3", {"", hostile, control, "C3A4E282AC", "6120"});
    add_charset(types, "utf8mb4", {"", hostile, control, "F09F98802C", "65CC81", "6120"});
    add_charset(types, "ucs2", {"", "0027005C002C", "0000000A", "20AC5C5C", "0061"});
    add_charset(types, "utf16", {"", "0027005C002C", "0000000A", "D83DDE00", "0061"});
    add_charset(types, "utf32", {"", "000000270000005C", "0001F600"});
    add_charset(types, "gbk", {"", hostile, control, "815CC4E3"});
    add_charset(types, "sjis", {"", hostile, control, "835C955C"});
    add_charset(types, "cp932", {"", hostile, "835C"});
    add_charset(types, "big5", {"", hostile, "A55CB35C"});
    add_charset(types, "cp1251", {"", hostile, "CFF0E8"});
    // As long as the column allows, in characters of the most bytes.
    for (const auto& [charset, widest] :
         {std::pair("utf8mb4", "F09F9880"), std::pair("utf8mb3", "E282AC"),
          std::pair("ucs2", "20AC"), std::pair("utf16", "D83DDE00"), std::pair("utf32", "0001F600"),
          std::pair("gbk", "C4E3"), std::pair("sjis", "835C"), std::pair("latin1", "E4")}) {
        const std::string value = fmt::format("REPEAT(_{} X'{}', 300)", charset, widest);
        const std::string name = charset;
        types.push_back({"full_" + name, "VARCHAR(300) CHARACTER SET " + name, {value, "''"}});
        types.push_back({"full_char_" + name,
                         "CHAR(30) CHARACTER SET " + name,
                         {fmt::format("REPEAT(_{} X'{}', 30)", charset, widest)}});
    }
    types.insert(types.end(), {{"txt_tiny", "TINYTEXT", {"''", "REPEAT('ab;,~', 51)"}},
                               {"txt_medium", "MEDIUMTEXT", {"''", "REPEAT('\xc3\xa4', 70000)"}},
                               {"txt_long", "LONGTEXT", {"'~'", "REPEAT('0,1;', 50000)"}}});
}

void add_bytes(std::vector<TypeCase>& types)
{
    std::string every_byte = "X'";
    for (int byte = 0; byte < 256; ++byte)
        every_byte += fmt::format("{:02X}", byte);
    every_byte += '\'';
    types.insert(
        types.end(),
        {{"bin", "BINARY(5)", {"X'6100000000'", "X''", "X'0000000000'", "X'FF00FF00FF'", "'a '"}},
         {"vbin", "VARBINARY(256)", {"X''", "X'61000000'", every_byte, "'~'", "X'0A09'"}},
         {"blob_tiny", "TINYBLOB", {"X''", "X'00'", "X'5C4E'"}},
         {"blob_plain", "BLOB", {every_byte, "X''", "X'0000'"}},
         {"blob_medium", "MEDIUMBLOB", {"REPEAT(X'0D0A', 40000)", "X'5C'"}},
         {"blob_long", "LONGBLOB", {"REPEAT(X'00FF', 100000)", "X''"}}});
}

void add_shapes(std::vector<TypeCase>& types)
{
    const auto text = [](const std::string& shape) { return "ST_GeomFromText('" + shape + "')"; };
    const std::string polygon = "POLYGON((0 0, 0 3, 3 3, 3 0, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))";
    types.insert(
        types.end(),
        {{"geo",
          "GEOMETRY",
          {text("POINT(1 2)"), "ST_GeomFromText('POINT(1 2)', 4326)",
           text("LINESTRING(0 0, 1.5 -2)")}},
         {"geo_point", "POINT", {text("POINT(-1e300 0.1)"), text("POINT(0 0)")}},
         {"geo_line", "LINESTRING", {text("LINESTRING(0 0, 1 1, 2 0)")}},
         {"geo_polygon", "POLYGON", {text(polygon)}},
         {"geo_points", "MULTIPOINT", {text("MULTIPOINT(0 0, 1 1)")}},
         {"geo_lines", "MULTILINESTRING", {text("MULTILINESTRING((0 0, 1 1), (2 2, 3 3))")}},
         {"geo_polygons", "MULTIPOLYGON", {text("MULTIPOLYGON(((0 0, 0 1, 1 1, 1 0, 0 0)))")}},
         {"geo_all",
          "GEOMETRYCOLLECTION",
          {text("GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(0 0, 1 1))"),
           text("GEOMETRYCOLLECTION EMPTY")}}});
}

} // namespace

std::vector<TypeCase> common_types()
{
    std::vector<TypeCase> types;
    add_numbers(types);
    add_times(types);
    add_lists(types);
    add_texts(types);
    add_bytes(types);
    add_shapes(types);
    return types;
}

std::vector<TypeCase> mariadb_types()
{
    return {
        {"doc", "JSON", {"'{\"a\":1}'", "'{\"a\": 1}'", "'\"\\\\u00e4\\\\n\"'", "'[1.0, 1e400]'"}},
        {"ident",
         "UUID",
         {"'123e4567-e89b-12d3-a456-426614174000'", "'00000000-0000-0000-0000-000000000000'"}},
        {"net4", "INET4", {"'255.255.255.255'", "'0.0.0.0'"}},
        {"net6", "INET6", {"'::'", "'::ffff:192.0.2.128'", "'2001:db8::ff00:42:8329'"}},
        {"txt_packed", "TEXT COMPRESSED", {"REPEAT('a', 5000)", "''"}},
        {"var_packed", "VARCHAR(500) COMPRESSED", {"REPEAT('ab', 200)", "'~'"}},
        {"dec_38", "DECIMAL(65,38)", {"-0.00000000000000000000000000000000000001", "1"}}};
}

std::vector<TypeCase> mysql_types()
{
    return {
        {"doc",
         "JSON",
         {"'{\"a\":1, \"\": null}'", "'\"\\\\u00e4 \\\\\\\\ \\\\n \xf0\x9f\x98\x80\"'",
          "'[1.0, 1, -0.0, 1e300, 12345678901234567890, true]'", "'null'", "'[]'"}},
        {"doc_typed",
         "JSON",
         {"JSON_OBJECT('t', TIMESTAMP'2024-02-29 12:00:00.5', 'b', X'00FF', 'd', 1.25)"}},
        {"vec", "VECTOR(3)", {"TO_VECTOR('[1, -2.5, 1e-30]')", "TO_VECTOR('[0, 0, 0]')"}},
        {"geo_sphere", "POINT SRID 4326", {"ST_GeomFromText('POINT(89.5 -179)', 4326)"}},
        {"var_gb18030", "VARCHAR(20) CHARACTER SET gb18030", {"_gb18030 X'9439FC36815C'", "''"}}};
}

} // namespace slicetool::test
