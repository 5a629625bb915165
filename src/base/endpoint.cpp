#include "base/endpoint.hpp"

#include <fmt/format.h>
#include <string_view>

namespace slicetool::base {

namespace {

/// Control characters, spaces, the percent sign and what separates a URL's parts as %XX; the rest
/// stays readable.
std::string percent_encoded(std::string_view text, std::string_view separators)
{
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7F || c == '%' ||
            separators.find(c) != std::string_view::npos)
            encoded += fmt::format("%{:02X}", byte);
        else
            encoded += c;
    }
    return encoded;
}

/// An IPv6 address stands in brackets, the sign before its zone as %25 (RFC 6874).
std::string host_part(const std::string& host)
{
    return host.find(':') == std::string::npos ? host : "[" + percent_encoded(host, "") + "]";
}

} // namespace

std::string Endpoint::url() const
{
    constexpr std::string_view k_separators = "@:/?#&=";
    const std::string at = user.empty() ? "" : percent_encoded(user, k_separators) + "@";
    const std::string path = percent_encoded(database, k_separators);
    if (!socket.empty())
        return fmt::format("mysql://{}localhost/{}?socket={}", at, path,
                           percent_encoded(socket, "@?#&"));
    return fmt::format("mysql://{}{}:{}/{}", at, host_part(host), port, path);
}

std::string Endpoint::describe() const
{
    return name.empty() || name == url() ? url() : fmt::format("{} ({})", name, url());
}

} // namespace slicetool::base
