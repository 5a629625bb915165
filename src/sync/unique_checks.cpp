#include "sync/unique_checks.hpp"

#include <spdlog/spdlog.h>

namespace slicetool::sync {

UniqueChecksOff::UniqueChecksOff(const TablePair& pair, SessionPair& sessions)
    : m_sessions(sessions), m_used(pair.unique_keys.empty() && pair.probed_keys.empty())
{
    if (m_used)
        set("0");
}

UniqueChecksOff::~UniqueChecksOff()
{
    try {
        if (m_used)
            set("1");
    } catch (const db::Error& failure) {
        spdlog::debug("{}", failure.what()); // a lost connection has no variables
    }
}

void UniqueChecksOff::set(const char* value)
{
    m_sessions.downstream().execute("set unique_checks",
                                    std::string("SET SESSION unique_checks = ") + value);
}

} // namespace slicetool::sync
