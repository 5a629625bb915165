#pragma once

#include "db/session.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// Makes a writer session fit for DDL while it lives. Literals in definitions are taken in the
/// client's character set, so that has to be the one the statements are written in, UTF-8; results
/// stay bytes. The session must outlive it.
class DdlSession
{
public:
    explicit DdlSession(db::Session& session);
    DdlSession(const DdlSession&) = delete;
    DdlSession& operator=(const DdlSession&) = delete;
    /// Sets the pins of db/pins again.
    ~DdlSession();

    /// What the server would not let be set, in sentences.
    const std::vector<std::string>& warnings() const { return m_warnings; }

private:
    enum class Telling { warn, keep_quiet };

    void prefer(const std::string& variable, const std::string& value, Telling telling);

    db::Session& m_session;
    std::vector<std::string> m_warnings;
    std::vector<std::string> m_restore;
};

} // namespace slicetool::sync
