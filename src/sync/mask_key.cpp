#include "sync/mask_key.hpp"

#include "base/error.hpp"
#include "hash/digest.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// Bytes that SHA-256 takes at a time.
constexpr std::size_t k_block_bytes = 64;

constexpr const char* k_inner = "slicetool_mask_inner";
constexpr const char* k_outer = "slicetool_mask_outer";

std::string block_of(std::string_view key)
{
    std::string block(key);
    if (block.size() > k_block_bytes) {
        hash::Digest digest(hash::DigestKind::sha256);
        digest.update(key);
        block = digest.finish();
    }
    block.resize(k_block_bytes, '\0');
    return block;
}

std::string padded(std::string block, unsigned char pad)
{
    for (char& byte : block)
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ pad);
    return block;
}

} // namespace

void add_mask_key(base::Endpoint& upstream, std::string_view key)
{
    constexpr unsigned char k_inner_pad = 0x36; // RFC 2104
    constexpr unsigned char k_outer_pad = 0x5c;
    if (key.size() < k_shortest_mask_key)
        throw base::UsageError(fmt::format("The key of the masks has {} bytes: it needs {} at "
                                           "least, such as those of: openssl rand -hex 32.",
                                           key.size(), k_shortest_mask_key));
    const std::string block = block_of(key);
    upstream.secret_variables[k_inner] = padded(block, k_inner_pad);
    upstream.secret_variables[k_outer] = padded(block, k_outer_pad);
}

bool has_mask_key(const base::Endpoint& upstream)
{
    return upstream.secret_variables.count(k_inner) != 0;
}

std::string keyed_digest_sql(const std::string& message)
{
    return fmt::format("SHA2(CONCAT(@{}, UNHEX(SHA2(CONCAT(@{}, {}), 256))), 256)", k_outer,
                       k_inner, message);
}

} // namespace slicetool::sync
