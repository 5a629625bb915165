#pragma once

#include "base/endpoint.hpp"
#include "config/job.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

/// Words to values, the same for YAML, URLs, option files and the command line. Each returns
/// nothing when the text is no such value; the caller knows what to call it.
namespace slicetool::config {

std::optional<std::uint64_t> parse_integer(std::string_view text);
std::optional<bool> parse_boolean(std::string_view text);       ///< true false yes no on off
std::optional<std::uint16_t> parse_port(std::string_view text); ///< 1 to 65535
std::optional<std::chrono::seconds>
parse_timeout(std::string_view text); ///< 30, 30s, 5m, 1h; 1 s to 24 h
std::optional<base::TlsMode> parse_tls_mode(std::string_view text);
std::optional<DigestChoice> parse_digest(std::string_view text);  ///< auto md5 sha256
std::optional<Outside> parse_outside(std::string_view text);      ///< delete keep
std::optional<bool> parse_parents(std::string_view text);         ///< pull: true, leave: false
std::optional<MaxDelete> parse_max_delete(std::string_view text); ///< 5000 or 10%
std::optional<std::uint64_t> parse_jobs(std::string_view text);   ///< 1 to 64

std::optional<std::uint64_t> parse_size(std::string_view text); ///< 500M, 2G: bytes, not 0
std::optional<WhenFull> parse_when_full(std::string_view text); ///< stop go-on

/// "auto", or positive sizes that go down: "1000,1".
std::optional<Zoom> parse_zoom(std::string_view text);

/// True for one to eight positive sizes that go down.
bool is_zoom(const std::vector<std::uint64_t>& sizes);

// What to call the above in "must be …".
inline constexpr std::string_view k_expected_boolean = "true or false";
inline constexpr std::string_view k_expected_port = "a port between 1 and 65535";
inline constexpr std::string_view k_expected_timeout =
    "a time from 1s to 24h, such as 30, 30s or 5m";
inline constexpr std::string_view k_expected_tls_mode =
    "disabled, preferred, required, verify_ca or verify_identity";
inline constexpr std::string_view k_expected_digest = "auto, md5 or sha256";
inline constexpr std::string_view k_expected_outside = "delete or keep";
inline constexpr std::string_view k_expected_parents = "pull or leave";
inline constexpr std::string_view k_expected_max_delete =
    "a number of rows or a percentage such as 10%";
inline constexpr std::string_view k_expected_jobs = "a number from 1 to 64";
inline constexpr std::string_view k_expected_size = "a size such as 500M or 2G";
inline constexpr std::string_view k_expected_when_full = "stop or go-on";
inline constexpr std::string_view k_expected_zoom =
    "'auto' or up to 8 positive sizes that go down, such as [1000, 1]";

} // namespace slicetool::config
