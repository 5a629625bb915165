#pragma once

#include "config/endpoint_settings.hpp"

#include <string_view>

namespace slicetool::config {

/// True when the text is meant as a URL rather than as the name of an endpoint.
bool looks_like_url(std::string_view text);

/// Reads "mysql://user:password@host:3306/db?ssl-mode=required" (or mariadb://); docs/config.md has
/// the grammar. User, password, database and parameters may be percent-encoded. Throws UsageError,
/// whose text repeats nothing of the URL, since any part of a malformed one can be the password.
EndpointSettings parse_endpoint_url(std::string_view url);

} // namespace slicetool::config
