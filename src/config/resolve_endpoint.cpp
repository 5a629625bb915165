#include "config/resolve_endpoint.hpp"

#include "base/error.hpp"
#include "config/endpoint_url.hpp"
#include "config/option_file.hpp"
#include "config/problems.hpp"
#include "config/text_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

namespace slicetool::config {

namespace {

/// A password file holds one short line.
constexpr std::size_t k_max_password_file_bytes = 65536;

std::string login_name()
{
    const passwd* user = getpwuid(geteuid());
    return user != nullptr ? user->pw_name : "";
}

class Resolver
{
public:
    Resolver(const Config* config, const Surroundings& surroundings)
        : m_config(config), m_surroundings(surroundings)
    {
    }

    ResolvedEndpoint resolve(std::string_view name_or_url);

private:
    void start(std::string_view name_or_url);
    void start_from_entry(const std::string& name);
    void take_environment();
    void take_option_files();
    base::Endpoint build();
    bool is_protected_by_address(const base::Endpoint& endpoint) const;
    std::optional<std::string> find_password(const base::Endpoint& endpoint);
    std::string password_of_variable(const std::string& name) const;
    std::string password_of_file(const std::string& path);
    std::string side_word() const { return m_surroundings.side == Side::from ? "from" : "to"; }

    const Config* m_config;
    const Surroundings& m_surroundings;
    std::string m_name; ///< empty for a URL
    EndpointSettings m_settings;
    std::vector<std::string> m_warnings;
};

ResolvedEndpoint Resolver::resolve(std::string_view name_or_url)
{
    start(name_or_url);
    if (m_config != nullptr)
        m_settings.fill_from(m_config->defaults.endpoint);
    if (m_surroundings.ask_password == AskPassword::yes &&
        !(m_name.empty() && m_settings.password)) {
        EndpointSettings asked;
        asked.prompt = true;
        m_settings.password.reset();
        m_settings.password_env.reset();
        m_settings.password_file.reset();
        m_settings.fill_from(asked);
    }
    take_environment();
    take_option_files();
    ResolvedEndpoint result;
    result.endpoint = build();
    result.warnings = std::move(m_warnings);
    return result;
}

void Resolver::start(std::string_view name_or_url)
{
    if (!looks_like_url(name_or_url))
        return start_from_entry(std::string(name_or_url));
    m_settings = parse_endpoint_url(name_or_url);
    if (m_settings.password && !m_settings.password->empty())
        m_warnings.push_back(fmt::format("A password on the command line (--{0}) can be seen by "
                                         "other users; use an option file, or "
                                         "SLICETOOL_{1}_PASSWORD.",
                                         side_word(),
                                         m_surroundings.side == Side::from ? "FROM" : "TO"));
}

/// Text with '@' or ':' may be a URL without its scheme, hence a password, and is not repeated.
void Resolver::start_from_entry(const std::string& name)
{
    if (name.empty() || name.find_first_of("@:/") != std::string::npos)
        throw base::UsageError(
            fmt::format("--{} must be the name of an endpoint in the config, or a URL "
                        "such as mysql://user@host:3306/database.",
                        side_word()));
    if (m_config == nullptr)
        throw base::UsageError(
            fmt::format("--{} {} is no URL such as mysql://user@host:3306/database, "
                        "and there is no config file to look up a name in (--config).",
                        side_word(), in_quotes(name)));
    const auto found = m_config->endpoints.find(name);
    if (found == m_config->endpoints.end())
        throw base::UsageError(fmt::format("{} has no endpoint {}{}", m_config->file,
                                           in_quotes(name),
                                           suggestion(name, names_of(m_config->endpoints))));
    m_name = name;
    m_settings = found->second.settings;
    if (m_settings.password)
        m_warnings.push_back(
            fmt::format("{}: The password of endpoint {} stands in the config; better "
                        "use password_env or password_file.",
                        found->second.position.text(), in_quotes(name)));
}

void Resolver::take_environment()
{
    if (m_settings.names_password())
        return;
    m_settings.password = m_surroundings.variable(
        m_surroundings.side == Side::from ? "SLICETOOL_FROM_PASSWORD" : "SLICETOOL_TO_PASSWORD");
    if (!m_settings.password)
        m_settings.password = m_surroundings.variable("MYSQL_PWD");
}

void Resolver::take_option_files()
{
    const auto paths = m_surroundings.option_files.value_or(default_option_files(home_folder()));
    OptionFiles files = m_surroundings.defaults_file
                            ? read_defaults_file(*m_surroundings.defaults_file)
                            : read_option_files(paths);
    m_settings.fill_from(files.settings);
    m_warnings.insert(m_warnings.end(), files.warnings.begin(), files.warnings.end());
}

base::Endpoint Resolver::build()
{
    base::Endpoint endpoint;
    const EndpointSettings& s = m_settings;
    endpoint.socket = s.socket.value_or("");
    endpoint.host = s.socket ? "" : s.host.value_or("localhost");
    endpoint.port = s.port.value_or(endpoint.port);
    endpoint.user = s.user.value_or(login_name());
    endpoint.database = s.database.value_or("");
    endpoint.tls.ca_file = s.ca_file.value_or("");
    endpoint.tls.certificate_file = s.certificate_file.value_or("");
    endpoint.tls.key_file = s.key_file.value_or("");
    // As in the mysql client: who names a CA wants it used.
    endpoint.tls.mode =
        s.tls_mode.value_or(s.ca_file ? base::TlsMode::verify_ca : base::TlsMode::preferred);
    endpoint.connect_timeout = s.connect_timeout.value_or(endpoint.connect_timeout);
    endpoint.read_timeout = s.read_timeout.value_or(endpoint.read_timeout);
    endpoint.name = m_name.empty() ? endpoint.url() : m_name;
    if (endpoint.database.empty())
        throw base::UsageError(fmt::format("--{} {} names no database; write it behind the host, "
                                           "as in mysql://user@host:3306/shop, or "
                                           "as 'database' in the config.",
                                           side_word(), endpoint.describe()));
    endpoint.is_protected = s.is_protected.value_or(false) || is_protected_by_address(endpoint);
    endpoint.password = find_password(endpoint);
    return endpoint;
}

/// A protected endpoint stays so under its URL, or under another name in the config.
bool Resolver::is_protected_by_address(const base::Endpoint& endpoint) const
{
    if (m_config == nullptr)
        return false;
    const auto& entries = m_config->endpoints;
    return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
        const EndpointSettings& s = entry.second.settings;
        const bool same_address =
            s.socket ? *s.socket == endpoint.socket
                     : endpoint.socket.empty() && s.host.value_or("localhost") == endpoint.host &&
                           s.port.value_or(base::Endpoint().port) == endpoint.port;
        return s.is_protected.value_or(false) && same_address &&
               s.database.value_or("") == endpoint.database;
    });
}

std::optional<std::string> Resolver::find_password(const base::Endpoint& endpoint)
{
    if (m_settings.password)
        return m_settings.password;
    if (m_settings.password_env)
        return password_of_variable(*m_settings.password_env);
    if (m_settings.password_file)
        return password_of_file(*m_settings.password_file);
    if (m_settings.prompt.value_or(false))
        return m_surroundings.ask(fmt::format("Password for {}: ", endpoint.describe()));
    return std::nullopt;
}

std::string Resolver::password_of_variable(const std::string& name) const
{
    if (auto value = m_surroundings.variable(name))
        return *value;
    throw base::UsageError(
        fmt::format("Endpoint {} takes its password from the environment variable {} "
                    "(password_env), which is not set.",
                    in_quotes(m_name), in_quotes(name)));
}

std::string Resolver::password_of_file(const std::string& path)
{
    std::string text = read_text_file(path, "the password file", k_max_password_file_bytes);
    text.resize(std::min(text.find('\n'), text.size()));
    if (text.ends_with('\r'))
        text.pop_back();
    if (text.empty() || text.find('\0') != std::string::npos)
        throw base::UsageError(fmt::format(
            "The first line of the password file {} holds no password.", in_quotes(path)));
    if (open_to(path) != OpenTo::nobody_else)
        m_warnings.push_back(
            fmt::format("The password file {0} can be read by every user; run: chmod 600 {0}",
                        in_quotes(path)));
    return text;
}

} // namespace

std::optional<std::string> environment_variable(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

ResolvedEndpoint resolve_endpoint(std::string_view name_or_url, const Config* config,
                                  const Surroundings& surroundings)
{
    return Resolver(config, surroundings).resolve(name_or_url);
}

} // namespace slicetool::config
