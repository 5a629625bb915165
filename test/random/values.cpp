#include "random/values.hpp"

#include "random/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

namespace slicetool::search {

namespace {

using Strings = std::vector<std::string>;
__extension__ using Integer = __int128;

constexpr unsigned k_percent_null = 15;

std::string digits_of(Integer value)
{
    const bool negative = value < 0;
    std::string text;
    do {
        text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(negative ? -(value % 10)
                                                                                    : value % 10)));
        value /= 10;
    } while (value != 0);
    return negative ? "-" + text : text;
}

Integer power_of_two(unsigned exponent)
{
    return Integer{1} << exponent;
}

struct Limits
{
    Integer least;
    Integer most;

    Integer wrapped(Integer value) const
    {
        const Integer width = most - least + 1;
        const Integer from_least = (value - least) % width;
        return least + (from_least < 0 ? from_least + width : from_least);
    }
};

Limits limits_of(const Column& column)
{
    if (column.kind == Kind::bit || column.is_unsigned)
        return {0, power_of_two(column.bits) - 1};
    return {-power_of_two(column.bits - 1), power_of_two(column.bits - 1) - 1};
}

/// Where integers go wrong: their type's ends, zero, and where doubles stop being exact.
Integer edge(std::size_t at, const Limits& limits)
{
    const std::array<Integer, 14> edges = {limits.least,
                                           limits.most,
                                           0,
                                           -1,
                                           1,
                                           limits.least + 1,
                                           limits.most - 1,
                                           power_of_two(53),
                                           power_of_two(53) + 1,
                                           power_of_two(53) - 1,
                                           power_of_two(63),
                                           power_of_two(63) - 1,
                                           power_of_two(31),
                                           -power_of_two(53) - 1};
    return limits.wrapped(edges[at % edges.size()]);
}

std::string random_integer(Random& random, const Column& column)
{
    const Limits limits = limits_of(column);
    if (random.chance(40))
        return digits_of(edge(random.below(14), limits));
    const Integer value = random.chance(50) ? Integer{random.next() % 100} : Integer{random.next()};
    return digits_of(limits.wrapped(value));
}

std::string digits(Random& random, unsigned count)
{
    std::string text;
    for (unsigned at = 0; at < count; ++at)
        text += static_cast<char>('0' + random.below(10));
    return text.empty() ? "0" : text;
}

std::string random_decimal(Random& random, const Column& column)
{
    const unsigned whole = column.digits - column.scale;
    const std::string sign = column.is_unsigned || random.chance(50) ? "" : "-";
    const std::string point = column.scale == 0 ? "" : ".";
    const auto text = [&](const std::string& before, const std::string& after) {
        return sign + (before.empty() ? "0" : before) + point + (point.empty() ? "" : after);
    };
    switch (random.below(5)) {
    case 0:
        return "0";
    case 1:
        return text(std::string(whole, '9'), std::string(column.scale, '9'));
    case 2:
        return text("0", column.scale == 0 ? "" : std::string(column.scale - 1, '0') + "1");
    default: {
        const auto length = static_cast<unsigned>(random.below(whole + 1));
        const std::string before = digits(random, length);
        return text(before, digits(random, column.scale));
    }
    }
}

/// In scientific notation; the exponent lies between -most and most.
std::string random_real(Random& random, unsigned count, std::size_t most)
{
    const char* sign = random.chance(50) ? "-" : "";
    const std::size_t first = random.below(10);
    const std::string rest = digits(random, count);
    const auto exponent = static_cast<int>(random.below(2 * most)) - static_cast<int>(most);
    return fmt::format("{}{}.{}e{}", sign, first, rest, exponent);
}

std::string random_real32(Random& random)
{
    static const Strings k_edges = {
        "0",        "-0e0",           "39.998001",       "39.998008", "0.1",      "3.4028234e38",
        "1.4e-45",  "1.17549435e-38", "-1.17549435e-38", "16777217",  "16777216", "1e10",
        "999999.9", "9999999",        "0.00001",         "-0.00001",  "1e-12",    "-3.4028234e38"};
    if (random.chance(60))
        return random.pick(k_edges);
    return random_real(random, 8, 38);
}

std::string random_real64(Random& random)
{
    static const Strings k_edges = {"0",
                                    "-0e0",
                                    "0.6836659150977301",
                                    "0.68366591509773",
                                    "1.7976931348623157e308",
                                    "5e-324",
                                    "2.2250738585072014e-308",
                                    "-2.2250738585072014e-308",
                                    "-2.225073858507201e-308",
                                    "1e-12",
                                    "1e15",
                                    "1e16",
                                    "1e17",
                                    "123456789012345680",
                                    "-1e-5",
                                    "0.0001",
                                    "0.30000000000000004",
                                    "1e22",
                                    "4.35",
                                    "2.5e-15",
                                    "-1.2345678901234567e105",
                                    "1.2345678901234567e-14",
                                    "0.1"};
    if (random.chance(60))
        return random.pick(k_edges);
    return random_real(random, 16, 306);
}

std::string fraction(Random& random, unsigned count)
{
    if (count == 0 || random.chance(30))
        return "";
    return "." + (random.chance(40) ? std::string(count - 1, '0') + "1" : digits(random, count));
}

/// The calendar day `days` after 1970-01-01 (Howard Hinnant's civil_from_days).
std::string day(long long days)
{
    const long long shifted_days = days + 719468;
    const long long era = (shifted_days >= 0 ? shifted_days : shifted_days - 146096) / 146097;
    const long long of_era = shifted_days - era * 146097;
    const long long year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const long long of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const long long shifted_month = (5 * of_year + 2) / 153;
    const long long month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    const long long year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return fmt::format("{:04}-{:02}-{:02}", year, month,
                       of_year - (153 * shifted_month + 2) / 5 + 1);
}

std::string clock_time(long long seconds)
{
    return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string moment(long long seconds, const std::string& more = "")
{
    return fmt::format("'{} {}{}'", day(seconds / 86400), clock_time(seconds % 86400), more);
}

std::string random_date(Random& random)
{
    static const Strings k_edges = {"'0000-00-00'", "'9999-12-31'", "'2024-02-29'", "'2024-02-31'",
                                    "'2024-00-00'", "'2020-00-10'", "'1000-01-01'"};
    if (random.chance(50))
        return random.pick(k_edges);
    return "'" + day(static_cast<long long>(random.below(40000))) + "'";
}

std::string random_datetime(Random& random, const Column& column)
{
    static const Strings k_edges = {"0000-00-00 00:00:00", "9999-12-31 23:59:59",
                                    "1000-01-01 00:00:00", "2024-02-31 12:00:00",
                                    "2024-10-27 01:30:00"};
    const std::string more = fraction(random, column.digits);
    if (random.chance(40))
        return "'" + random.pick(k_edges) + (more.size() > 7 ? "" : more) + "'";
    return moment(static_cast<long long>(random.below(4'000'000'000U)), more);
}

/// Around the hours that a change to and from daylight saving time skips and repeats, too.
std::string random_timestamp(Random& random, const Column& column)
{
    static const Strings k_edges = {
        "0000-00-00 00:00:00", "1970-01-01 00:00:01", "2038-01-19 03:14:07", "2024-03-31 01:30:00",
        "2024-03-31 02:30:00", "2024-10-27 00:30:00", "2024-10-27 01:30:00"};
    if (random.chance(40))
        return "'" + random.pick(k_edges) + "'";
    const auto seconds = static_cast<long long>(random.between(86400, 2'000'000'000));
    return moment(seconds, fraction(random, column.digits));
}

std::string random_time(Random& random, const Column& column)
{
    static const Strings k_edges = {"'-838:59:59'", "'838:59:59'", "'00:00:00'", "'-00:00:01'",
                                    "'24:00:00'"};
    if (random.chance(50))
        return random.pick(k_edges);
    const char* sign = random.chance(50) ? "-" : "";
    const auto seconds = static_cast<long long>(random.below(838 * 3600));
    return fmt::format("'{}{}{}'", sign, clock_time(seconds), fraction(random, column.digits));
}

/// By number, since names may be cut by a character set; 0 is the invalid value.
std::string random_element(Random& random, const Column& column)
{
    if (column.kind == Kind::enumeration)
        return std::to_string(random.below(column.room + 1));
    return digits_of(Limits{0, power_of_two(static_cast<unsigned>(column.room)) - 1}.wrapped(
        random.chance(30) ? Integer{random.below(3)} - 1 : Integer{random.next()}));
}

std::string random_bytes(Random& random, std::size_t room)
{
    static const Strings k_pieces = {std::string(1, '\0'),
                                     "a",
                                     "a ",
                                     "A",
                                     "\xFF",
                                     "\xFE",
                                     "\xC3",
                                     "\xE4",
                                     "NULL",
                                     "~",
                                     ",",
                                     ";",
                                     "\\",
                                     "'",
                                     "\x1A",
                                     "\n",
                                     "#",
                                     "\x80",
                                     "3;abc",
                                     "",
                                     "\xF0\x9F",
                                     "\\N",
                                     "\t",
                                     " "};
    std::string bytes;
    const std::size_t parts = random.below(5);
    for (std::size_t at = 0; at < parts; ++at)
        bytes += random.pick(k_pieces);
    if (random.chance(3))
        bytes.resize(room, '\0');
    return bytes.substr(0, room);
}

std::string random_json(Random& random)
{
    static const Strings k_documents = {R"({"a":1})",
                                        R"({"a": 1})",
                                        R"({"b":1.0,"a":[1,2]})",
                                        "null",
                                        "[]",
                                        "{}",
                                        R"("\u00e4\n")",
                                        "9007199254740993",
                                        "1.0",
                                        "1",
                                        "-0.0",
                                        R"("null")",
                                        R"([1.0, 1e300])",
                                        "true",
                                        R"({"a":null,"":{}})",
                                        "12345678901234567890",
                                        R"(" a ")",
                                        "0.1",
                                        R"({"k":"\\ \" ,;~#"})",
                                        "[[[]]]"};
    return sql::quote_string(random.pick(k_documents));
}

std::string random_geometry(Random& random, const Column& column)
{
    const auto text = [&](const char* shape) {
        return fmt::format("ST_GeomFromText('{}'{})", shape,
                           column.type == "GEOMETRY" && random.chance(30) ? ", 4326" : "");
    };
    static const std::vector<const char*> k_points = {"POINT(1 2)", "POINT(0 0)", "POINT(-1.5 80)",
                                                      "POINT(1 2.0000000000000004)"};
    static const std::vector<const char*> k_lines = {"LINESTRING(0 0,1 1)",
                                                     "LINESTRING(0 0,1 1,2 0)"};
    const bool point = column.type == "POINT" || (column.type == "GEOMETRY" && random.chance(50));
    return text(random.pick(point ? k_points : k_lines));
}

std::string random_uuid(Random& random)
{
    if (random.chance(20))
        return "'00000000-0000-0000-0000-000000000000'";
    const std::uint64_t high = random.next();
    const std::string hex = fmt::format("{:016x}{:016x}", high, random.next());
    return fmt::format("'{}-{}-{}-{}-{}'", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20));
}

std::string random_address(Random& random, Kind kind)
{
    static const Strings k_four = {"'0.0.0.0'", "'255.255.255.255'", "'127.0.0.1'", "'10.0.0.10'"};
    static const Strings k_six = {"'::'", "'::1'", "'::ffff:192.0.2.128'",
                                  "'2001:db8::ff00:42:8329'",
                                  "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'"};
    return random.pick(kind == Kind::inet4 ? k_four : k_six);
}

std::string non_null(Random& random, const Column& column)
{
    switch (column.kind) {
    case Kind::integer:
    case Kind::bit:
        return random_integer(random, column);
    case Kind::decimal:
        return random_decimal(random, column);
    case Kind::real32:
        return random_real32(random);
    case Kind::real64:
        return random_real64(random);
    case Kind::date:
        return random_date(random);
    case Kind::time:
        return random_time(random, column);
    case Kind::datetime:
        return random_datetime(random, column);
    case Kind::timestamp:
        return random_timestamp(random, column);
    case Kind::year:
        return random.chance(30) ? "0" : std::to_string(random.between(1901, 2155));
    case Kind::enumeration:
    case Kind::set:
        return random_element(random, column);
    case Kind::text:
        if (column.is_long && random.chance(2))
            return fmt::format("REPEAT('ab;,~', {})", random.between(52, 20000) % column.room);
        return text_literal(random_text(random, column.charset, column.room), column.charset);
    case Kind::bytes:
        return bytes_literal(random_bytes(random, column.room));
    case Kind::json:
        return random_json(random);
    case Kind::geometry:
        return random_geometry(random, column);
    case Kind::uuid:
        return random_uuid(random);
    case Kind::inet4:
    case Kind::inet6:
        return random_address(random, column.kind);
    case Kind::vector:
        return fmt::format("TO_VECTOR('[{}, -2.5, 1e-30]')", random.below(4));
    }
    return "NULL";
}

// --- values of keys ---

Integer position(Random& random, const Column& column, std::size_t at, const Limits& limits)
{
    const auto index = static_cast<Integer>(at);
    switch (column.spread) {
    case Spread::dense:
        return 1 + index;
    case Spread::sparse:
        return 10 + index * 11;
    case Spread::clusters: // far from each other, and each with neighbours
        return (at % 2 == 0 ? Integer{0} : power_of_two(60)) + index / 2;
    case Spread::edges:
        return at < 14 ? edge(at, limits) : limits.most - index;
    case Spread::hostile:
        return Integer{random.next()};
    }
    return index;
}

std::u32string counter_text(std::size_t at)
{
    std::u32string text;
    do {
        text.insert(text.begin(), static_cast<char32_t>(U'a' + at % 23));
        at /= 23;
    } while (at != 0);
    return text;
}

std::string text_key(Random& random, const Column& column, std::size_t at)
{
    std::u32string text;
    if (column.spread == Spread::hostile && at < 60)
        return text_literal(random_text(random, column.charset, column.room), column.charset);
    if (column.spread != Spread::dense)
        text = random_text(random, column.charset, column.room > 8 ? column.room - 6 : 0);
    return text_literal(text + counter_text(at), column.charset);
}

std::string bytes_key(Random& random, const Column& column, std::size_t at)
{
    if (column.spread == Spread::hostile && at < 60)
        return bytes_literal(random_bytes(random, column.room));
    const std::size_t counter = at * 259; // so that the low byte is 0 at times
    std::string bytes;
    for (unsigned at_byte = 4; at_byte > 0; --at_byte)
        bytes += static_cast<char>((counter >> (8 * (at_byte - 1))) & 0xFFU);
    return bytes_literal(bytes);
}

} // namespace

std::string random_value(Random& random, const Column& column)
{
    if (column.nullable && random.chance(k_percent_null))
        return "NULL";
    return non_null(random, column);
}

std::string key_value(Random& random, const Column& column, std::size_t at)
{
    const auto number = static_cast<long long>(at);
    switch (column.kind) {
    case Kind::integer:
    case Kind::bit: {
        const Limits limits = limits_of(column);
        return digits_of(limits.wrapped(position(random, column, at, limits)));
    }
    case Kind::decimal: {
        const std::string text =
            digits_of(static_cast<Integer>(at) * 7 - (column.is_unsigned ? 0 : 50));
        return column.scale == 0 || column.spread == Spread::dense ? text : text + "e-1";
    }
    case Kind::real32:
    case Kind::real64:
        return fmt::format("{}.{}", at / 8, at % 8 * 125);
    case Kind::date:
        return "'" + day(10000 + number * (column.spread == Spread::dense ? 1 : 31)) + "'";
    case Kind::datetime:
    case Kind::timestamp:
        return moment(1'000'000'000 + number * (column.spread == Spread::dense ? 1 : 4001));
    case Kind::time:
        return fmt::format("'{}{}'", at % 2 == 0 ? "" : "-", clock_time(number * 61 % 3'000'000));
    case Kind::year:
        return std::to_string(1901 + at % 255);
    case Kind::enumeration:
        return std::to_string(at % (column.room + 1));
    case Kind::set:
        return std::to_string(at % (std::size_t{1} << std::min<std::size_t>(column.room, 20)));
    case Kind::text:
        return text_key(random, column, at);
    case Kind::bytes:
        return bytes_key(random, column, at);
    case Kind::uuid:
        return fmt::format("'{:08x}-0000-1000-8000-{:012x}'", at * 2654435761U % 0xFFFFFFFFU, at);
    case Kind::inet4:
        return fmt::format("'10.{}.{}.{}'", at / 65536 % 256, at / 256 % 256, at % 256);
    case Kind::inet6:
        return fmt::format("'2001:db8::{:x}'", 1 + at % 65535);
    case Kind::json:
    case Kind::geometry:
    case Kind::vector:
        break;
    }
    return non_null(random, column);
}

namespace {

using Pair = std::pair<std::string, std::string>;

Pair text_twins(Random& random, const Column& column)
{
    using Text = std::u32string;
    static const std::vector<std::pair<Text, Text>> k_pairs = {
        {U"a", U"A"},      {U"a", U"a "},           {U"\u00DF", U"ss"},    {U"\u00E9", U"e"},
        {U"", U" "},       {U"\u00E4", U"a\u0308"}, {U"NULL", U"null"},    {U"", U"~"},
        {U"1,2", U"1;2"},  {U"\\", U"\\\\"},        {U"'", U"''"},         {U"a", U"a\n"},
        {U"0", U"0.0"},    {U"\U0001F600", U"?"},   {Text(1, U'\0'), U""}, {U"\x1A", U""},
        {U"\u0131", U"i"}, {U"x", Text(U"x\0", 2)}};
    const auto& pair = random.pick(k_pairs);
    const auto literal = [&](const Text& text) {
        return text_literal(representable(text, column.charset).substr(0, column.room),
                            column.charset);
    };
    return {literal(pair.first), literal(pair.second)};
}

Pair alike(Random& random, const Column& column)
{
    switch (column.kind) {
    case Kind::text:
        return text_twins(random, column);
    case Kind::bytes:
        return random.pick(std::vector<Pair>{{"X'61'", "X'6100'"},
                                             {"X'61'", "X'6120'"},
                                             {"X'61'", "X'41'"},
                                             {"X''", "X'00'"},
                                             {"X'FF'", "X'FE'"},
                                             {"X'E4'", "X'C3A4'"}});
    case Kind::real32:
        return random.pick(std::vector<Pair>{{"39.998001", "39.998008"},
                                             {"0.1", "0.10000001"},
                                             {"16777216", "16777218"},
                                             {"1e-12", "0"},
                                             {"1.4e-45", "2.8e-45"}});
    case Kind::real64:
        return random.pick(std::vector<Pair>{{"0.6836659150977301", "0.68366591509773"},
                                             {"1e-12", "0"},
                                             {"0.1", "0.10000000000000002"},
                                             {"9007199254740993e0", "9007199254740994e0"},
                                             {"5e-324", "0"}});
    case Kind::integer:
        return random.pick(std::vector<Pair>{
            {"9007199254740992", "9007199254740993"}, {"0", "1"}, {"126", "127"}});
    case Kind::timestamp:
        return {"'2024-10-27 00:30:00'", "'2024-10-27 01:30:00'"};
    case Kind::time:
        return {"'00:00:01'", "'-00:00:01'"};
    case Kind::datetime:
    case Kind::date:
        return {"'2024-02-29'", "'2024-02-31'"};
    case Kind::json:
        return random.pick(
            std::vector<Pair>{{"'1'", "'1.0'"}, {"'{\"a\":1}'", "'{\"a\": 1}'"}, {"'[]'", "'{}'"}});
    default:
        return {non_null(random, column), non_null(random, column)};
    }
}

/// What programs print for NULL, or store instead of it.
std::string like_null(Random& random, const Column& column)
{
    switch (column.kind) {
    case Kind::text:
        return random.pick(Strings{"'NULL'", "''", "'~'", "'\\\\N'"});
    case Kind::bytes:
        return random.pick(Strings{"X''", "X'4E554C4C'", "X'7E'", "X'00'"});
    case Kind::integer:
    case Kind::bit:
    case Kind::decimal:
    case Kind::real32:
    case Kind::real64:
    case Kind::enumeration:
    case Kind::set:
    case Kind::year:
        return "0";
    case Kind::json:
        return "'null'";
    default:
        return non_null(random, column);
    }
}

} // namespace

Pair twins(Random& random, const Column& column)
{
    Pair pair = column.nullable && random.chance(40) ? Pair{"NULL", like_null(random, column)}
                                                     : alike(random, column);
    if (random.chance(50))
        std::swap(pair.first, pair.second);
    return pair;
}

Shifted shifted(Random& random, const Column& first, const Column& second)
{
    static const std::vector<std::u32string> k_separators = {
        U"#", U",", U";", U"|", U"~", U"\t", U":", U" ", std::u32string(1, U'\0'), U"a", U"'"};
    const std::u32string& separator = random.pick(k_separators);
    const auto one = [&](const std::u32string& text) { return text_literal(text, first.charset); };
    const auto two = [&](const std::u32string& text) { return text_literal(text, second.charset); };
    return {{one(U"a" + separator), two(U"b")}, {one(U"a"), two(separator + U"b")}};
}

} // namespace slicetool::search
