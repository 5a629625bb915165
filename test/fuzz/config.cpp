#include "config/read_config.hpp"

#include "base/error.hpp"
#include "fuzz.hpp"

/// Any text is a config, or refused with the file's name, line and column.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace slicetool;
    const std::string file = "fuzz.yaml";
    try {
        // One variable is set, and no file can be read.
        config::ConfigSources sources;
        sources.environment = [](const std::string& name) {
            return name == "SET" ? std::optional<std::string>("value") : std::nullopt;
        };
        const config::Config config =
            config::parse_config(fuzz::text_of(data, size), file, sources);
        fuzz::require(config.file == file, "a config knows its file");
    } catch (const base::UsageError& problem) {
        const std::string message = problem.what();
        fuzz::require_sentence(message);
        fuzz::require(message.starts_with(file + ":"), "problems begin with file:line", message);
    }
    return 0;
}
