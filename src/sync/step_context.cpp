#include "sync/step_context.hpp"

#include "base/error.hpp"
#include "db/schema.hpp"
#include "sync/charsets.hpp"
#include "sync/mask_probe.hpp"
#include "sync/null_rows.hpp"
#include "sync/stricter_keys.hpp"
#include "sync/undo_batch.hpp"
#include "sync/write_privileges.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

SideLimits limits_of(const db::Session& session)
{
    const db::Server& server = session.server();
    return {std::min(server.group_concat_max_len, server.max_allowed_packet),
            server.max_allowed_packet};
}

void warn(const StepContext& context, const std::string& sentence)
{
    context.reporter.note(context.table, report::Severity::warning, sentence);
}

void warn_of_upstream_engine(const StepContext& context)
{
    if (context.upstream != nullptr && !context.upstream->is_transactional())
        warn(context,
             fmt::format("Upstream's table has the engine {}, which takes no part in the snapshot: "
                         "rows that change during the run are seen as they are at that moment.",
                         context.upstream->engine));
}

void warn_of_downstream_engine(const StepContext& context)
{
    if (context.writes() && !context.downstream->is_transactional())
        warn(context,
             fmt::format("Downstream's table has the engine {}, which cannot roll back: after a "
                         "failure, run slicetool again.",
                         context.downstream->engine));
}

void refuse_definitions(const StepContext& context, bool reads_upstream)
{
    if (reads_upstream && context.upstream == nullptr)
        throw base::Refusal(fmt::format("There is no table {} upstream.", context.table));
    if (context.downstream == nullptr)
        throw base::Refusal(fmt::format(
            "There is no table {} downstream: create it with pull_schema first.", context.table));
    if (context.writes()) {
        db::Session& downstream = context.sessions().downstream();
        refuse_table(reads_upstream ? *context.upstream : *context.downstream, *context.downstream,
                     context.options.allowances);
        refuse_missing_privileges(downstream, *context.downstream);
        refuse_unseen_triggers(downstream, *context.downstream, context.options.allowances);
    }
}

} // namespace

void check_definitions(const StepContext& context, bool reads_upstream)
{
    refuse_definitions(context, reads_upstream);
    warn_of_upstream_engine(context);
    warn_of_downstream_engine(context);
}

void check_altered(const StepContext& context, bool reads_upstream, const std::string& engine)
{
    refuse_definitions(context, reads_upstream);
    if (context.downstream->engine != engine)
        warn_of_downstream_engine(context);
}

TablePair match_tables(const StepContext& context, const sql::Table& upstream,
                       const sql::Table& downstream, const TableChoices& choices)
{
    SessionPair& sessions = context.sessions();
    return plan_table_pair(upstream, downstream, choices, context.digest,
                           limits_of(sessions.upstream()), limits_of(sessions.downstream()));
}

TablePair match_tables(const StepContext& context, const TableChoices& choices)
{
    return match_tables(context, *context.upstream, *context.downstream, choices);
}

TablePair plan_step(const StepContext& context, const TableChoices& choices)
{
    SessionPair& sessions = context.sessions();
    if (context.writes())
        refuse_columns_without_value(*context.downstream, choices.excluded);
    TablePair pair = match_tables(context, choices);
    for (const auto& note : pair.notes)
        context.reporter.note(context.table, report::Severity::info, note);
    refuse_bad_masks(sessions.upstream(), pair);
    refuse_lossy_conversion(pair, sessions);
    if (context.writes()) {
        attach_undo(pair, context.options.undo, *context.downstream,
                    limits_of(sessions.downstream()).group_concat_bytes);
        for (auto& worker : context.workers)
            worker.set_downstream_strict(pair.has_enumeration ? db::Strict::no : db::Strict::yes);
        refuse_nulls(sessions.upstream(), pair);
        refuse_collisions(sessions.upstream(), pair, *context.upstream, *context.downstream);
    }
    return pair;
}

std::string without_counter(std::string statement)
{
    static constexpr std::string_view k_option = " AUTO_INCREMENT=";
    for (std::size_t at = 0; (at = statement.find(k_option, at)) != std::string::npos;) {
        const std::size_t end = statement.find_first_not_of("0123456789", at + k_option.size());
        statement.erase(at, std::min(end, statement.size()) - at);
    }
    return statement;
}

TablePair whole_table(const StepContext& context)
{
    TablePair pair = match_tables(context, *context.downstream, *context.downstream, {});
    attach_undo(pair, context.options.undo, *context.downstream,
                limits_of(context.sessions().downstream()).group_concat_bytes);
    return pair;
}

void require_unaltered(const StepContext& context)
{
    const auto now = db::read_create_statement(context.sessions().upstream(), context.table);
    if (!now || without_counter(*now) != without_counter(context.upstream->create_statement))
        throw base::Error(fmt::format("Table {}: upstream's definition is another one than when "
                                      "this run began. Nothing of the table was written.",
                                      context.table));
}

void open_upstream(const StepContext& context)
{
    context.sessions().upstream().query_value(
        "open " + context.table,
        fmt::format("SELECT EXISTS (SELECT 1 FROM {})", context.upstream->qualified_name()));
    require_unaltered(context);
}

report::Outcome outcome_of(const report::TableResult& result, Mode mode)
{
    if (result.differing() == 0)
        return report::Outcome::equal;
    return mode == Mode::make_equal ? report::Outcome::made_equal : report::Outcome::different;
}

} // namespace slicetool::sync
