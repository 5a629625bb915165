#include "sync/guards.hpp"

#include "base/error.hpp"
#include "db/grant_advice.hpp"
#include "db/privileges.hpp"
#include "db/replica.hpp"
#include "sql/quote.hpp"
#include "sync/same_server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace slicetool::sync {

namespace {

bool replicates(db::Session& downstream)
{
    try {
        return db::read_replica_state(downstream).replicates;
    } catch (const db::Error& failure) {
        spdlog::info("{} Whether downstream is a replica is unknown.", failure.what());
        return false;
    }
}

} // namespace

std::string database_of(db::Session& session)
{
    return session.query_value("ask for the database's name", "SELECT DATABASE()").value_or("");
}

void refuse_protected(const base::Endpoint& downstream)
{
    if (!downstream.is_protected)
        return;
    throw base::Refusal(fmt::format(
        "{} is marked \"protected: true\" in the config: it is never written to. Were --from and "
        "--to meant the other way round?",
        downstream.describe()));
}

void refuse_same_database(db::Session& upstream, db::Session& downstream)
{
    if (database_of(upstream) != database_of(downstream) ||
        same_server(upstream, downstream) == SameServer::no)
        return;
    throw base::Refusal(
        fmt::format("{} and {} are the same database of the same server: name two different ones.",
                    upstream.endpoint().describe(), downstream.endpoint().describe()));
}

void refuse_unwritable(db::Session& downstream, const Allowances& allowances)
{
    if (downstream.server().read_only && !allowances.read_only)
        throw base::Refusal(fmt::format(
            "{} is read-only: writing there is not meant. --allow-read-only tries it nevertheless.",
            downstream.endpoint().describe()));
    if (!allowances.replica && replicates(downstream))
        throw base::Refusal(fmt::format(
            "{} is a replica of another server: changes made here would break its replication. "
            "--allow-replica allows it.",
            downstream.endpoint().describe()));
}

void refuse_table(const sql::Table& upstream, const sql::Table& downstream,
                  const Allowances& allowances)
{
    const auto holds_rows = [](const sql::Table& table) {
        return table.kind == sql::TableKind::base_table ||
               table.kind == sql::TableKind::system_versioned;
    };
    if (!holds_rows(upstream) || !holds_rows(downstream))
        throw base::Refusal(fmt::format(
            "{} is not a base table on both sides (a view or a sequence cannot be sliced).",
            upstream.name));
    if (downstream.shows_other_tables())
        throw base::Refusal(
            fmt::format("Table {} is {} downstream: what is written to it is written "
                        "to other tables, perhaps on another server. Make a table "
                        "of its own of it (ENGINE=InnoDB), or say skip.",
                        downstream.name, downstream.engine));
    if (!downstream.triggers.empty() && !allowances.triggers)
        throw base::Refusal(fmt::format("Table {} has triggers downstream ({}), which writing rows "
                                        "would fire. Drop them there, or "
                                        "allow it with --allow-triggers.",
                                        downstream.name, downstream.triggers.front().name));
}

void refuse_columns_without_value(const sql::Table& downstream,
                                  const std::vector<std::string>& excluded)
{
    for (const auto& name : excluded) {
        const sql::Column* column = downstream.find_column(name);
        if (column == nullptr || column->nullable || column->default_sql ||
            column->auto_increment || column->generated != sql::Generated::no)
            continue;
        throw base::Refusal(fmt::format(
            "Table {}: column {} is left out, but takes no NULL and has no default downstream, so "
            "that no new row can be inserted. Give it a default there.",
            downstream.name, column->name));
    }
}

void refuse_unseen_triggers(db::Session& downstream, const sql::Table& table,
                            const Allowances& allowances)
{
    if (allowances.triggers || downstream.server().family == sql::Family::mariadb)
        return;
    if (db::grants_privilege(downstream.grants(), "TRIGGER", table.schema, table.name))
        return;
    throw base::Refusal(fmt::format(
        "Table {}: whether it has triggers downstream cannot be seen without the privilege "
        "TRIGGER, and writing would fire them. Say --allow-triggers, or let an administrator allow "
        "it there: GRANT TRIGGER ON {} TO {}.",
        table.name, table.qualified_name(), db::quoted_account(downstream.server().account)));
}

void refuse_empty_answer(const std::string& table)
{
    throw base::Refusal(fmt::format(
        "Table {}: the answer of the query is empty, and downstream holds rows, which would go: "
        "nothing was deleted. If they shall go, say --allow-empty-upstream.",
        table));
}

void refuse_empty_upstream(const std::string& table, bool upstream_has_rows,
                           bool downstream_has_rows, const Allowances& allowances)
{
    if (upstream_has_rows || !downstream_has_rows || allowances.empty_upstream)
        return;
    throw base::Refusal(fmt::format(
        "Table {} is empty upstream and holds rows downstream: nothing was deleted. If it shall be "
        "emptied, say --allow-empty-upstream.",
        table));
}

} // namespace slicetool::sync
