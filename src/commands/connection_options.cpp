#include "commands/connection_options.hpp"

#include "base/error.hpp"
#include "config/read_config.hpp"
#include "config/resolve_endpoint.hpp"
#include "config/values.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace slicetool::commands {

namespace {

constexpr const char* k_group = "Endpoints";

/// The job that the command line names; without a name the only one there is, if the endpoints are
/// not named.
std::optional<config::Job> choose_job(const ConnectionOptions& options,
                                      const config::Config& config)
{
    if (!options.job.empty())
        return config::find_job(config, options.job);
    if (!options.from.empty() && !options.to.empty())
        return std::nullopt;
    if (config.jobs.size() == 1)
        return config::find_job(config, config.jobs.begin()->first);
    throw base::UsageError(
        fmt::format("{} holds {} jobs: name one with --job, or give --from and --to.", config.file,
                    config.jobs.size()));
}

void apply_tls(const ConnectionOptions& options, base::Endpoint& endpoint)
{
    if (!options.ssl_ca.empty()) {
        endpoint.tls.ca_file = options.ssl_ca;
        if (options.ssl_mode.empty())
            endpoint.tls.mode = base::TlsMode::verify_ca;
    }
    if (!options.ssl_cert.empty())
        endpoint.tls.certificate_file = options.ssl_cert;
    if (!options.ssl_key.empty())
        endpoint.tls.key_file = options.ssl_key;
    if (options.ssl_mode.empty())
        return;
    const auto mode = config::parse_tls_mode(options.ssl_mode);
    if (!mode)
        throw base::UsageError(fmt::format("--ssl-mode must be {}, not '{}'.",
                                           config::k_expected_tls_mode, options.ssl_mode));
    endpoint.tls.mode = *mode;
}

void add_config_option(CLI::App& command, ConnectionOptions& options, const char* description)
{
    command.add_option("--config", options.config_file, description)
        ->group(k_group)
        ->type_name("FILE");
}

/// What it takes to get at a server.
void add_access_options(CLI::App& command, ConnectionOptions& options)
{
    command
        .add_option("--defaults-file", options.defaults_file,
                    "MySQL option file to read instead of ~/.my.cnf and its like")
        ->group(k_group)
        ->type_name("FILE");
    command
        .add_flag("--ask-password", options.ask_password, "Ask for the passwords on the terminal")
        ->group(k_group);
    command
        .add_option("--ssl-mode", options.ssl_mode,
                    "disabled, preferred, required, verify_ca or verify_identity; for both sides")
        ->group(k_group);
    command
        .add_option("--ssl-ca", options.ssl_ca,
                    "Certificates of the authorities to trust; for both sides")
        ->group(k_group)
        ->type_name("FILE");
    command.add_option("--ssl-cert", options.ssl_cert, "Client certificate; for both sides")
        ->group(k_group)
        ->type_name("FILE");
    command
        .add_option("--ssl-key", options.ssl_key, "Key of the client certificate; for both sides")
        ->group(k_group)
        ->type_name("FILE");
}

base::Endpoint resolve_side(const ConnectionOptions& options, const std::string& name,
                            const config::Config* config, config::Side side,
                            std::vector<std::string>& warnings)
{
    config::Surroundings surroundings;
    surroundings.side = side;
    surroundings.defaults_file = options.defaults_file;
    surroundings.ask_password =
        options.ask_password ? config::AskPassword::yes : config::AskPassword::no;
    const auto resolve_named = [&] {
        try {
            return config::resolve_endpoint(name, config, surroundings);
        } catch (const base::UsageError& problem) {
            const char* option = side == config::Side::from ? "--from" : "--to";
            throw base::UsageError(fmt::format("{}: {}", option, problem.what()));
        }
    };
    auto resolved = resolve_named();
    warnings.insert(warnings.end(), resolved.warnings.begin(), resolved.warnings.end());
    apply_tls(options, resolved.endpoint);
    return std::move(resolved.endpoint);
}

} // namespace

void add_endpoint_options(CLI::App& command, ConnectionOptions& options)
{
    command
        .add_option("--from", options.from,
                    "Upstream: a name from the config, or mysql://user@host:3306/db, or "
                    "mysql://user@localhost/db?socket=/path")
        ->group(k_group);
    command.add_option("--to", options.to, "Downstream: likewise")->group(k_group);
    add_access_options(command, options);
}

void add_connection_options(CLI::App& command, ConnectionOptions& options)
{
    add_endpoint_options(command, options);
    add_config_option(command, options, "YAML file with endpoints and jobs");
    command
        .add_option("--job", options.job,
                    "The job in the config; not needed when it holds just one")
        ->group(k_group);
}

void add_downstream_options(CLI::App& command, ConnectionOptions& options)
{
    command
        .add_option("--to", options.to,
                    "Where the run has written: a name from the config, or a URL (default: the "
                    "URL that the undo file names)")
        ->group(k_group);
    add_access_options(command, options);
    add_config_option(command, options, "YAML file with endpoints");
}

base::Endpoint resolve_downstream(const ConnectionOptions& options, const std::string& otherwise,
                                  std::vector<std::string>& warnings)
{
    std::optional<config::Config> config;
    if (!options.config_file.empty())
        config = config::read_config(options.config_file);
    return resolve_side(options, options.to.empty() ? otherwise : options.to,
                        config ? &*config : nullptr, config::Side::to, warnings);
}

base::Endpoint resolve_alone(const ConnectionOptions& options, config::Side side,
                             std::vector<std::string>& warnings)
{
    return resolve_side(options, side == config::Side::from ? options.from : options.to, nullptr,
                        side, warnings);
}

Connections resolve(const ConnectionOptions& options)
{
    std::optional<config::Config> config;
    Connections connections;
    if (!options.config_file.empty()) {
        config = config::read_config(options.config_file);
        connections.job = choose_job(options, *config);
        connections.defaults = config->defaults.options;
    } else if (!options.job.empty()) {
        throw base::UsageError("--job needs --config with the file that holds the job.");
    }
    std::string from = options.from;
    std::string to = options.to;
    if (connections.job) {
        from = from.empty() ? connections.job->from : from;
        to = to.empty() ? connections.job->to : to;
    }
    if (from.empty() || to.empty())
        throw base::UsageError(
            fmt::format("{} is missing: say --from URL --to URL, or --config FILE.",
                        from.empty() ? "--from" : "--to"));
    const config::Config* known = config ? &*config : nullptr;
    connections.from = resolve_side(options, from, known, config::Side::from, connections.warnings);
    connections.to = resolve_side(options, to, known, config::Side::to, connections.warnings);
    return connections;
}

} // namespace slicetool::commands
