#include "sync/run_lock.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

constexpr int k_wait_seconds = 2;

/// The servers' largest: between two checks a large table may take days.
constexpr int k_idle_seconds = 31'536'000;

/// The lock's name is the server's, not the database's; it may have 64 characters.
constexpr const char* k_name = "CONCAT('slicetool ', LEFT(SHA2(DATABASE(), 256), 40))";

} // namespace

RunLock::RunLock(const base::Endpoint& downstream)
    : m_session(db::Session::open(downstream, db::Role::reader))
{
    m_session.execute("keep the run's lock while idle",
                      fmt::format("SET SESSION wait_timeout = {}", k_idle_seconds));
    const auto taken = m_session.query_value(
        "take the run's lock", fmt::format("SELECT GET_LOCK({}, {})", k_name, k_wait_seconds));
    if (taken == "1")
        return;
    const auto holder = m_session.query_value("ask who holds the run's lock",
                                              fmt::format("SELECT IS_USED_LOCK({})", k_name));
    throw base::Busy(fmt::format(
        "{}: another run of slicetool is writing to this database{}. Nothing was done; try again "
        "when it has ended.",
        downstream.describe(),
        holder ? fmt::format(" (the server's connection {})", *holder) : std::string()));
}

void RunLock::check()
{
    const auto mine = m_session.query_value(
        "check the run's lock",
        fmt::format("SELECT IFNULL(IS_USED_LOCK({}) = CONNECTION_ID(), 0)", k_name));
    if (mine != "1")
        throw m_session.error("check the run's lock", "it is no longer held by this run");
}

} // namespace slicetool::sync
