#include "undo/bytes.hpp"

namespace slicetool::undo {

namespace {

constexpr unsigned k_bits = 7;
constexpr unsigned char k_more = 0x80;

} // namespace

void append_number(std::string& out, std::uint64_t number)
{
    while (number >= k_more) {
        out += static_cast<char>((number & (k_more - 1U)) | k_more);
        number >>= k_bits;
    }
    out += static_cast<char>(number);
}

void append_bytes(std::string& out, std::string_view bytes)
{
    append_number(out, bytes.size());
    out += bytes;
}

void append_optional(std::string& out, const std::optional<std::string>& bytes)
{
    append_number(out, bytes ? bytes->size() + 1 : 0);
    if (bytes)
        out += *bytes;
}

std::uint64_t ByteReader::number()
{
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += k_bits) {
        if (m_rest.empty())
            break;
        const auto byte = static_cast<unsigned char>(m_rest.front());
        m_rest.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & (k_more - 1U)) << shift;
        if (byte < k_more)
            return number;
    }
    throw Damaged("a number does not end");
}

std::string ByteReader::take(std::uint64_t length)
{
    if (length > m_rest.size())
        throw Damaged("bytes are missing");
    std::string bytes(m_rest.substr(0, length));
    m_rest.remove_prefix(length);
    return bytes;
}

std::string ByteReader::bytes()
{
    return take(number());
}

std::optional<std::string> ByteReader::optional_bytes()
{
    const std::uint64_t length = number();
    if (length == 0)
        return std::nullopt;
    return take(length - 1);
}

std::size_t ByteReader::count()
{
    const std::uint64_t count = number();
    if (count > m_rest.size())
        throw Damaged("a list is longer than what is there");
    return count;
}

} // namespace slicetool::undo
