#include "version.hpp"
#include "commands/command.hpp"
#include "db/client_version.hpp"
#include "hash/row_encoding.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace slicetool::commands {

void register_version(CLI::App& app)
{
    app.set_version_flag("--version", [] {
        return fmt::format("slicetool {} (row encoding {}, {})", k_version,
                           hash::k_encoding_version, db::client_version());
    });
}

} // namespace slicetool::commands
