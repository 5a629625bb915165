#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slicetool::undo {

/// Bytes that are not what they should be. For whoever reads on, or tells the file's name.
class Damaged : public base::Error
{
public:
    using Error::Error;
};

/// Numbers as 7 bits a byte, the lowest first, the high bit set in all but the last.
void append_number(std::string& out, std::uint64_t number);

/// The length, and the bytes.
void append_bytes(std::string& out, std::string_view bytes);

/// 0 for none; else the length plus one, and the bytes.
void append_optional(std::string& out, const std::optional<std::string>& bytes);

/// Takes apart what the functions above put together. Throws Damaged when there is less.
class ByteReader
{
public:
    /// The bytes must outlive the reader.
    explicit ByteReader(std::string_view bytes) : m_rest(bytes) {}

    bool at_end() const { return m_rest.empty(); }
    std::uint64_t number();
    std::string bytes();
    std::optional<std::string> optional_bytes();

    /// A number of things to come, each of at least one byte.
    std::size_t count();

private:
    std::string take(std::uint64_t length);

    std::string_view m_rest;
};

} // namespace slicetool::undo
