#include "sync/proven_ranges.hpp"

#include <charconv>

namespace slicetool::sync {

namespace {

/// "<" for right before the key, ">" for right after it.
constexpr char k_before = '<';
constexpr char k_after = '>';

} // namespace

/// Each part as "LENGTH:BYTES".
std::string encode_bound(const Bound& bound)
{
    std::string bytes(1, bound.after ? k_after : k_before);
    for (const auto& part : bound.key)
        bytes += std::to_string(part.size()) + ":" + part;
    return bytes;
}

std::optional<Bound> decode_bound(const std::string& bytes)
{
    if (bytes.empty() || (bytes[0] != k_before && bytes[0] != k_after))
        return std::nullopt;
    Bound bound;
    bound.after = bytes[0] == k_after;
    for (std::size_t at = 1; at < bytes.size();) {
        std::size_t length = 0;
        const auto [end, problem] =
            std::from_chars(bytes.data() + at, bytes.data() + bytes.size(), length);
        at = static_cast<std::size_t>(end - bytes.data()) + 1;
        if (problem != std::errc() || at > bytes.size() || *end != ':' ||
            length > bytes.size() - at)
            return std::nullopt;
        bound.key.push_back(bytes.substr(at, length));
        at += length;
    }
    return bound.key.empty() ? std::nullopt : std::optional(bound);
}

} // namespace slicetool::sync
