#pragma once

#include "base/endpoint.hpp"
#include "db/session.hpp"
#include "sql/table.hpp"

#include <string>
#include <vector>

/// What is refused before anything is written, unless a flag says otherwise. Each throws
/// base::Refusal with a sentence that names the flag.
namespace slicetool::sync {

/// What the user has allowed.
struct Allowances
{
    bool read_only = false;      ///< --allow-read-only
    bool replica = false;        ///< --allow-replica
    bool triggers = false;       ///< --allow-triggers
    bool empty_upstream = false; ///< --allow-empty-upstream
};

/// The config marks downstream as `protected: true`.
void refuse_protected(const base::Endpoint& downstream);

/// Both endpoints are the same database of the same server, under whatever names.
void refuse_same_database(db::Session& upstream, db::Session& downstream);

/// The session's database as the server names it.
std::string database_of(db::Session& session);

/// Downstream is read-only, or replicates from somewhere.
void refuse_unwritable(db::Session& downstream, const Allowances& allowances);

/// The downstream table is no plain table, or has triggers that writing would fire.
void refuse_table(const sql::Table& upstream, const sql::Table& downstream,
                  const Allowances& allowances);

/// A column that is not copied has no value of its own for new rows: it takes no NULL and has no
/// default.
void refuse_columns_without_value(const sql::Table& downstream,
                                  const std::vector<std::string>& excluded);

/// MySQL shows triggers only to users with the privilege TRIGGER, but fires them for all: without
/// it, whether the table has any is unknown.
void refuse_unseen_triggers(db::Session& downstream, const sql::Table& table,
                            const Allowances& allowances);

/// The first is for a query whose answer says which rows there shall be. The other: upstream holds
/// no row while downstream does, more likely a mistake than a wish.
[[noreturn]] void refuse_empty_answer(const std::string& table);
void refuse_empty_upstream(const std::string& table, bool upstream_has_rows,
                           bool downstream_has_rows, const Allowances& allowances);

} // namespace slicetool::sync
