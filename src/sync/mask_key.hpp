#pragma once

#include "base/endpoint.hpp"

#include <string>
#include <string_view>

/// The key of the masks hash, email, name and digits. docs/masking.md.
namespace slicetool::sync {

/// A key of fewer bytes is refused: whoever knows a few values and their masks could try them all.
inline constexpr std::size_t k_shortest_mask_key = 16;

/// Gives the sessions of `upstream` the key, as the two blocks that HMAC-SHA256 (RFC 2104) makes of
/// it. Throws base::UsageError when it is too short.
void add_mask_key(base::Endpoint& upstream, std::string_view key);

bool has_mask_key(const base::Endpoint& upstream);

/// SQL of HMAC-SHA256 in hexadecimal, with the key of the session, of what `message` (a list of
/// expressions, separated by commas) yields joined. NULL when one of them is.
std::string keyed_digest_sql(const std::string& message);

} // namespace slicetool::sync
