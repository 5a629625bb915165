#include "sync/write_privileges.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/grant_advice.hpp"
#include "db/privileges.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <string>
#include <vector>

namespace slicetool::sync {

namespace {

/// A privilege and the statement that the server explains only to those who have it.
struct Probe
{
    const char* privilege;
    std::string statement;
};

std::array<Probe, 3> probes(const sql::Table& table)
{
    const std::string name = table.qualified_name();
    return {{{"SELECT", fmt::format("EXPLAIN SELECT * FROM {} WHERE FALSE", name)},
             {"INSERT", fmt::format("EXPLAIN INSERT INTO {} VALUES ()", name)},
             {"DELETE", fmt::format("EXPLAIN DELETE FROM {} WHERE FALSE", name)}}};
}

/// False when the server says that the privilege is missing; its other complaints do not matter
/// here.
bool may(db::Session& session, const Probe& probe)
{
    try {
        db::Result plan = session.query(fmt::format("ask for the privilege {}", probe.privilege),
                                        probe.statement);
        return true;
    } catch (const db::Error& failure) {
        if (failure.connection_lost())
            throw;
        spdlog::debug("{}", failure.what());
        return !failure.privilege_missing();
    }
}

} // namespace

void refuse_missing_privileges(db::Session& downstream, const sql::Table& table)
{
    const auto& grants = downstream.grants();
    std::vector<std::string> missing;
    for (const Probe& probe : probes(table)) {
        const bool granted =
            db::grants_privilege(grants, probe.privilege, table.schema, table.name);
        if (!granted && !may(downstream, probe))
            missing.emplace_back(probe.privilege);
    }
    if (missing.empty())
        return;
    throw base::Refusal(fmt::format(
        "Table {}: downstream's user may not write it; nothing was written. An administrator can "
        "allow it there: GRANT {} ON {} TO {}.",
        table.name, base::join(missing, ", "), table.qualified_name(),
        db::quoted_account(downstream.server().account)));
}

} // namespace slicetool::sync
