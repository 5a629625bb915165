#include "commands/job_text.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "config/yaml_text.hpp"

#include <fmt/format.h>
#include <string_view>

namespace slicetool::commands {

namespace {

using config::yaml_comment;
using config::yaml_text;

/// A table of so few rows is compared as a whole in less time than anybody notices.
constexpr std::uint64_t k_small_rows = 100'000;

/// Where comments behind a value begin, if the value leaves the place.
constexpr std::size_t k_comment_column = 40;

std::string with_comment(const std::string& line, const std::string& comment)
{
    return fmt::format("{:<{}} # {}\n", line, k_comment_column, yaml_comment(comment));
}

std::string_view tls_word(base::TlsMode mode)
{
    switch (mode) {
    case base::TlsMode::disabled:
        return "disabled";
    case base::TlsMode::required:
        return "required";
    case base::TlsMode::verify_ca:
        return "verify_ca";
    case base::TlsMode::verify_identity:
        return "verify_identity";
    case base::TlsMode::preferred:
        break;
    }
    return "preferred";
}

std::string endpoint_text(const std::string& name, const base::Endpoint& endpoint)
{
    std::string text = fmt::format("  {}:\n", name);
    const auto add = [&](const char* key, const std::string& value) {
        if (!value.empty())
            text += fmt::format("    {}: {}\n", key, yaml_text(value));
    };
    add("socket", endpoint.socket);
    if (endpoint.socket.empty()) {
        add("host", endpoint.host);
        text += fmt::format("    port: {}\n", endpoint.port);
    }
    add("user", endpoint.user);
    text += with_comment(fmt::format("    # password_env: {}_PASSWORD", base::ascii_upper(name)),
                         "the environment's variable with the password; or password_file");
    add("database", endpoint.database);
    if (endpoint.tls.mode != base::TlsMode::preferred)
        add("ssl_mode", std::string(tls_word(endpoint.tls.mode)));
    add("ssl_ca", endpoint.tls.ca_file);
    add("ssl_cert", endpoint.tls.certificate_file);
    add("ssl_key", endpoint.tls.key_file);
    return text;
}

std::string endpoints_text(const JobSketch& sketch)
{
    std::string text = "endpoints:\n" + endpoint_text("upstream", sketch.from);
    text += with_comment("    protected: true", "slicetool never writes there");
    if (sketch.to)
        return text + "\n" + endpoint_text("downstream", *sketch.to);
    base::Endpoint blank;
    blank.host = "localhost";
    blank.user = sketch.from.user;
    blank.database = sketch.from.database;
    return text + "\n  # To be filled in: the database that shall be made equal.\n" +
           endpoint_text("downstream", blank);
}

std::string size_of(const sync::SurveyedTable& table)
{
    return fmt::format("{} rows, {}", base::format_count(table.estimated_rows),
                       base::format_bytes(table.estimated_bytes));
}

std::string nightly_entry(const sync::SurveyedTable& table)
{
    const std::string name = yaml_text(table.name);
    if (table.refused)
        return with_comment("      - table: " + name, size_of(table)) +
               fmt::format("        # {}\n", yaml_comment(table.trouble)) + "        skip: true\n";
    if (table.key.empty())
        return with_comment("      - " + name, size_of(table)) +
               fmt::format("        # No key ({}): compared as a whole.\n",
                           yaml_comment(table.trouble));
    return with_comment("      - " + name, fmt::format("{}; key {}", size_of(table), table.key));
}

std::string hourly_entry(const sync::SurveyedTable& table)
{
    const std::string name = yaml_text(table.name);
    const std::string steps = "        steps:\n";
    if (table.refused)
        return fmt::format("      - table: {}\n        skip: true\n", name);
    if (!table.lite_column.empty() && !table.key.empty())
        return fmt::format("      - table: {}\n{}          - lite: {{column: {}}}\n", name, steps,
                           yaml_text(table.lite_column));
    if (table.estimated_rows <= k_small_rows)
        return fmt::format("      - table: {}\n{}", name, steps) +
               with_comment("          - sync",
                            "no column tells what changed, but the table is small");
    return fmt::format("      - table: {}\n", name) +
           with_comment("        skip: true", "no column tells what changed; nightly looks at it");
}

std::string job_text(const char* name, const char* why, const JobSketch& sketch,
                     std::string (*entry)(const sync::SurveyedTable&))
{
    std::string text =
        fmt::format("  # {}\n  {}:\n    from: upstream\n    to: downstream\n", why, name);
    if (sketch.tables.empty())
        return text + "    # Upstream has no tables yet; without 'tables', all are meant.\n";
    text += with_comment("    tables:", "parents before the tables that refer to them");
    for (const auto& table : sketch.tables)
        text += entry(table);
    return text;
}

std::string head_text(const JobSketch& sketch)
{
    std::uint64_t bytes = 0;
    for (const auto& table : sketch.tables)
        bytes += table.estimated_bytes;
    const std::string file = yaml_comment(sketch.file);
    return fmt::format(
        "# Written by slicetool init from {}, {}:\n"
        "# {}, about {}. Rows and sizes are the server's estimates.\n"
        "# docs/config.md describes every key, docs/steps.md what tables can be put through.\n"
        "#\n"
        "#   slicetool pull_schema --config {} --job nightly   # creates the tables downstream\n"
        "#   slicetool check --config {} --job nightly         # is everything there, and "
        "allowed?\n"
        "#   slicetool slice --config {} --job nightly         # makes them equal\n\n",
        yaml_comment(sketch.from.url()), yaml_comment(sketch.from_version),
        base::count_of(sketch.tables.size(), "table", "tables"), base::format_bytes(bytes), file,
        file, file);
}

} // namespace

std::string build_job_text(const JobSketch& sketch)
{
    return head_text(sketch) + endpoints_text(sketch) + "\njobs:\n" +
           job_text("nightly", "Every row of every table, compared and made equal.", sketch,
                    nightly_entry) +
           "\n" +
           job_text("hourly",
                    "In between: what is new, and what changed by its timestamp. It cannot see "
                    "deletes; nightly does.",
                    sketch, hourly_entry);
}

} // namespace slicetool::commands
