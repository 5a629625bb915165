#include "version.hpp"
#include "commands/command.hpp"
#include "db/client_version.hpp"
#include "hash/row_encoding.hpp"
#include "report/json_document.hpp"
#include "state/file.hpp"
#include "undo/frame.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json_fwd.hpp>
#include <openssl/crypto.h>
#include <spdlog/version.h>

namespace slicetool::commands {

namespace {

/// Those that run are asked; where a library does not tell, it is the one that was compiled with.
std::string libraries()
{
    return fmt::format(
        "{}, {}, OpenSSL {}, {}, {}\n"
        "yaml-cpp {}, CLI11 {}, spdlog {}.{}.{}, fmt {}.{}.{}, nlohmann-json {}.{}.{}",
        db::client_version(), db::client_library_version(), OpenSSL_version(OPENSSL_VERSION_STRING),
        state::library_version(), undo::library_version(), k_yaml_cpp_version, CLI11_VERSION,
        SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH, FMT_VERSION / 10'000,
        FMT_VERSION / 100 % 100, FMT_VERSION % 100, NLOHMANN_JSON_VERSION_MAJOR,
        NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
}

} // namespace

void register_version(CLI::App& app)
{
    app.set_version_flag(
        "--version",
        [] {
            return fmt::format("slicetool {} (row encoding {}, {})\n{}", k_version,
                               hash::k_encoding_version, report::k_json_format, libraries());
        },
        "Print the versions of slicetool, its formats and its libraries, and exit");
}

} // namespace slicetool::commands
