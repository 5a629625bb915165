#pragma once

#include "base/endpoint.hpp"
#include "config/job.hpp"
#include "config/read_password.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slicetool::config {

enum class Side { from, to };

enum class AskPassword { no, yes };

/// The process's environment variable, if it is set.
std::optional<std::string> environment_variable(const std::string& name);

/// Where an endpoint's missing parts come from. The defaults are the real world; tests replace it.
struct Surroundings
{
    Side side = Side::from;
    std::optional<std::string> defaults_file; ///< `--defaults-file`: the only option file, if set
    AskPassword ask_password = AskPassword::no;

    std::function<std::optional<std::string>(const std::string& name)> variable =
        environment_variable;
    std::function<std::string(const std::string& prompt)> ask = [](const std::string& prompt) {
        return read_password(prompt);
    };
    std::optional<std::vector<std::string>> option_files; ///< unset: default_option_files()
};

struct ResolvedEndpoint
{
    base::Endpoint endpoint;
    std::vector<std::string> warnings; ///< sentences for the user; never with a password
};

/// Fills an endpoint from, strongest first: the URL or the config's entry, the config's defaults,
/// the environment, option files, built-in defaults. `config` may be null. Throws UsageError, which
/// never repeats what may be a password.
ResolvedEndpoint resolve_endpoint(std::string_view name_or_url, const Config* config,
                                  const Surroundings& surroundings = {});

} // namespace slicetool::config
