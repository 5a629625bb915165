#include "sync/keys_step.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "sql/quote.hpp"
#include "sync/candidates.hpp"
#include "sync/guards.hpp"
#include "sync/key_chunks.hpp"
#include "sync/reads.hpp"
#include "sync/sync_step.hpp"
#include "sync/upstream_query.hpp"

#include <fmt/format.h>
#include <utility>

namespace slicetool::sync {

namespace {

/// "(`a`, `b`) IN (SELECT q.`a`, q.`b` FROM (…) AS q)".
std::string membership(const TablePair& pair, const UpstreamQuery& query,
                       const std::vector<std::string>& columns)
{
    std::vector<std::string> named;
    for (const auto& column : columns)
        named.push_back(column_of_query(column));
    return fmt::format("({}) IN (SELECT {} FROM {})", pair.upstream.key_list,
                       base::join(named, ", "), query.from);
}

/// The keys that the query names and for which upstream has no row.
std::string build_keys_without_row(const TableSide& side, const UpstreamQuery& query,
                                   const std::vector<std::string>& columns)
{
    std::vector<std::string> values;
    std::vector<std::string> named;
    std::vector<std::string> same;
    for (std::size_t at = 0; at < columns.size(); ++at) {
        const std::string column = column_of_query(columns[at]);
        const bool is_text = side.key[at].literal == KeyLiteral::text;
        values.push_back(
            is_text ? fmt::format("CONVERT({} USING {})", column, side.key[at].introducer.substr(1))
                    : column);
        named.push_back(column + " IS NOT NULL");
        same.push_back(fmt::format("{}.{} = {}", side.table,
                                   sql::quote_identifier(side.key[at].name), column));
    }
    if (!side.where.empty())
        same.push_back("(" + side.where + ")");
    return fmt::format("/* slicetool table={} keys without a row */ SELECT DISTINCT {} FROM {} "
                       "WHERE {} AND NOT EXISTS (SELECT 1 FROM {} WHERE {})",
                       sql::comment_text(side.name), base::join(values, ", "), query.from,
                       base::join(named, " AND "), side.table, base::join(same, " AND "));
}

class KeysStep
{
public:
    KeysStep(const StepContext& context, const Step& step, report::TableResult& result)
        : m_context(context), m_step(step), m_result(result)
    {
    }

    void run();

private:
    std::vector<std::string> key_columns(const TablePair& pair) const;
    void refuse_if_empty(const TablePair& pair) const;
    void make_equal_by_key(const TablePair& pair, const std::vector<std::string>& columns);
    std::vector<KeyTuple> rows_only_downstream(const TablePair& pair,
                                               const std::vector<std::string>& columns) const;

    const StepContext& m_context;
    const Step& m_step;
    report::TableResult& m_result;
    UpstreamQuery m_query;
};

std::vector<std::string> KeysStep::key_columns(const TablePair& pair) const
{
    if (pair.keyless)
        throw base::Refusal(fmt::format(
            "Table {} has no key that identifies its rows on both sides, which a step of the kind "
            "keys needs. Use sync with a where.",
            m_context.table));
    std::vector<std::string> wanted;
    for (const auto& column : pair.upstream.key)
        wanted.push_back(column.name);
    auto columns = columns_for(m_query, wanted);
    if (columns.empty())
        throw base::Refusal(fmt::format(
            "Table {}: the query gives the columns {}, and not those of the key, {}.",
            m_context.table, base::join(m_query.columns, ", "), base::join(wanted, ", ")));
    return columns;
}

/// Downstream's rows of the keys for which upstream has none. Servers may take values for equal
/// that are not, so each key found is asked for upstream once more.
std::vector<KeyTuple> KeysStep::rows_only_downstream(const TablePair& pair,
                                                     const std::vector<std::string>& columns) const
{
    SessionPair& sessions = m_context.sessions();
    std::vector<KeyTuple> found;
    std::vector<KeyTuple> some;
    const auto look = [&] {
        for (const auto& [key, digest] :
             read_digests_of_keys(sessions.downstream(), pair.downstream, some))
            found.push_back(key);
        some.clear();
        m_context.stop.throw_if_stopped();
    };
    {
        db::Result keys =
            sessions.upstream().query("look for keys without a row in " + pair.upstream.name,
                                      build_keys_without_row(pair.upstream, m_query, columns));
        while (keys.next()) {
            some.push_back(key_from(keys, pair.upstream));
            if (some.size() == k_keys_per_statement)
                look();
        }
    }
    look();
    const auto there = read_digests_of_keys(sessions.upstream(), pair.upstream, found);
    std::erase_if(found, [&](const KeyTuple& key) { return there.count(key) != 0; });
    return found;
}

void KeysStep::make_equal_by_key(const TablePair& pair, const std::vector<std::string>& columns)
{
    const std::string named = membership(pair, m_query, columns);
    TablePair deciding = pair;
    deciding.upstream.where = pair.upstream.where.empty()
                                  ? named
                                  : fmt::format("({}) AND ({})", pair.upstream.where, named);
    deciding.choices.keep_outside = true;
    KeyRows rows(m_context, pair, deciding, m_result);
    look_at({pair.upstream.from, named, {}}, m_context, pair, rows);
    rows.remove(rows_only_downstream(pair, columns));
    rows.finish();
    m_result.outcome = outcome_of(m_result, m_context.options.mode);
    if (m_result.outcome != report::Outcome::different)
        m_result.outcome = report::Outcome::lite;
    m_result.reason =
        fmt::format("Only rows whose keys the query names were looked at; upstream has {} of them.",
                    base::format_count(m_result.rows));
}

void KeysStep::refuse_if_empty(const TablePair& pair) const
{
    const auto is_empty = [&](db::Session& session, const std::string& rows) {
        return session.query_value("look for rows of " + m_context.table,
                                   fmt::format("/* slicetool table={} any row */ SELECT EXISTS "
                                               "(SELECT 1 FROM {})",
                                               sql::comment_text(m_context.table), rows)) == "0";
    };
    SessionPair& sessions = m_context.sessions();
    if (is_empty(sessions.upstream(), m_query.from) &&
        !is_empty(sessions.downstream(), pair.downstream.table))
        refuse_empty_answer(m_context.table);
}

void KeysStep::run()
{
    m_query = read_query(m_context.sessions().upstream(), m_context.table, m_step.query);
    if (m_step.keep_others) {
        const TablePair pair = plan_step(m_context, m_step.choices);
        const auto columns = key_columns(pair);
        open_upstream(m_context);
        return make_equal_by_key(pair, columns);
    }
    const TablePair pair = match_tables(m_context, m_step.choices);
    if (m_context.writes() && !m_context.options.allowances.empty_upstream)
        refuse_if_empty(pair);
    TableChoices choices = m_step.choices;
    const std::string named = membership(pair, m_query, key_columns(pair));
    choices.where =
        choices.where.empty() ? named : fmt::format("({}) AND ({})", choices.where, named);
    choices.keep_outside = false;
    run_sync_step(m_context, choices, m_result);
}

} // namespace

void run_keys_step(const StepContext& context, const Step& step, report::TableResult& result)
{
    KeysStep(context, step, result).run();
}

} // namespace slicetool::sync
