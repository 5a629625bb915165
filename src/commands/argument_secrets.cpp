#include "commands/argument_secrets.hpp"

#include <cstring>
#include <string_view>

namespace slicetool::commands {

void hide_passwords(int argc, char** argv)
{
    for (int at = 1; at < argc; ++at) {
        const std::string_view text = argv[at];
        const std::size_t scheme = text.find("://");
        if (scheme == std::string_view::npos)
            continue;
        // A malformed URL may hold '/' or '@' in its password: rather too much than too little.
        const std::size_t colon = text.find(':', scheme + 3);
        const std::size_t end = text.rfind('@');
        if (colon != std::string_view::npos && end != std::string_view::npos && colon < end)
            std::memset(argv[at] + colon + 1, 'x', end - colon - 1);
    }
}

} // namespace slicetool::commands
