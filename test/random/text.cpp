#include "random/text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace slicetool::search {

namespace {

/// What programs that join, split, quote, fold or trim text stumble over.
const std::vector<std::u32string>& pieces()
{
    static const std::vector<std::u32string> k_pieces = {U"",
                                                         U"NULL",
                                                         U"~",
                                                         U",",
                                                         U";",
                                                         U"#",
                                                         U"|",
                                                         U"a",
                                                         U"A",
                                                         U"a ",
                                                         U" ",
                                                         U"b",
                                                         U"ss",
                                                         U"\u00DF",
                                                         U"\u00E4",
                                                         U"a\u0308",
                                                         U"\u00E9",
                                                         U"'",
                                                         U"\"",
                                                         U"\\",
                                                         U"\\N",
                                                         U"%",
                                                         U"_",
                                                         U"`",
                                                         U"\n",
                                                         U"\t",
                                                         U"\r",
                                                         U"\x1A",
                                                         U"0",
                                                         U"0.0",
                                                         U"1,2",
                                                         U"3;abc",
                                                         U"32;",
                                                         U"N",
                                                         U"-",
                                                         U"1e0",
                                                         U"/*",
                                                         U"\u20AC",
                                                         U"\U0001F600",
                                                         U"\u4E2D",
                                                         U"\x7F",
                                                         U"\u0430",
                                                         U"\u0131",
                                                         U"\u0130",
                                                         U"zz",
                                                         std::u32string(1, U'\0'),
                                                         std::u32string(U"\0\0", 2),
                                                         U"\u00FF",
                                                         U"--",
                                                         U"?"};
    return k_pieces;
}

bool is_wide(std::string_view charset)
{
    return charset == "ucs2" || charset == "utf16" || charset == "utf32";
}

bool has(std::string_view charset, char32_t c)
{
    if (c < 0x80)
        return true;
    if (charset == "utf8mb4" || charset == "utf16" || charset == "utf32")
        return true;
    if (charset == "utf8mb3" || charset == "ucs2")
        return c < 0x10000;
    if (charset == "latin1") // 0x80 to 0x9F are those of Windows there
        return c >= 0xA0 && c <= 0xFF;
    if (charset == "gbk" || charset == "sjis" || charset == "cp1251")
        return c == U'\u4E2D' || c == U'\u0430';
    return false;
}

/// A letter of a character set without a table of ours; of two bytes the second is a backslash.
std::string national(std::string_view charset, char32_t c)
{
    const bool first = c == U'\u4E2D';
    if (charset == "gbk")
        return first ? "\x81\x5C" : "\xC4\xE3";
    if (charset == "sjis")
        return first ? "\x83\x5C" : "\x82\xA0";
    return first ? "\xE8" : "\xE0"; // cp1251
}

void append_utf8(std::string& out, char32_t c)
{
    const auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80U | ((c >> shift) & 0x3FU));
    };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0U | (c >> 6U));
        tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0U | (c >> 12U));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | (c >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

void append_unit(std::string& out, char32_t unit, unsigned bytes)
{
    for (unsigned at = bytes; at > 0; --at)
        out += static_cast<char>((unit >> (8 * (at - 1))) & 0xFFU);
}

void append_wide(std::string& out, std::string_view charset, char32_t c)
{
    if (charset == "utf32") {
        append_unit(out, c, 4);
    } else if (c < 0x10000) {
        append_unit(out, c, 2);
    } else {
        append_unit(out, 0xD800U + ((c - 0x10000U) >> 10U), 2);
        append_unit(out, 0xDC00U + ((c - 0x10000U) & 0x3FFU), 2);
    }
}

std::string encoded(const std::u32string& text, std::string_view charset)
{
    std::string bytes;
    for (const char32_t c : text) {
        if (is_wide(charset))
            append_wide(bytes, charset, c);
        else if (c < 0x80 || charset == "latin1")
            bytes += static_cast<char>(c);
        else if (charset.substr(0, 4) == "utf8")
            append_utf8(bytes, c);
        else
            bytes += national(charset, c);
    }
    return bytes;
}

bool is_readable(char32_t c)
{
    return c >= 0x20 && c < 0x7F && c != U'\'' && c != U'\\';
}

} // namespace

std::u32string representable(const std::u32string& text, std::string_view charset)
{
    std::u32string kept;
    std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
                 [&](char32_t c) { return has(charset, c); });
    return kept;
}

std::u32string random_text(Random& random, std::string_view charset, std::size_t room)
{
    std::u32string text;
    const std::size_t parts = random.below(4) + (random.chance(10) ? 20 : 0);
    for (std::size_t at = 0; at < parts; ++at)
        text += random.pick(pieces());
    text = representable(text, charset);
    if (random.chance(3)) // as long as it may be
        text.resize(room, text.empty() ? U'x' : text.back());
    return text.substr(0, room);
}

std::string text_literal(const std::u32string& text, std::string_view charset)
{
    if (std::all_of(text.begin(), text.end(), is_readable))
        return "'" + std::string(text.begin(), text.end()) + "'";
    return fmt::format("_{} {}", charset, bytes_literal(encoded(text, charset)));
}

std::string bytes_literal(std::string_view bytes)
{
    std::string literal = "X'";
    for (const char byte : bytes)
        literal += fmt::format("{:02X}", static_cast<unsigned char>(byte));
    return literal + "'";
}

} // namespace slicetool::search
