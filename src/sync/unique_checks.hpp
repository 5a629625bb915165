#pragma once

#include "sync/session_pair.hpp"
#include "sync/table_pair.hpp"

namespace slicetool::sync {

/// unique_checks = 0 on downstream for as long as it lives. InnoDB then need not look up secondary
/// unique keys, so it is used only where the table has none: it must never let a duplicate in.
class UniqueChecksOff
{
public:
    UniqueChecksOff(const TablePair& pair, SessionPair& sessions);
    UniqueChecksOff(const UniqueChecksOff&) = delete;
    UniqueChecksOff& operator=(const UniqueChecksOff&) = delete;
    ~UniqueChecksOff();

private:
    void set(const char* value);

    SessionPair& m_sessions;
    const bool m_used;
};

} // namespace slicetool::sync
