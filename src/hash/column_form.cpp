#include "hash/column_form.hpp"

#include "base/error.hpp"
#include "sql/quote.hpp"

#include <fmt/format.h>
#include <iterator>

namespace slicetool::hash {

using sql::TypeKind;

namespace {

/// Values from `from` up to the next entry's are multiplied by `factor`, a power of two, so that no
/// digit changes, and marked with `mark`. The products lie between 1e6 and 1e22, where all servers
/// print alike.
struct Scale
{
    char mark;
    const char* from;
    const char* below;
    const char* factor;
};

constexpr Scale k_scales[] = {
    {'s', "1e-16", "1e-2", "1208925819614629174706176e0"},                 // 2^80
    {'t', "1e-30", "1e-16", "1.329227995784915872903807060280344576e36"},  // 2^120
    {'u', "1e-46", "1e-30", "1.4965776766268445882405732687014733121e51"}, // 2^170
};

/// The text of a real that is the same on both families; a DOUBLE needs the first scale only.
std::string neutral_text(const std::string& column, const std::string& value, std::size_t scales)
{
    std::string text = fmt::format("CASE WHEN {} = 0 THEN '0'", column);
    for (std::size_t at = 0; at < scales; ++at) {
        const Scale& scale = k_scales[at];
        text +=
            fmt::format(" WHEN ABS({0}) >= {1} AND ABS({0}) < {2} THEN CONCAT('{3}', {4} * {5})",
                        value, scale.from, scale.below, scale.mark, value, scale.factor);
    }
    return text + fmt::format(" ELSE CONCAT({}) END", value);
}

/// The longest text is MariaDB's -0.00000000000000012345678901234566, 35 characters.
constexpr int k_real_characters = 48;

/// DOUBLE(255,30) with a sign and a point, and DOUBLE's 309 digits before it.
constexpr int k_fixed_real_characters = 400;

/// GROUP_CONCAT cuts each argument, without a warning, to the length that it is declared with, and
/// servers declare 22 characters for a DOUBLE that may take more. So the text is given a length
/// that suffices. Of all types only reals outgrow their declaration (test
/// Encoding.OfEachTypeAloneFitsIntoItsDeclaredLength).
std::string real_text(const std::string& text, int characters)
{
    return fmt::format("CAST({} AS CHAR({}) CHARACTER SET latin1)", text, characters);
}

/// The factor that a marked text was scaled by, or null.
const char* factor_of(std::string_view text)
{
    for (const Scale& scale : k_scales) {
        if (!text.empty() && text.front() == scale.mark)
            return scale.factor;
    }
    return nullptr;
}

} // namespace

std::string EncodedColumn::source() const
{
    return source_sql.empty() ? sql::quote_identifier(name) : source_sql;
}

Form natural_form(const sql::Column& column)
{
    switch (column.kind) {
    case TypeKind::integer:
        return column.zerofill ? Form::number : Form::plain;
    case TypeKind::decimal:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::datetime:
    case TypeKind::timestamp:
    case TypeKind::year:
        return Form::plain;
    case TypeKind::float32:
        return Form::exact_float;
    case TypeKind::float64:
        return column.scale ? Form::fixed_real : Form::exact_real;
    case TypeKind::bit:
    case TypeKind::enumeration:
    case TypeKind::set:
        return Form::number;
    case TypeKind::character:
    case TypeKind::binary:
        return Form::bytes;
    case TypeKind::text:
    case TypeKind::blob:
        return column.data_type.starts_with("tiny") ? Form::bytes : Form::long_bytes;
    case TypeKind::geometry:
    case TypeKind::vector:
        return Form::long_bytes;
    case TypeKind::json:
        return Form::json;
    case TypeKind::uuid:
    case TypeKind::inet4:
    case TypeKind::inet6:
        return Form::ascii;
    case TypeKind::unknown:
        break;
    }
    throw base::Refusal(fmt::format("Column {} has type {}, which this version does not know: "
                                    "leave it out with columns: {{exclude: [{}]}}.",
                                    column.name, column.column_type, column.name));
}

std::string value_sql(Form form, const std::string& column)
{
    switch (form) {
    case Form::plain:
        return column;
    case Form::ascii:
        // Text first: IFNULL(uuid, '~') would take '~' for a UUID, find it invalid, and yield NULL.
        return fmt::format("CAST({} AS CHAR CHARACTER SET utf8mb4)", column);
    case Form::exact_real:
        // CONCAT, since MySQL prints small reals otherwise in results than in strings. No CAST to
        // DOUBLE: MySQL prints that in 22 characters at most, which -2.2250738585072014e-308
        // exceeds.
        return real_text(fmt::format("CONCAT({})", column), k_real_characters);
    case Form::fixed_real:
        return real_text(fmt::format("CONCAT({})", column), k_fixed_real_characters);
    case Form::exact_float:
        return real_text(fmt::format("CONCAT(CAST({} AS DOUBLE))", column), k_real_characters);
    case Form::neutral_real:
        return real_text(neutral_text(column, column, 1), k_real_characters);
    case Form::neutral_float:
        return real_text(
            neutral_text(column, fmt::format("CAST({} AS DOUBLE)", column), std::size(k_scales)),
            k_real_characters);
    case Form::number:
        return fmt::format("CAST({} AS UNSIGNED)", column);
    case Form::text:
        return fmt::format("CAST(CONVERT({} USING utf8mb4) AS BINARY)", column);
    case Form::bytes:
        // No cast: the row's separator makes the whole binary, and results are not converted. A
        // cast would be declared four times as long as a utf8mb4 column; beyond 512 MariaDB
        // prepares an on-disk table for each GROUP_CONCAT. Measured on 120 B rows: a third less
        // server time without casts.
        return column;
    case Form::long_bytes:
        // No cast either: on MariaDB it yields NULL beyond max_allowed_packet.
        return column;
    case Form::long_text:
    case Form::json:
        return fmt::format("CONVERT({} USING utf8mb4)", column); // a CAST yields NULL, as above
    }
    return column;
}

bool is_string_like(Form form)
{
    return form == Form::text || form == Form::bytes || form == Form::long_bytes ||
           form == Form::long_text || form == Form::json;
}

bool is_digested(Form form)
{
    return form == Form::long_bytes || form == Form::long_text || form == Form::json;
}

bool is_never_empty(Form form)
{
    return form == Form::json;
}

void append_literal(std::string& out, Form form, std::string_view value)
{
    switch (form) {
    case Form::number:
        sql::append_number(out, value);
        return;
    case Form::neutral_real:
    case Form::neutral_float:
        if (const char* factor = factor_of(value)) {
            out += '(';
            sql::append_quoted_string(out, value.substr(1));
            out += fmt::format(" / {})", factor);
            return;
        }
        break;
    case Form::text:
    case Form::ascii:
    case Form::long_text:
    case Form::json:
        out += "_utf8mb4";
        break;
    case Form::plain:
    case Form::exact_real:
    case Form::fixed_real:
    case Form::exact_float:
    case Form::bytes:
    case Form::long_bytes:
        break;
    }
    sql::append_quoted_string(out, value);
}

std::string load_conversion_sql(Form form, const std::string& loaded)
{
    switch (form) {
    case Form::number:
        return fmt::format("CAST({} AS UNSIGNED)", loaded);
    case Form::text:
    case Form::ascii:
    case Form::long_text:
    case Form::json:
        return fmt::format("CONVERT({} USING utf8mb4)", loaded);
    case Form::neutral_real:
    case Form::neutral_float: {
        std::string text = fmt::format("CASE LEFT({}, 1)", loaded);
        for (const Scale& scale : k_scales)
            text +=
                fmt::format(" WHEN '{}' THEN SUBSTR({}, 2) / {}", scale.mark, loaded, scale.factor);
        return text + fmt::format(" ELSE {} END", loaded);
    }
    case Form::plain:
    case Form::exact_real:
    case Form::fixed_real:
    case Form::exact_float:
    case Form::bytes:
    case Form::long_bytes:
        break;
    }
    return "";
}

std::uint64_t longest_value(const sql::Column& column, Form form)
{
    constexpr std::uint64_t k_longest_integer = 20; // -9223372036854775808
    constexpr std::uint64_t k_longest_double =
        400; // DOUBLE in plain notation, servers' FLOATING_POINT_BUFFER
    constexpr std::uint64_t k_longest_time = 26; // 9999-12-31 23:59:59.999999
    constexpr std::uint64_t k_longest_decimal =
        68; // DECIMAL(65,30) with sign, point and a leading zero
    constexpr std::uint64_t k_longest_ascii = 45;   // an INET6 address
    constexpr std::uint64_t k_hex_digest = 64;      // SHA-256
    constexpr std::uint64_t k_widest_character = 4; // utf8mb4, utf16, utf32
    constexpr std::uint64_t k_longest_varchar = 65535;
    if (is_digested(form))
        return k_hex_digest;
    switch (column.kind) {
    case TypeKind::decimal:
        return k_longest_decimal;
    case TypeKind::float32:
    case TypeKind::float64:
        return k_longest_double;
    case TypeKind::integer:
    case TypeKind::bit:
        return k_longest_integer;
    case TypeKind::enumeration:
    case TypeKind::set:
        return form == Form::number
                   ? k_longest_integer
                   : column.octet_length.value_or(k_longest_varchar) * k_widest_character;
    case TypeKind::character:
    case TypeKind::binary:
    case TypeKind::text:
    case TypeKind::blob:
        return column.octet_length.value_or(k_longest_varchar) *
               (form == Form::text ? k_widest_character : 1);
    case TypeKind::uuid:
    case TypeKind::inet4:
    case TypeKind::inet6:
        return k_longest_ascii;
    default:
        return k_longest_time;
    }
}

} // namespace slicetool::hash
