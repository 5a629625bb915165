#include "sync/same_server.hpp"

#include <fmt/format.h>
#include <random>
#include <spdlog/spdlog.h>

namespace slicetool::sync {

namespace {

/// Nobody else takes it: 64 bits of chance.
std::string lock_name()
{
    std::random_device random;
    return fmt::format("'slicetool same server {:08x}{:08x}'", random(), random());
}

} // namespace

SameServer same_server(db::Session& a, db::Session& b)
{
    if (a.server().identity != b.server().identity)
        return SameServer::no;
    const std::string name = lock_name();
    try {
        if (a.query_value("take a lock to be seen", fmt::format("SELECT GET_LOCK({}, 0)", name)) !=
            "1")
            return SameServer::probably;
        const auto holder =
            b.query_value("look who holds that lock", fmt::format("SELECT IS_USED_LOCK({})", name));
        a.query_value("release the lock", fmt::format("SELECT RELEASE_LOCK({})", name));
        return holder == std::to_string(a.connection_id()) ? SameServer::yes : SameServer::no;
    } catch (const db::Error& failure) {
        if (failure.connection_lost())
            throw;
        spdlog::info("{}", failure.what());
        return SameServer::probably;
    }
}

void refuse_other_server(const db::Session& first, const db::Session& later)
{
    if (first.server().identity == later.server().identity)
        return;
    throw OtherServer(fmt::format(
        "{} leads to more than one server: this run's first session there is on {}, a later one on "
        "{}. What they hold must not be mixed, so the run has ended; what it committed before is "
        "proven. Name one server, by an address of its own.",
        first.endpoint().describe(), first.server().identity, later.server().identity));
}

db::Session open_beside(const db::Session& first, db::Role role)
{
    // A copy: `first` may be about to be replaced.
    db::Session later = db::Session::open(base::Endpoint(first.endpoint()), role);
    refuse_other_server(first, later);
    return later;
}

} // namespace slicetool::sync
