#include "base/text.hpp"
#include "commands/described_options.hpp"
#include "commands/generate.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace slicetool::commands {

namespace {

constexpr std::string_view k_description = R"(.SH DESCRIPTION
.B slicetool
makes tables on a downstream MySQL or MariaDB server equal to the same tables on an upstream one. It compares
fingerprints of key ranges on both servers, looks more closely only where they differ, copies only the rows that
differ, and proves the result inside the transaction that wrote it.
.PP
An endpoint is a name from the config file, or a URL:
.B mysql://user@host:3306/db
or
.BR mysql://user@localhost/db?socket=/path .
After any failure, run the same command again.
)";

constexpr std::string_view k_end = R"(.SH EXIT STATUS
.TP
.B 0
equal; or made equal and proven
.TP
.B 1
differences: found by a comparison, or left over
.TP
.B 2
failed: bad usage, config or connection; or a table was refused or failed
.TP
.B 75
another run is writing to the same downstream database; nothing was done
.TP
.B 130
interrupted; nothing is half done
.SH FILES
.TP
.I /etc/slicetool/JOB.yaml
what the systemd units
.I slicetool@JOB.service
and
.I slicetool@JOB.timer
run
.TP
.IR ~/.my.cnf ", and the other option files of the mysql client"
hosts, users, passwords and certificates, in the groups
.B [client]
and
.B [slicetool]
.SH EXAMPLES
.EX
slicetool pull_schema \-\-from mysql://reader@db1/shop \-\-to mysql://root@localhost/shop
slicetool slice \-\-from mysql://reader@db1/shop \-\-to mysql://root@localhost/shop \-\-tables orders,customers
slicetool verify \-\-config /etc/slicetool/shop.yaml \-\-list\-keys
.EE
.SH SEE ALSO
.BR mysql (1),
.BR mariadb (1),
.BR crontab (5),
.BR systemd.timer (5)
.PP
The folder
.I /usr/share/doc/slicetool
holds the whole documentation.
)";

/// Text that troff prints as it is.
std::string plain(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c == '\\')
            result += "\\e";
        else if (c == '-')
            result += "\\-";
        else
            result += c == '\n' ? ' ' : c;
    }
    return !result.empty() && (result[0] == '.' || result[0] == '\'') ? "\\&" + result : result;
}

std::string paragraph(const DescribedOption& option)
{
    std::string text = ".TP\n\\fB" + plain(base::join(option.names, ", ")) + "\\fR";
    if (!option.value.empty())
        text += " \\fI" + plain(option.value) + "\\fR";
    text += "\n" + plain(option.description);
    if (!option.preset.empty())
        text += " (default: " + plain(option.preset) + ")";
    return text + "\n";
}

/// `name` is the command's with those of the commands that it belongs to.
std::string section(const CLI::App& command, const std::string& name)
{
    std::string text =
        fmt::format(".SS slicetool {}\n{}.\n", plain(name), plain(command.get_description()));
    for (const auto& option : options_of(command))
        text += paragraph(option);
    for (const CLI::App* part : commands_of(command))
        text += section(*part, name + " " + part->get_name());
    return text;
}

} // namespace

std::string manual_page(const CLI::App& app)
{
    std::string page = fmt::format(
        ".\\\" Made by \"slicetool generate man\" from the descriptions that --help prints.\n"
        ".TH SLICETOOL 1 \"\" \"slicetool {}\" \"User Commands\"\n"
        ".SH NAME\nslicetool \\- make tables on one MySQL or MariaDB server equal to another's\n"
        ".SH SYNOPSIS\n",
        k_version);
    for (const CLI::App* command : commands_of(app))
        page += fmt::format(".B slicetool {}\n.RI [ options ]\n.br\n", plain(command->get_name()));
    page += k_description;
    page += ".SH COMMANDS\n";
    for (const CLI::App* command : commands_of(app))
        page += section(*command, command->get_name());
    page += ".SH OPTIONS WITHOUT A COMMAND\n";
    for (const auto& option : options_of(app))
        page += paragraph(option);
    return page + std::string(k_end);
}

} // namespace slicetool::commands
