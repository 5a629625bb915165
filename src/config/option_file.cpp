#include "config/option_file.hpp"

#include "base/error.hpp"
#include "config/option_line.hpp"
#include "config/problems.hpp"
#include "config/text_file.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <system_error>
#include <unistd.h>

namespace slicetool::config {

namespace {

/// Option files are a few hundred lines; this only keeps out what is none.
constexpr std::size_t k_max_bytes = 1 << 20;

/// The mysql client's own limit.
constexpr std::size_t k_max_include_depth = 10;

/// Keeps includes that include each other's folders from multiplying.
constexpr std::size_t k_max_files = 256;

constexpr std::array<std::string_view, 3> k_shared_groups{"client", "client-server",
                                                          "client-mariadb"};

const std::vector<std::string>& own_options()
{
    static const std::vector<std::string> k_names{"host",
                                                  "port",
                                                  "socket",
                                                  "user",
                                                  "password",
                                                  "database",
                                                  "ssl-mode",
                                                  "ssl-ca",
                                                  "ssl-cert",
                                                  "ssl-key",
                                                  "connect-timeout",
                                                  "read-timeout",
                                                  "ssl",
                                                  "ssl-verify-server-cert"};
    return k_names;
}

class OptionFileReader
{
public:
    /// Depth counts the includes that led here.
    void read_file(const std::string& path, std::size_t depth);
    void read_if_present(const std::string& path);
    OptionFiles finish();

private:
    enum class Group { none, shared, own, foreign };

    struct Place
    {
        const std::string& file;
        std::size_t line;
    };

    [[noreturn]] static void fail(const Place& place, const std::string& sentence);
    void read_trusted(const std::string& path, std::size_t depth);
    static Group group_of(const std::string& name);
    void read_line(const Place& place, const OptionLine& line, Group& group, std::size_t depth);
    void include(const Place& place, const std::string& path, std::size_t depth);
    void include_folder(const Place& place, const std::string& path, std::size_t depth);
    void warn_missing(const Place& place, const std::string& path);
    void read_option(const Place& place, const OptionLine& line, Group group);
    static bool set_text(const OptionLine& line, EndpointSettings& into);
    static bool set_parsed(const Place& place, const OptionLine& line, EndpointSettings& into);
    static bool set_mariadb_tls(const OptionLine& line, EndpointSettings& into);
    void set_password(const Place& place, const OptionLine& line, EndpointSettings& into);

    EndpointSettings m_shared;
    EndpointSettings m_own;
    std::vector<std::string> m_warnings;
    std::vector<std::string> m_told; ///< files that were warned about
    std::size_t m_files = 0;
};

void OptionFileReader::fail(const Place& place, const std::string& sentence)
{
    throw base::UsageError(fmt::format("{}:{}: {}", place.file, place.line, sentence));
}

OptionFileReader::Group OptionFileReader::group_of(const std::string& name)
{
    if (name == "slicetool")
        return Group::own;
    const bool is_shared =
        std::find(k_shared_groups.begin(), k_shared_groups.end(), name) != k_shared_groups.end();
    return is_shared ? Group::shared : Group::foreign;
}

void OptionFileReader::read_file(const std::string& path, std::size_t depth)
{
    const std::string text = read_text_file(path, "the option file", k_max_bytes);
    Group group = Group::none;
    std::size_t number = 0;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        const Place place{path, ++number};
        const std::string_view line = std::string_view(text).substr(start, end - start);
        read_line(place, parse_option_line(line), group, depth);
        start = end + 1;
    }
}

void OptionFileReader::read_line(const Place& place, const OptionLine& line, Group& group,
                                 std::size_t depth)
{
    switch (line.kind) {
    case OptionLine::Kind::blank:
        break;
    case OptionLine::Kind::malformed:
        fail(place, "This line is neither a [group], an option, a comment nor an !include.");
    case OptionLine::Kind::group:
        group = group_of(line.name);
        break;
    case OptionLine::Kind::include:
        include(place, line.name, depth);
        break;
    case OptionLine::Kind::include_folder:
        include_folder(place, line.name, depth);
        break;
    case OptionLine::Kind::option:
        if (group == Group::none)
            fail(place, "This option stands before the first [group].");
        if (group != Group::foreign)
            read_option(place, line, group);
        break;
    }
}

void OptionFileReader::include(const Place& place, const std::string& path, std::size_t depth)
{
    if (depth >= k_max_include_depth)
        fail(place, fmt::format("Includes are nested more than {} deep.", k_max_include_depth));
    if (++m_files > k_max_files)
        fail(place, fmt::format("More than {} files are included.", k_max_files));
    if (access(path.c_str(), R_OK) != 0)
        return warn_missing(place, path);
    read_trusted(path, depth + 1);
}

void OptionFileReader::read_if_present(const std::string& path)
{
    if (access(path.c_str(), F_OK) == 0)
        read_trusted(path, 0);
}

void OptionFileReader::read_trusted(const std::string& path, std::size_t depth)
{
    if (open_to(path) == OpenTo::writers)
        m_warnings.push_back(fmt::format(
            "The option file {} is ignored, because anybody may write to it.", in_quotes(path)));
    else
        read_file(path, depth);
}

void OptionFileReader::include_folder(const Place& place, const std::string& path,
                                      std::size_t depth)
{
    std::error_code error;
    std::vector<std::string> files;
    std::filesystem::directory_iterator entries(path, error);
    if (error)
        return warn_missing(place, path);
    for (const auto end = std::filesystem::directory_iterator(); entries != end && !error;
         entries.increment(error)) {
        if (entries->path().extension() == ".cnf")
            files.push_back(entries->path().string());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files)
        include(place, file, depth);
}

void OptionFileReader::warn_missing(const Place& place, const std::string& path)
{
    m_warnings.push_back(fmt::format("{}:{}: {} cannot be read and is skipped.", place.file,
                                     place.line, in_quotes(path)));
}

void OptionFileReader::read_option(const Place& place, const OptionLine& line, Group group)
{
    EndpointSettings& into = group == Group::own ? m_own : m_shared;
    if (line.name == "password")
        return set_password(place, line, into);
    const bool is_known =
        set_text(line, into) || set_parsed(place, line, into) || set_mariadb_tls(line, into);
    if (is_known || group == Group::shared) // the shared groups hold options of other programs
        return;
    fail(place, fmt::format("Unknown option {} in [slicetool]{}", in_quotes(line.name),
                            suggestion(line.name, own_options())));
}

bool OptionFileReader::set_text(const OptionLine& line, EndpointSettings& into)
{
    using S = EndpointSettings;
    static const std::map<std::string_view, std::optional<std::string> S::*> k_members{
        {"host", &S::host},         {"socket", &S::socket},  {"user", &S::user},
        {"database", &S::database}, {"ssl-ca", &S::ca_file}, {"ssl-cert", &S::certificate_file},
        {"ssl-key", &S::key_file},
    };
    const auto member = k_members.find(line.name);
    if (member == k_members.end())
        return false;
    into.*(member->second) = line.value && !line.value->empty() ? line.value : std::nullopt;
    return true;
}

bool OptionFileReader::set_parsed(const Place& place, const OptionLine& line,
                                  EndpointSettings& into)
{
    const std::string value = line.value.value_or("");
    const auto checked = [&](auto result, std::string_view expected) {
        if (!result)
            fail(place,
                 fmt::format("'{}' must be {}, not {}.", line.name, expected, in_quotes(value)));
        return result;
    };
    if (line.name == "port")
        into.port = checked(parse_port(value), k_expected_port);
    else if (line.name == "connect-timeout")
        into.connect_timeout = checked(parse_timeout(value), k_expected_timeout);
    else if (line.name == "read-timeout")
        into.read_timeout = checked(parse_timeout(value), k_expected_timeout);
    else if (line.name == "ssl-mode")
        into.tls_mode = checked(parse_tls_mode(value), k_expected_tls_mode);
    else
        return false;
    return true;
}

/// MariaDB's client has no ssl-mode; these are its words. As there, "ssl" alone or "=1" switches it
/// on.
bool OptionFileReader::set_mariadb_tls(const OptionLine& line, EndpointSettings& into)
{
    const bool is_verify = line.name == "ssl-verify-server-cert";
    if (line.name != "ssl" && !is_verify)
        return false;
    const std::string value = line.value.value_or("1");
    if (value == "1" || parse_boolean(value).value_or(false)) {
        const bool already_verified = into.tls_mode == base::TlsMode::verify_identity;
        into.tls_mode = is_verify || already_verified ? base::TlsMode::verify_identity
                                                      : base::TlsMode::required;
    }
    return true;
}

/// An option without '=' asks, as it does in the mysql client.
void OptionFileReader::set_password(const Place& place, const OptionLine& line,
                                    EndpointSettings& into)
{
    into.password = line.value;
    into.prompt = !line.value;
    const bool is_told = std::find(m_told.begin(), m_told.end(), place.file) != m_told.end();
    if (is_told || open_to(place.file) == OpenTo::nobody_else)
        return;
    m_told.push_back(place.file);
    m_warnings.push_back(
        fmt::format("The option file {0} holds a password and can be read by every "
                    "user; run: chmod 600 {0}",
                    in_quotes(place.file)));
}

OptionFiles OptionFileReader::finish()
{
    EndpointSettings settings = m_own;
    settings.fill_from(m_shared);
    // As in the mysql client, a socket is for the local server only.
    if (settings.host && *settings.host != "localhost")
        settings.socket.reset();
    return {std::move(settings), std::move(m_warnings)};
}

} // namespace

std::vector<std::string> default_option_files(const std::string& home)
{
    std::vector<std::string> files{"/etc/my.cnf", "/etc/mysql/my.cnf"};
    if (!home.empty())
        files.push_back(home + "/.my.cnf");
    return files;
}

OptionFiles read_option_files(const std::vector<std::string>& paths)
{
    OptionFileReader reader;
    for (const auto& path : paths)
        reader.read_if_present(path);
    return reader.finish();
}

OptionFiles read_defaults_file(const std::string& path)
{
    if (open_to(path) == OpenTo::writers)
        throw base::UsageError(fmt::format("The option file {0} cannot be trusted, because anybody "
                                           "may write to it; run: chmod 600 {0}",
                                           in_quotes(path)));
    OptionFileReader reader;
    reader.read_file(path, 0);
    return reader.finish();
}

} // namespace slicetool::config
