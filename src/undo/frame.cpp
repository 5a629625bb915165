#include "undo/frame.hpp"

#include "undo/bytes.hpp"

#include <fmt/format.h>
#include <limits>
#include <memory>
#include <zstd.h>

namespace slicetool::undo {

namespace {

/// zstd's own default: on rows of 120 bytes level 1 is hardly faster, level 9 hardly smaller.
constexpr int k_level = 3;

using Compressor = std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)>;
using Decompressor = std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)>;

std::string compressed(std::string_view content)
{
    const Compressor compressor(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    if (compressor == nullptr)
        throw std::bad_alloc();
    ZSTD_CCtx_setParameter(compressor.get(), ZSTD_c_compressionLevel, k_level);
    ZSTD_CCtx_setParameter(compressor.get(), ZSTD_c_checksumFlag, 1);
    std::string packed(ZSTD_compressBound(content.size()), '\0');
    const std::size_t length = ZSTD_compress2(compressor.get(), packed.data(), packed.size(),
                                              content.data(), content.size());
    if (ZSTD_isError(length) != 0)
        throw base::Error(
            fmt::format("Compressing saved rows failed: {}.", ZSTD_getErrorName(length)));
    packed.resize(length);
    return packed;
}

} // namespace

std::string pack(std::string_view content)
{
    const std::string packed = compressed(content);
    if (packed.size() > std::numeric_limits<std::uint32_t>::max())
        throw base::Error("A row is too large for the undo file: it takes 4 GiB, compressed. Say "
                          "--no-undo to go on without.");
    std::string frame(k_marker);
    for (unsigned shift = 0; shift < 32; shift += 8)
        frame += static_cast<char>((packed.size() >> shift) & 0xFFU);
    return frame + packed;
}

std::uint32_t packed_length(std::string_view head)
{
    if (head.size() != k_frame_head_bytes || !head.starts_with(k_marker))
        throw Damaged("no frame begins here");
    std::uint32_t length = 0;
    for (unsigned at = 0; at < 4; ++at)
        length |= static_cast<std::uint32_t>(static_cast<unsigned char>(head[k_marker.size() + at]))
                  << (8 * at);
    return length;
}

std::string unpack(std::string_view packed)
{
    const Decompressor decompressor(ZSTD_createDCtx(), &ZSTD_freeDCtx);
    if (decompressor == nullptr)
        throw std::bad_alloc();
    // The declared length is not believed: torn bytes may say anything.
    std::string content;
    std::string part(ZSTD_DStreamOutSize(), '\0');
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    for (;;) {
        ZSTD_outBuffer out{part.data(), part.size(), 0};
        const std::size_t hint = ZSTD_decompressStream(decompressor.get(), &out, &in);
        if (ZSTD_isError(hint) != 0)
            throw Damaged(fmt::format("a frame cannot be read: {}", ZSTD_getErrorName(hint)));
        content.append(part, 0, out.pos);
        if (hint == 0 && in.pos == in.size)
            return content;
        if (hint == 0 || (in.pos == in.size && out.pos < out.size))
            throw Damaged("a frame does not end where it should");
    }
}

std::string library_version()
{
    return fmt::format("zstd {}", ZSTD_versionString());
}

} // namespace slicetool::undo
