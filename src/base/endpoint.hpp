#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace slicetool::base {

/// How a connection is encrypted and whom it trusts, as `--ssl-mode` of the mysql client means it.
enum class TlsMode { disabled, preferred, required, verify_ca, verify_identity };

struct TlsOptions
{
    TlsMode mode = TlsMode::preferred;
    std::string ca_file;
    std::string certificate_file;
    std::string key_file;
};

/// Server, database and credentials: one side of a run.
struct Endpoint
{
    /// What messages call it: the name in the config, or the URL without its password.
    std::string name;
    std::string host; ///< empty when `socket` is set
    std::uint16_t port = 3306;
    std::string socket; ///< path of a unix socket; wins over host and port
    std::string user;
    std::optional<std::string> password; ///< never printed
    /// User variables that each session sets, by name without "@"; their values are bytes, and
    /// never printed either.
    std::map<std::string, std::string> secret_variables;
    std::string database;
    /// The config says that nothing may ever be written there.
    bool is_protected = false;
    TlsOptions tls;
    std::chrono::seconds connect_timeout{10};
    /// The longest silence of the server that is still taken for work.
    std::chrono::seconds read_timeout{600};

    /// "mysql://user@host:3306/db" or "mysql://user@localhost/db?socket=/path", without the
    /// password; as --from and --to take it.
    std::string url() const;

    /// "name (url)", or just the URL when the two are the same.
    std::string describe() const;
};

} // namespace slicetool::base
