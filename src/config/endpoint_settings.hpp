#pragma once

#include "base/endpoint.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace slicetool::config {

/// What one source (a URL, an entry of the config, an option file) says about an endpoint. An unset
/// member says nothing and is taken from the next weaker source.
struct EndpointSettings
{
    std::optional<std::string> host;
    std::optional<std::uint16_t> port;
    std::optional<std::string> socket;
    std::optional<std::string> user;
    std::optional<std::string> database;

    // Of these four at most one is set.
    std::optional<std::string> password;      ///< never printed
    std::optional<std::string> password_env;  ///< name of an environment variable
    std::optional<std::string> password_file; ///< its first line is the password
    std::optional<bool> prompt;               ///< true: ask on the terminal

    std::optional<bool> is_protected; ///< nothing may ever be written there

    std::optional<base::TlsMode> tls_mode;
    std::optional<std::string> ca_file;
    std::optional<std::string> certificate_file;
    std::optional<std::string> key_file;
    std::optional<std::chrono::seconds> connect_timeout;
    std::optional<std::chrono::seconds> read_timeout;

    /// True when this source says how to get the password.
    bool names_password() const;

    /// Takes from `weaker` what is unset here. Host, port and socket are one address, and the four
    /// ways to a password are one thing: a weaker source's port never moves a stronger source's
    /// host to another server, and its socket never overrules it.
    void fill_from(const EndpointSettings& weaker);
};

} // namespace slicetool::config
