#include "sync/pull_schema.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/schema.hpp"
#include "db/schema_target.hpp"
#include "sql/ddl_tokens.hpp"
#include "sql/quote.hpp"
#include "sql/schema_diff.hpp"
#include "sql/translate.hpp"
#include "sync/ddl_session.hpp"
#include "sync/schema_choice.hpp"
#include "sync/schema_order.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace slicetool::sync {

namespace {

using report::SchemaAction;
using report::SchemaResult;
using report::Severity;

/// What is to be done with one table.
struct Work
{
    sql::Table upstream;
    sql::Translation translation;
    std::optional<sql::Table> downstream;
    SchemaResult result;
    bool to_create = false; ///< missing or to be recreated
    bool to_verify = false; ///< statements ran; read it back
    bool keys_later = false;

    const sql::Table& wanted() const { return translation.table; }
};

class SchemaPull
{
public:
    SchemaPull(db::Session& upstream, db::Session& downstream, const PullSchemaOptions& options,
               report::Reporter& reporter)
        : m_upstream(upstream), m_downstream(downstream), m_options(options), m_reporter(reporter)
    {
    }

    /// 1. choose the tables, 2. read both sides, 3. decide for each, 4. create in order, 5. add the
    /// foreign keys of cycles, 6. alter, 7. read back what was changed, 8. tell.
    PullSchemaSummary run()
    {
        read_both(choose_tables(m_upstream, m_options));
        for (auto& work : m_works)
            decide(work);
        carry_out();
        PullSchemaSummary summary;
        for (const auto& work : m_works) {
            tell(work);
            count(work.result, summary);
        }
        return summary;
    }

private:
    // ---- reading

    void read_both(const std::vector<std::string>& names)
    {
        const sql::Target target = db::read_target(m_downstream);
        std::map<std::string, sql::Table> found;
        for (auto& table : db::read_tables(m_downstream, names))
            found.emplace(table.name, std::move(table));
        for (auto& table : db::read_tables(m_upstream, names)) {
            Work work;
            work.translation = sql::translate(table, target);
            work.upstream = std::move(table);
            const auto other = found.find(work.upstream.name);
            if (other != found.end())
                work.downstream = std::move(other->second);
            m_works.push_back(std::move(work));
        }
    }

    // ---- deciding

    void decide(Work& work)
    {
        SchemaResult& result = work.result;
        result.table = work.upstream.name;
        result.translations = work.translation.sentences;
        const bool other_kind = work.downstream &&
                                work.downstream->kind != sql::TableKind::base_table &&
                                work.downstream->kind != sql::TableKind::system_versioned;
        if (!work.translation.refusals.empty())
            refuse(work, "It cannot be created downstream: " +
                             base::join(work.translation.refusals, " "));
        else if (other_kind)
            refuse(work,
                   "Downstream has a view or sequence of that name; drop or rename it first.");
        else if (!work.downstream || to_recreate(result.table))
            plan_creation(work);
        else
            plan_repair(work);
    }

    bool to_recreate(const std::string& name) const
    {
        return std::find(m_options.recreate.begin(), m_options.recreate.end(), name) !=
               m_options.recreate.end();
    }

    static void refuse(Work& work, std::string reason)
    {
        work.result.action = SchemaAction::refused;
        work.result.reason = std::move(reason);
    }

    void plan_creation(Work& work) const
    {
        work.to_create = true;
        work.result.action = SchemaAction::would_create;
    }

    void plan_repair(Work& work) const
    {
        const auto drifts = diff(work, *work.downstream);
        work.result.action = drifts.empty() ? SchemaAction::equal : SchemaAction::drift;
        work.result.drift = drift_sentences(drifts);
        if (drifts.empty() || !m_options.alter)
            return;
        const auto drops = m_options.drop_columns ? sql::Drops::allow : sql::Drops::refuse;
        work.result.statements = sql::build_alter_table(work.result.table, drifts, drops);
        if (!work.result.statements.empty())
            work.result.action = SchemaAction::would_alter;
    }

    std::vector<sql::Drift> diff(const Work& work, const sql::Table& found) const
    {
        return sql::diff_schema(work.wanted(), found, m_options.foreign_keys);
    }

    std::vector<std::string> drift_sentences(const std::vector<sql::Drift>& drifts) const
    {
        std::vector<std::string> sentences;
        for (const auto& drift : drifts) {
            const bool needs_drop = drift.drops && m_options.alter && !m_options.drop_columns;
            sentences.push_back(drift.sentence + (needs_drop ? " Dropping it needs --drop." : ""));
        }
        return sentences;
    }

    // ---- doing

    void carry_out()
    {
        order_creations();
        if (!m_options.dry_run) {
            const DdlSession ddl(m_downstream);
            for (const auto& warning : ddl.warnings())
                m_reporter.note("", Severity::warning, warning);
            for (Work* work : m_creations)
                run_statements(*work, SchemaAction::created);
            for (auto& work : m_works) {
                if (!work.to_create && work.result.action == SchemaAction::would_alter)
                    run_statements(work, SchemaAction::altered);
            }
            add_later_keys();
        } else {
            for (Work* work : m_creations)
                append_later_keys(*work);
        }
        verify();
    }

    /// Fills m_creations, in order, and the statements of each.
    void order_creations()
    {
        std::vector<Work*> works;
        std::vector<const sql::Table*> tables;
        for (auto& work : m_works) {
            if (work.to_create) {
                works.push_back(&work);
                tables.push_back(&work.upstream);
            }
        }
        const SchemaOrder order = order_by_foreign_keys(tables);
        for (const std::size_t at : order.order) {
            Work& work = *works[at];
            const bool keep = m_options.foreign_keys == sql::ForeignKeys::keep;
            work.keys_later = keep && order.keys_later[at];
            if (work.downstream)
                work.result.statements.push_back(sql::build_drop_table(work.result.table));
            work.result.statements.push_back(
                sql::build_create_table(work.wanted(), work.keys_later ? sql::ForeignKeys::leave_out
                                                                       : m_options.foreign_keys));
            m_creations.push_back(&work);
        }
    }

    void run_statements(Work& work, SchemaAction action)
    {
        m_options.stop.throw_if_stopped();
        const std::string table = sql::quote_identifier(work.result.table);
        if (!may_create_again(work))
            return;
        announce(work);
        const bool ran = attempt(
            work,
            [&](const std::string& statement) {
                return fmt::format("{} table {}", verb_of(statement), table);
            },
            work.result.statements);
        if (ran)
            work.result.action =
                work.to_create && work.downstream ? SchemaAction::recreated : action;
    }

    /// Before a table is dropped to be created anew: the server checks the privilege before it says
    /// that the table exists. (Had the table gone meanwhile, this would have created it.)
    bool may_create_again(Work& work)
    {
        if (!work.to_create || !work.downstream)
            return true;
        constexpr int k_table_exists = 1050;
        try {
            m_downstream.execute("create table " + sql::quote_identifier(work.result.table),
                                 work.result.statements.back());
        } catch (const db::Error& failure) {
            if (failure.connection_lost())
                throw;
            if (failure.number() == k_table_exists)
                return true;
            work.result.action = SchemaAction::failed;
            work.result.reason = failure.what();
            return false;
        }
        return true;
    }

    /// "drop", "create" or "alter".
    static std::string verb_of(const std::string& statement)
    {
        return base::ascii_lower(statement.substr(0, statement.find(' ')));
    }

    /// What changes a table that is there already is shown before it runs; not how upstream's is
    /// created anew after its drop.
    void announce(const Work& work)
    {
        if (!work.downstream)
            return;
        for (const auto& statement : work.result.statements) {
            if (verb_of(statement) != "create")
                m_reporter.note(work.result.table, Severity::info,
                                "Runs now: " + one_line(statement) + ";");
        }
    }

    static std::string one_line(const std::string& statement)
    {
        return sql::token_text(sql::tokenize(statement), 0, std::string::npos);
    }

    /// False when a statement failed; the result says so then.
    template<class Label>
    bool attempt(Work& work, Label label, const std::vector<std::string>& statements)
    {
        work.to_verify = true;
        try {
            for (const auto& statement : statements)
                m_downstream.execute(label(statement), statement);
            return true;
        } catch (const db::Error& failure) {
            if (failure.connection_lost())
                throw;
            work.result.action = SchemaAction::failed;
            work.result.reason = failure.what();
            work.to_verify = false;
            return false;
        }
    }

    static std::string append_later_keys(Work& work)
    {
        if (!work.keys_later || work.wanted().foreign_keys.empty())
            return "";
        work.result.statements.push_back(sql::build_add_foreign_keys(work.wanted()));
        return work.result.statements.back();
    }

    void add_later_keys()
    {
        for (Work* work : m_creations) {
            if (work->result.action == SchemaAction::failed)
                continue;
            const std::string statement = append_later_keys(*work);
            if (!statement.empty())
                attempt(*work,
                        [&](const std::string&) {
                            return "add the foreign keys of table " +
                                   sql::quote_identifier(work->result.table);
                        },
                        {statement});
        }
    }

    /// What the servers made of our statements is compared like any other table.
    void verify()
    {
        std::vector<std::string> names;
        for (const auto& work : m_works) {
            if (work.to_verify)
                names.push_back(work.result.table);
        }
        std::map<std::string, sql::Table> found;
        for (auto& table : db::read_tables(m_downstream, names))
            found.emplace(table.name, std::move(table));
        for (auto& work : m_works) {
            if (work.to_verify)
                verify_one(work, found);
        }
    }

    void verify_one(Work& work, const std::map<std::string, sql::Table>& found)
    {
        const auto table = found.find(work.result.table);
        if (table == found.end()) {
            work.result.action = SchemaAction::failed;
            work.result.reason = "The server reported no error, but the table is not there.";
            return;
        }
        const auto drifts = diff(work, table->second);
        if (drifts.empty())
            return;
        work.result.action = SchemaAction::drift;
        work.result.drift = drift_sentences(drifts);
    }

    // ---- telling

    void tell(const Work& work)
    {
        const std::string& name = work.result.table;
        for (const auto& warning : work.translation.warnings)
            m_reporter.note(name, Severity::warning, warning);
        const bool created = work.to_create && work.result.action != SchemaAction::failed;
        if (created && !work.upstream.triggers.empty())
            m_reporter.note(name, Severity::warning, trigger_sentence(work.upstream));
        if (created && m_options.foreign_keys == sql::ForeignKeys::keep)
            tell_dangling_keys(work);
        m_reporter.schema_result(work.result);
    }

    static std::string trigger_sentence(const sql::Table& table)
    {
        std::vector<std::string> names;
        for (const auto& trigger : table.triggers)
            names.push_back(sql::quote_identifier(trigger.name));
        return fmt::format("Upstream has {} on this table ({}), which is not copied.",
                           base::count_of(names.size(), "trigger", "triggers"),
                           base::join(names, ", "));
    }

    void tell_dangling_keys(const Work& work)
    {
        for (const auto& key : work.upstream.foreign_keys) {
            const bool elsewhere = key.referenced_schema != work.upstream.schema;
            const bool chosen = std::any_of(m_works.begin(), m_works.end(), [&](const Work& other) {
                return other.result.table == key.referenced_table;
            });
            if (elsewhere || !chosen)
                m_reporter.note(
                    work.result.table, Severity::warning,
                    fmt::format(
                        "Its foreign key {} refers to {}{}, which is not among the chosen tables.",
                        sql::quote_identifier(key.name),
                        elsewhere ? sql::quote_identifier(key.referenced_schema) + "." : "",
                        sql::quote_identifier(key.referenced_table)));
        }
    }

    static void count(const SchemaResult& result, PullSchemaSummary& summary)
    {
        switch (result.action) {
        case SchemaAction::equal:
            ++summary.equal;
            break;
        case SchemaAction::created:
        case SchemaAction::recreated:
            ++summary.created;
            break;
        case SchemaAction::altered:
            ++summary.altered;
            break;
        case SchemaAction::drift:
        case SchemaAction::would_create:
        case SchemaAction::would_alter:
            ++summary.drifting;
            break;
        case SchemaAction::refused:
            ++summary.refused;
            break;
        case SchemaAction::failed:
            ++summary.failed;
            break;
        }
    }

    db::Session& m_upstream;
    db::Session& m_downstream;
    const PullSchemaOptions& m_options;
    report::Reporter& m_reporter;
    std::vector<Work> m_works;
    std::vector<Work*> m_creations;
};

} // namespace

int PullSchemaSummary::exit_status() const
{
    if (refused + failed > 0)
        return 2;
    return drifting > 0 ? 1 : 0;
}

PullSchemaSummary pull_schema(db::Session& upstream, db::Session& downstream,
                              const PullSchemaOptions& options, report::Reporter& reporter)
{
    return SchemaPull(upstream, downstream, options, reporter).run();
}

} // namespace slicetool::sync
