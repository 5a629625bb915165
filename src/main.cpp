#include "base/error.hpp"
#include "commands/argument_secrets.hpp"
#include "commands/command.hpp"
#include "commands/exit_status.hpp"
#include "commands/signals.hpp"
#include "report/text.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <memory>

namespace {

using namespace slicetool;

/// Sentences may hold names and what a server said: nothing in them moves the cursor.
int complain(const char* sentence)
{
    fmt::print(stderr, "slicetool: {}\n", report::printable_lines(sentence));
    return commands::k_exit_failed;
}

/// Breaks the descriptions of options so that help fits into 100 columns.
class WrappingFormatter : public CLI::Formatter
{
public:
    std::string make_option_desc(const CLI::Option* option) const override
    {
        std::string wrapped;
        for (const auto& line : report::wrapped(CLI::Formatter::make_option_desc(option), k_width))
            wrapped += (wrapped.empty() ? "" : "\n") + line;
        return wrapped;
    }

private:
    static constexpr std::size_t k_width = 66;
};

/// The command line's words, or its own end: help, version, or a mistake told.
int run(int argc, char** argv, const base::StopToken& stop)
{
    CLI::App app("Makes tables on a downstream MySQL or MariaDB server equal to those upstream: "
                 "compares fingerprints of key\n"
                 "ranges, zooms into those that differ, copies only the rows that differ, and "
                 "proves the result.");
    app.name("slicetool");
    app.require_subcommand(0, 1);
    app.formatter(std::make_shared<WrappingFormatter>());
    commands::Action action;
    commands::register_version(app);
    commands::register_init(app, action);
    commands::register_check(app, action);
    commands::register_pull_schema(app, action);
    commands::register_slice(app, action);
    commands::register_undo(app, action);
    commands::register_verify(app, action);
    const char* footer = "Exit status: 0 equal, or made equal and proven; 1 differences; 2 failed "
                         "or refused;\n75 another run is writing there; 130 interrupted.";
    app.footer(footer);
    for (CLI::App* command : app.get_subcommands({}))
        command->footer(footer);
    if (argc == 1) {
        fmt::print("{}", app.help());
        return commands::k_exit_failed;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem) == 0 ? commands::k_exit_equal : commands::k_exit_failed;
    }
    commands::hide_passwords(argc, argv);
    if (!action)
        return complain("Name a subcommand: init, check, pull_schema, slice, undo or verify.");
    return action(stop);
}

} // namespace

int main(int argc, char** argv)
{
    base::StopToken stop;
    const commands::SignalWatch signals(stop);
    try {
        return run(argc, argv, stop);
    } catch (const base::Interrupted&) {
        complain("Interrupted; nothing is left half done. Run it again to go on.");
        return commands::k_exit_interrupted;
    } catch (const base::Busy& busy) {
        complain(busy.what());
        return commands::k_exit_busy;
    } catch (const std::exception& failure) {
        return complain(failure.what());
    }
}
