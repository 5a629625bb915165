#include "sync/mask_types.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

using hash::Form;
using sql::Column;
using sql::Family;
using sql::TypeKind;

constexpr std::uint64_t k_widest_character = 4; // utf8mb4, utf16, utf32

[[noreturn]] void refuse(const Column& column)
{
    throw base::Refusal(fmt::format("cannot be had: the values of {} cannot be made by an "
                                    "expression. Exclude the column instead",
                                    column.column_type));
}

std::string with_fraction(const char* type, const Column& column)
{
    return fmt::format("{}({})", type, column.precision.value_or(0));
}

/// Literals are bytes to the session, and UTF-8.
std::string as_unicode(const std::string& expression)
{
    return fmt::format("CONVERT({} USING utf8mb4)", expression);
}

/// One character more than the column takes: what is too long stays so. Without the declared length
/// MariaDB's GROUP_CONCAT could cut the value (docs/row-encoding.md).
TypedExpression text(const std::string& expression, const std::string& charset, std::uint64_t room,
                     std::optional<std::uint64_t> characters)
{
    const std::uint64_t length = std::min(room, characters.value_or(room)) + 1;
    return {fmt::format("CAST({} AS CHAR({}) CHARACTER SET {})", as_unicode(expression), length,
                        charset),
            Form::bytes, length * k_widest_character};
}

/// CHAR comes without the blanks that pad it.
TypedExpression character(const std::string& expression, const Column& column,
                          std::optional<std::uint64_t> characters)
{
    TypedExpression typed = text(expression, column.charset, column.length.value_or(0), characters);
    if (column.data_type == "char")
        typed.sql = fmt::format("RTRIM({})", typed.sql);
    return typed;
}

/// CAST(… AS BINARY(n)) pads with zeros, which LEFT takes away again.
TypedExpression bytes(const std::string& expression, std::uint64_t room)
{
    return {fmt::format("LEFT(CAST({0} AS BINARY({1})), LENGTH({0}))", expression, room + 1),
            Form::bytes, room + 1};
}

TypedExpression padded_bytes(const std::string& expression, std::uint64_t length)
{
    return {fmt::format("IF(LENGTH({0}) > {1}, CAST({0} AS BINARY({2})), CAST({0} AS BINARY({1})))",
                        expression, length, length + 1),
            Form::bytes, length + 1};
}

/// No CAST stands around long values: beyond max_allowed_packet it yields NULL.
TypedExpression long_value(const std::string& sql)
{
    constexpr std::uint64_t k_hex_digest = 64; // SHA-256
    return {sql, Form::long_bytes, k_hex_digest};
}

TypedExpression real(const std::string& expression, const Column& column, bool across)
{
    constexpr std::uint64_t k_longest_real = 400;
    if (column.scale || column.zerofill)
        refuse(column);
    if (column.kind == TypeKind::float64)
        return {fmt::format("CAST({} AS DOUBLE)", expression),
                across ? Form::neutral_real : Form::exact_real, k_longest_real};
    return {fmt::format("CAST({} AS FLOAT)", expression),
            across ? Form::neutral_float : Form::exact_float, k_longest_real};
}

/// Types that only MariaDB has; the cast wants text with a character set, not the stored form.
TypedExpression mariadb_type(const std::string& expression, const Column& column, Family family)
{
    if (family != Family::mariadb)
        refuse(column);
    return {fmt::format("CAST({} AS {})", as_unicode(expression), column.data_type), Form::ascii,
            hash::longest_value(column, Form::ascii)};
}

TypedExpression json(const std::string& expression, const Column& column, Family family)
{
    if (family != Family::mysql)
        refuse(column);
    return {fmt::format("CAST({} AS JSON)", as_unicode(expression)), Form::json,
            hash::longest_value(column, Form::json)};
}

/// By its label: the number that a label has is downstream's.
TypedExpression label(const std::string& expression, const Column& column)
{
    if (std::find(column.elements.begin(), column.elements.end(), "") != column.elements.end())
        throw base::Refusal("cannot be had: an element of the column is the empty text, which "
                            "cannot be told from an invalid value");
    TypedExpression typed = text(expression, "utf8mb4", column.length.value_or(0), std::nullopt);
    typed.form = Form::text;
    return typed;
}

} // namespace

TypedExpression typed_expression(const std::string& expression, const Column& column,
                                 Family column_family, Family family,
                                 std::optional<std::uint64_t> characters)
{
    const auto plain = [&](const std::string& sql) -> TypedExpression {
        return {sql, Form::plain, hash::longest_value(column, Form::plain)};
    };
    const auto cast = [&](const std::string& type) {
        return plain(fmt::format("CAST({} AS {})", expression, type));
    };
    switch (column.kind) {
    case TypeKind::integer:
        if (column.zerofill)
            return {expression, Form::number, hash::longest_value(column, Form::number)};
        return cast(column.is_unsigned ? "UNSIGNED" : "SIGNED");
    case TypeKind::decimal:
        if (column.zerofill)
            refuse(column);
        return cast(fmt::format("DECIMAL({}, {})", column.precision.value_or(10),
                                column.scale.value_or(0)));
    case TypeKind::float32:
    case TypeKind::float64:
        return real(expression, column, column_family != family);
    case TypeKind::date:
        return cast("DATE");
    case TypeKind::time:
        return cast(with_fraction("TIME", column));
    case TypeKind::datetime:
    case TypeKind::timestamp:
        return cast(with_fraction("DATETIME", column));
    case TypeKind::year:
        return plain(fmt::format("CONCAT(IF(CAST({0} AS UNSIGNED) = 0, '000', ''), "
                                 "CAST({0} AS UNSIGNED))",
                                 expression));
    case TypeKind::bit:
        return {expression, Form::number, hash::longest_value(column, Form::number)};
    case TypeKind::enumeration:
    case TypeKind::set:
        return label(expression, column);
    case TypeKind::character:
        return character(expression, column, characters);
    case TypeKind::binary:
        return column.data_type == "binary" ? padded_bytes(expression, column.length.value_or(0))
                                            : bytes(expression, column.length.value_or(0));
    case TypeKind::text:
        if (column.data_type == "tinytext")
            return text(expression, column.charset, column.octet_length.value_or(0), characters);
        return long_value(
            fmt::format("CONVERT({} USING {})", as_unicode(expression), column.charset));
    case TypeKind::blob:
        return column.data_type == "tinyblob" ? bytes(expression, column.octet_length.value_or(0))
                                              : long_value(expression);
    case TypeKind::json:
        return json(expression, column, family);
    case TypeKind::uuid:
    case TypeKind::inet4:
    case TypeKind::inet6:
        return mariadb_type(expression, column, family);
    case TypeKind::geometry:
    case TypeKind::vector:
    case TypeKind::unknown:
        break;
    }
    refuse(column);
}

} // namespace slicetool::sync
