#pragma once

#include "config/endpoint_settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slicetool::config {

struct OptionFiles
{
    EndpointSettings settings;
    std::vector<std::string> warnings; ///< sentences for the user; never with a password
};

/// /etc/my.cnf, /etc/mysql/my.cnf and `home`/.my.cnf, weakest first, as the mysql client reads
/// them.
std::vector<std::string> default_option_files(const std::string& home);

/// Reads MySQL option files, the later ones stronger, with the mysql client's rules for quotes,
/// escapes, comments, !include and !includedir. Of the groups, [slicetool] beats [client],
/// [client-server] and [client-mariadb]. Files that do not exist are skipped, those that anybody
/// may write to are ignored with a warning, as is a missing include; one that anybody may read gets
/// a warning when a password is in it. Throws UsageError "file:line: sentence" for what cannot be
/// understood.
OptionFiles read_option_files(const std::vector<std::string>& paths);

/// Only this file, which must exist and not be writable by everybody: `--defaults-file`.
OptionFiles read_defaults_file(const std::string& path);

} // namespace slicetool::config
