#include "config/endpoint_url.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <set>
#include <string>

namespace slicetool::config {

namespace {

constexpr std::string_view k_form =
    "a URL has the form mysql://user@host:port/database?socket=/path&ssl-mode=required";

[[noreturn]] void fail(std::string_view what)
{
    throw base::UsageError(fmt::format("The endpoint's URL {}; {}.", what, k_form));
}

std::optional<unsigned> hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

char decode_escape(std::string_view digits)
{
    const auto high = digits.empty() ? std::nullopt : hex_digit(digits[0]);
    const auto low = digits.size() < 2 ? std::nullopt : hex_digit(digits[1]);
    if (!high || !low)
        fail("has a '%' that is not followed by two hex digits (write %25 for the sign itself)");
    const auto c = static_cast<char>(*high * 16 + *low);
    if (c == '\0')
        fail("holds a NUL byte");
    return c;
}

std::string decode(std::string_view text)
{
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            result += text[at];
            continue;
        }
        result += decode_escape(text.substr(at + 1));
        at += 2;
    }
    return result;
}

/// The URL's parts, still encoded.
struct Parts
{
    std::string_view user_info;
    bool has_user_info = false;
    std::string_view address; ///< host and port
    std::string_view path;    ///< without its leading slash
    std::string_view query;
};

bool is_plain(char c)
{
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
}

std::string_view without_scheme(std::string_view url)
{
    const std::size_t colon = url.find("://");
    const std::string scheme = base::ascii_lower(url.substr(0, std::min(colon, url.size())));
    if (colon == std::string_view::npos || (scheme != "mysql" && scheme != "mariadb"))
        fail("must start with mysql:// or mariadb://");
    return url.substr(colon + 3);
}

Parts split(std::string_view url)
{
    std::string_view rest = without_scheme(url);
    if (!std::all_of(rest.begin(), rest.end(), is_plain))
        fail("holds a space or a control character, which must be percent-encoded");
    if (rest.find('#') != std::string_view::npos)
        fail("holds a '#', which must be written %23");
    Parts parts;
    const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
    std::string_view authority = rest.substr(0, authority_end);
    rest.remove_prefix(authority_end);
    if (rest.find('@') != std::string_view::npos)
        fail("holds an '@' after the host; write '@', '/', '?' and ':' in a user name, password or "
             "path as %40, %2F, %3F and %3A");
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        parts.has_user_info = true;
        parts.user_info = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    parts.address = authority;
    const std::size_t query = std::min(rest.find('?'), rest.size());
    if (query > 0)
        parts.path = rest.substr(1, query - 1);
    if (query < rest.size())
        parts.query = rest.substr(query + 1);
    return parts;
}

void read_user_info(std::string_view text, EndpointSettings& into)
{
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos)
        into.password = decode(text.substr(colon + 1));
    if (const auto user = decode(text.substr(0, colon)); !user.empty())
        into.user = user;
}

void read_port(std::string_view text, EndpointSettings& into)
{
    into.port = parse_port(text);
    if (!into.port)
        fail("must have a number between 1 and 65535 behind the host's colon");
}

bool is_host_name(std::string_view host)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_';
    };
    return host.size() <= 255 && std::all_of(host.begin(), host.end(), allowed);
}

bool is_ipv6(const std::string& address)
{
    const std::size_t zone = address.find('%'); // fe80::1%eth0
    in6_addr unused{};
    return inet_pton(AF_INET6, address.substr(0, zone).c_str(), &unused) == 1 &&
           (zone == std::string::npos || is_host_name(std::string_view(address).substr(zone + 1)));
}

void read_bracketed(std::string_view address, EndpointSettings& into)
{
    const std::size_t end = address.find(']');
    if (end == std::string_view::npos)
        fail("has a '[' without its ']'");
    std::string host(address.substr(1, end - 1));
    if (const std::size_t zone = host.find("%25"); zone != std::string::npos) // RFC 6874
        host.erase(zone + 1, 2);
    if (!is_ipv6(host))
        fail("has no IPv6 address between its brackets");
    into.host = host;
    const auto rest = address.substr(end + 1);
    if (!rest.empty() && rest[0] != ':')
        fail("must have ':' and a port, or '/', behind the host's ']'");
    if (!rest.empty())
        read_port(rest.substr(1), into);
}

void read_address(std::string_view address, EndpointSettings& into)
{
    if (address.starts_with('['))
        return read_bracketed(address, into);
    const std::size_t colon = address.find(':');
    const auto host = address.substr(0, colon);
    if (!is_host_name(host))
        fail("has a host with characters that no host name has");
    if (colon != std::string_view::npos && address.find(':', colon + 1) != std::string_view::npos)
        fail("has more than one ':' in its host; put an IPv6 address in brackets");
    if (!host.empty())
        into.host = host;
    if (colon != std::string_view::npos)
        read_port(address.substr(colon + 1), into);
}

template<class T>
void set(std::optional<T>& target, std::optional<T> value, std::string_view name,
         std::string_view expected)
{
    if (!value)
        fail(fmt::format("needs {} for its parameter '{}'", expected, name));
    target = std::move(value);
}

/// `name` with hyphens; false when there is no such parameter.
bool read_parameter(std::string_view name, const std::string& value, EndpointSettings& into)
{
    const auto path = value.empty() ? std::nullopt : std::optional(value);
    if (name == "socket")
        set(into.socket, path, name, "a path");
    else if (name == "ssl-mode")
        set(into.tls_mode, parse_tls_mode(value), name, k_expected_tls_mode);
    else if (name == "ssl-ca")
        set(into.ca_file, path, name, "a path");
    else if (name == "ssl-cert")
        set(into.certificate_file, path, name, "a path");
    else if (name == "ssl-key")
        set(into.key_file, path, name, "a path");
    else if (name == "connect-timeout")
        set(into.connect_timeout, parse_timeout(value), name, k_expected_timeout);
    else if (name == "read-timeout")
        set(into.read_timeout, parse_timeout(value), name, k_expected_timeout);
    else
        return false;
    return true;
}

void read_query(std::string_view query, EndpointSettings& into)
{
    std::set<std::string> seen;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        std::string name = base::ascii_lower(pair.substr(0, equals));
        std::replace(name.begin(), name.end(), '_', '-');
        const auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
        if (!read_parameter(name, value, into))
            fail("has an unknown parameter; known are socket, ssl-mode, ssl-ca, ssl-cert, ssl-key, "
                 "connect-timeout and read-timeout");
        if (!seen.insert(name).second)
            fail(fmt::format("has the parameter '{}' twice", name));
    }
}

void check_socket(EndpointSettings& settings)
{
    if (!settings.socket)
        return;
    if (settings.port || (settings.host && *settings.host != "localhost"))
        fail("has a socket, which goes with the host 'localhost' and no port");
    settings.host.reset();
}

} // namespace

bool looks_like_url(std::string_view text)
{
    return text.find("://") != std::string_view::npos;
}

EndpointSettings parse_endpoint_url(std::string_view url)
{
    const Parts parts = split(url);
    EndpointSettings settings;
    if (parts.has_user_info)
        read_user_info(parts.user_info, settings);
    read_address(parts.address, settings);
    if (parts.path.find('/') != std::string_view::npos)
        fail("has more than a database behind the host; write '/' in a name as %2F");
    if (const auto database = decode(parts.path); !database.empty())
        settings.database = database;
    read_query(parts.query, settings);
    check_socket(settings);
    return settings;
}

} // namespace slicetool::config
