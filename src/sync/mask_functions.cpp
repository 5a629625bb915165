#include "sync/mask_functions.hpp"

#include "base/error.hpp"
#include "sql/quote.hpp"
#include "sync/mask_key.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

using sql::Column;
using sql::TypeKind;

/// Hexadecimal digits of which fewer would let unlike values meet: of ten million values, a pair
/// among 16 digits has a chance of 3 in a million.
constexpr std::uint64_t k_distinct_digits = 16;
constexpr std::uint64_t k_all_digits = 64;

constexpr std::string_view k_domain = "@example.com"; // RFC 2606: nobody's
constexpr std::uint64_t k_email_digits = 20;

/// 32 words of as many characters each, blanks behind the shorter ones.
constexpr std::string_view k_given =
    "Ada  Alex Ari  Ben  Bo   Cleo Dana Eli  Emma Finn Gus  Hana Ida  "
    "Ines Ivo  Jo   Kai  Lea  Leo  Lou  Max  Mia  Nia  Noa  Nora Olaf "
    "Ravi Rosa Sam  Tara Uma  Yuki ";
constexpr std::string_view k_family =
    "Adler Baker Berg  Blom  Brown Cruz  Dahl  Diaz  Engel Evans Falk  "
    "Frank Gray  Haas  Hill  Ito   Jones Khan  Kim   Klein Lang  Lopez "
    "Maier Nagy  Olsen Price Rossi Sato  Stone Tran  Weber Young ";
constexpr std::uint64_t k_words = 32;
static_assert(k_given.size() % k_words == 0 && k_family.size() % k_words == 0);

bool is_text(const Column& column)
{
    return column.kind == TypeKind::character || column.kind == TypeKind::text;
}

bool is_binary(const Column& column)
{
    return column.kind == TypeKind::binary || column.kind == TypeKind::blob;
}

/// Characters or bytes that a text or binary column takes.
std::uint64_t room(const Column& column)
{
    const bool declared = column.kind == TypeKind::character || column.kind == TypeKind::binary;
    return (declared ? column.length : column.octet_length).value_or(0);
}

/// What a keyed mask is made of: the same text gives the same, whatever its character set.
std::string value_of(const Column& column)
{
    const std::string name = sql::quote_identifier(column.name);
    return column.charset.empty() || is_binary(column)
               ? name
               : fmt::format("CONVERT({} USING utf8mb4)", name);
}

/// The mask's name takes part, so that one mask of a value tells nothing about another.
std::string keyed(std::string_view mask, const Column& column)
{
    return keyed_digest_sql(fmt::format("'{}:', {}", mask, value_of(column)));
}

void require_room(const Column& downstream, std::uint64_t characters)
{
    if (!is_text(downstream))
        throw base::Refusal(
            fmt::format("is for columns of text, and this one is {}", downstream.column_type));
    if (room(downstream) < characters)
        throw base::Refusal(fmt::format("needs a column of {} characters at least, and this one "
                                        "is {}",
                                        characters, downstream.column_type));
}

/// The greatest value of an integer column, as a power of two less one.
std::string integer_modulus(const Column& column)
{
    static constexpr std::pair<std::string_view, unsigned> k_bits[] = {
        {"tinyint", 7}, {"smallint", 15}, {"mediumint", 23}, {"int", 31}};
    const auto* found = std::find_if(std::begin(k_bits), std::end(k_bits), [&](const auto& type) {
        return type.first == column.data_type;
    });
    constexpr unsigned k_bigint_bits = 60; // what 15 hexadecimal digits hold
    return std::to_string(std::uint64_t{1}
                          << (found == std::end(k_bits) ? k_bigint_bits : found->second));
}

/// A number that `digits` hexadecimal digits of a text from `at` on stand for.
std::string number_of(const std::string& text, unsigned at, unsigned digits)
{
    return fmt::format("CAST(CONV(SUBSTR({}, {}, {}), 16, 10) AS UNSIGNED)", text, at, digits);
}

MaskExpression hashed(const Column& upstream, const Column& downstream)
{
    const std::string digest = keyed("hash", upstream);
    if (downstream.kind == TypeKind::integer)
        return {fmt::format("{} MOD {}", number_of(digest, 1, 15), integer_modulus(downstream)),
                std::nullopt, true, downstream.data_type == "bigint"};
    if (!is_text(downstream) && !is_binary(downstream))
        throw base::Refusal(fmt::format("is for columns of text, bytes or integers, and this one "
                                        "is {}",
                                        downstream.column_type));
    const std::uint64_t digits_each = is_binary(downstream) ? 2 : 1;
    if (room(downstream) * digits_each < k_distinct_digits)
        throw base::Refusal(fmt::format(
            "needs a column of {} {} at least, and this one is {}", k_distinct_digits / digits_each,
            digits_each == 2 ? "bytes" : "characters", downstream.column_type));
    const std::uint64_t length = std::min(room(downstream), k_all_digits / digits_each);
    const std::string text = digits_each == 2 ? fmt::format("UNHEX({})", digest) : digest;
    return {fmt::format("LEFT({}, {})", text, length), length, true, true};
}

MaskExpression email(const Column& upstream, const Column& downstream)
{
    require_room(downstream, k_distinct_digits + k_domain.size());
    const std::uint64_t digits = std::min(room(downstream) - k_domain.size(), k_email_digits);
    return {fmt::format("CONCAT(LEFT({}, {}), '{}')", keyed("email", upstream), digits, k_domain),
            digits + k_domain.size(), true, true};
}

/// One of the words, chosen by two digits of the digest from `at` on.
std::string word_of(std::string_view words, const std::string& digest, unsigned at)
{
    const std::uint64_t width = words.size() / k_words;
    return fmt::format("RTRIM(SUBSTR('{}', 1 + {} * ({} MOD {}), {}))", words, width,
                       number_of(digest, at, 2), k_words, width);
}

MaskExpression name(const Column& upstream, const Column& downstream)
{
    constexpr std::uint64_t k_longest = (k_given.size() + k_family.size()) / k_words - 1;
    require_room(downstream, k_longest);
    const std::string digest = keyed("name", upstream);
    return {fmt::format("CONCAT({}, ' ', {})", word_of(k_given, digest, 1),
                        word_of(k_family, digest, 3)),
            k_longest, true, false};
}

MaskExpression digits(const Column& upstream, const Column& downstream)
{
    require_room(downstream, 1);
    std::string text = keyed("digits", upstream);
    for (const std::string_view pair : {"a0", "b1", "c2", "d3", "e4", "f5"})
        text = fmt::format("REPLACE({}, '{}', '{}')", text, pair[0], pair[1]);
    const std::string length = fmt::format("CHAR_LENGTH({})", value_of(upstream));
    return {fmt::format("LEFT(REPEAT({0}, {1} DIV {2} + 1), {1})", text, length, k_all_digits),
            std::nullopt, true, false};
}

/// The same for all rows.
std::string constant(const Column& downstream)
{
    switch (downstream.kind) {
    case TypeKind::date:
        return "'2000-01-01'";
    case TypeKind::datetime:
    case TypeKind::timestamp:
        return "'2000-01-01 00:00:00'";
    case TypeKind::time:
        return "'00:00:00'";
    case TypeKind::year:
        return "2000";
    case TypeKind::character:
    case TypeKind::text:
    case TypeKind::binary:
    case TypeKind::blob:
        return "'x'";
    case TypeKind::enumeration:
        return sql::quote_string(downstream.elements.front());
    case TypeKind::set:
        return "''";
    case TypeKind::json:
        return "'{}'";
    case TypeKind::uuid:
        return "'00000000-0000-0000-0000-000000000000'";
    case TypeKind::inet4:
        return "'0.0.0.0'";
    case TypeKind::inet6:
        return "'::'";
    default:
        return "0";
    }
}

} // namespace

std::optional<MaskFunction> mask_function(std::string_view name)
{
    static constexpr std::pair<std::string_view, MaskFunction> k_names[] = {
        {"hash", MaskFunction::hash}, {"email", MaskFunction::email},
        {"name", MaskFunction::name}, {"digits", MaskFunction::digits},
        {"null", MaskFunction::null}, {"constant", MaskFunction::constant}};
    for (const auto& [known, function] : k_names) {
        if (known == name)
            return function;
    }
    return std::nullopt;
}

MaskExpression mask_expression(MaskFunction function, const Column& upstream,
                               const Column& downstream)
{
    switch (function) {
    case MaskFunction::hash:
        return hashed(upstream, downstream);
    case MaskFunction::email:
        return email(upstream, downstream);
    case MaskFunction::name:
        return name(upstream, downstream);
    case MaskFunction::digits:
        return digits(upstream, downstream);
    case MaskFunction::constant:
        return {constant(downstream), std::nullopt, false, false};
    case MaskFunction::null:
        break;
    }
    return {"NULL", std::nullopt, true, false};
}

} // namespace slicetool::sync
