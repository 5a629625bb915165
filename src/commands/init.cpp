#include "base/error.hpp"
#include "base/new_file.hpp"
#include "base/text.hpp"
#include "commands/command.hpp"
#include "commands/connection_options.hpp"
#include "commands/exit_status.hpp"
#include "commands/job_text.hpp"
#include "config/read_config.hpp"
#include "report/screen.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace slicetool::commands {

namespace {

struct InitOptions
{
    ConnectionOptions connection;
    std::string output;
    bool force = false;
};

[[noreturn]] void refuse_existing(const std::string& path)
{
    throw base::UsageError(
        fmt::format("{} exists; name another file, or replace it with --force.", path));
}

void write_job(const InitOptions& options, const std::string& text)
{
    base::NewFile file(options.output, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
    file.write(text);
    if (options.force)
        file.take_place();
    else if (!file.take_free_place())
        refuse_existing(options.output);
}

int init(const InitOptions& options)
{
    if (options.connection.from.empty())
        throw base::UsageError("--from is missing: the database to write a job for.");
    const auto screen = report::Screen::of_process();
    if (!options.force && ::access(options.output.c_str(), F_OK) == 0)
        refuse_existing(options.output);
    std::vector<std::string> warnings;
    JobSketch sketch;
    sketch.file = options.output.empty() ? "FILE" : options.output;
    sketch.from = resolve_alone(options.connection, config::Side::from, warnings);
    if (!options.connection.to.empty())
        sketch.to = resolve_alone(options.connection, config::Side::to, warnings);
    for (const auto& warning : warnings)
        screen->print_err(fmt::format("slicetool: {}\n", warning));
    auto upstream = db::Session::open(sketch.from, db::Role::reader);
    std::optional<db::Session> downstream;
    if (sketch.to)
        downstream = db::Session::open(*sketch.to, db::Role::reader);
    sketch.from_version = upstream.server().version;
    sketch.tables = sync::survey(upstream, downstream ? &*downstream : nullptr);
    const std::string text = build_job_text(sketch);
    config::parse_config(text, sketch.file);
    if (options.output.empty()) {
        screen->print_out(text);
        return k_exit_equal;
    }
    write_job(options, text);
    screen->print_out(fmt::format("{}: the jobs nightly and hourly, {}.\n", options.output,
                                  base::count_of(sketch.tables.size(), "table", "tables")));
    return k_exit_equal;
}

} // namespace

void register_init(CLI::App& app, Action& action)
{
    auto options = std::make_shared<InitOptions>();
    CLI::App* command = app.add_subcommand(
        "init", "Write a config with a nightly and an hourly job for the tables of an upstream");
    add_endpoint_options(*command, options->connection);
    constexpr const char* k_group = "Output";
    command->add_option("-o,--output", options->output, "Write it to this file, which must be new")
        ->group(k_group)
        ->type_name("FILE");
    command->add_flag("--force", options->force, "Replace the file if it exists")->group(k_group);
    command->callback([options, &action] {
        action = [options](const base::StopToken&) { return init(*options); };
    });
}

} // namespace slicetool::commands
