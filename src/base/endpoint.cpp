#include "base/endpoint.hpp"

#include <fmt/format.h>

namespace slicetool::base {

std::string Endpoint::url() const
{
    const std::string at = user.empty() ? "" : user + "@";
    if (!socket.empty())
        return fmt::format("mysql://{}localhost/{}?socket={}", at, database, socket);
    return fmt::format("mysql://{}{}:{}/{}", at, host, port, database);
}

std::string Endpoint::describe() const
{
    return name.empty() || name == url() ? url() : fmt::format("{} ({})", name, url());
}

} // namespace slicetool::base
