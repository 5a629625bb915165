#pragma once

#include "base/endpoint.hpp"
#include "config/job.hpp"
#include "config/resolve_endpoint.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace slicetool::commands {

/// The options that say which two databases are meant and how to reach them.
struct ConnectionOptions
{
    std::string from;
    std::string to;
    std::string config_file;
    std::string job;
    std::optional<std::string> defaults_file;
    bool ask_password = false;
    std::string ssl_mode;
    std::string ssl_ca;
    std::string ssl_cert;
    std::string ssl_key;
};

/// --from and --to, and how to reach them.
void add_endpoint_options(CLI::App& command, ConnectionOptions& options);

/// These, and --config and --job.
void add_connection_options(CLI::App& command, ConnectionOptions& options);

/// Those of a command that works on downstream alone: --from and --job are not among them.
void add_downstream_options(CLI::App& command, ConnectionOptions& options);

/// --to, or the URL `otherwise`. Throws base::UsageError.
base::Endpoint resolve_downstream(const ConnectionOptions& options, const std::string& otherwise,
                                  std::vector<std::string>& warnings);

/// The two endpoints and, if the config names one, the job.
struct Connections
{
    base::Endpoint from;
    base::Endpoint to;
    std::optional<config::Job> job;
    config::Options defaults; ///< the config's, for a run without a job
    std::vector<std::string> warnings;
};

/// Reads the config and everything else that belongs to the endpoints. Throws base::UsageError.
Connections resolve(const ConnectionOptions& options);

/// One side by itself, without a config, from a --from or --to that is not empty; warnings are
/// added. Throws base::UsageError.
base::Endpoint resolve_alone(const ConnectionOptions& options, config::Side side,
                             std::vector<std::string>& warnings);

} // namespace slicetool::commands
