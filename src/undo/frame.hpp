#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// A frame on disk: four bytes that mark its beginning, four with the length of what follows (the
/// lowest first), and the content as one zstd frame with its checksum.
namespace slicetool::undo {

inline constexpr std::string_view k_marker = "\xF5und";
inline constexpr std::size_t k_frame_head_bytes = 8;

/// Throws base::Error when the content is longer than a frame can be.
std::string pack(std::string_view content);

/// The length that follows the head; the head is k_frame_head_bytes long. Throws Damaged when it is
/// none.
std::uint32_t packed_length(std::string_view head);

/// The content, from what follows the head. Throws Damaged.
std::string unpack(std::string_view packed);

/// "zstd 1.5.4", the library that runs.
std::string library_version();

} // namespace slicetool::undo
