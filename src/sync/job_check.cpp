#include "sync/job_check.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sync/columns.hpp"
#include "sync/job_probes.hpp"
#include "sync/key_choice.hpp"
#include "sync/lite_column.hpp"
#include "sync/mask_probe.hpp"
#include "sync/sql_step.hpp"
#include "sync/steps.hpp"
#include "sync/write_privileges.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace slicetool::sync {

namespace {

const sql::Table* find(const std::map<std::string, sql::Table>& tables, const std::string& name)
{
    const auto found = tables.find(name);
    return found == tables.end() ? nullptr : &found->second;
}

/// One table of the job and its two definitions.
struct Subject
{
    const TableOrder& order;
    const sql::Table* upstream;   ///< may be null when no step reads it
    const sql::Table* downstream; ///< never null
};

bool compares_rows(const Step& step)
{
    return step.kind == StepKind::sync || step.kind == StepKind::lite ||
           step.kind == StepKind::keys;
}

bool has_query(const Step& step)
{
    return step.kind == StepKind::keys || step.kind == StepKind::replace;
}

/// The columns of the key that the step would use, where it must have one: it names it, or finds
/// rows by it. Columns that do not go together are found by the run, which refuses that table only:
/// then nothing is known of its key. Throws base::Refusal when none serves.
std::vector<std::string> key_that_serves(const Subject& subject, const Step& step)
{
    std::vector<std::string> names;
    if (step.choices.key.empty() && step.kind != StepKind::keys)
        return names;
    MatchedColumns columns;
    try {
        columns = match_columns(*subject.upstream, *subject.downstream, step.choices.excluded,
                                step.choices.masks);
    } catch (const base::Refusal&) {
        return names;
    }
    const ChosenKey key =
        choose_key(*subject.upstream, *subject.downstream, columns, step.choices.key);
    if (key.upstream == nullptr)
        throw base::Refusal(fmt::format(
            "Table {} has no key that identifies its rows on both sides ({}), which a step of the "
            "kind keys needs. Use sync with a where.",
            subject.order.name, key.reason));
    for (const auto& part : key.upstream->parts)
        names.push_back(part.column);
    return names;
}

/// Collects what is wrong, first from the definitions, then from what the servers say to probes.
class JobCheck
{
public:
    JobCheck(const JobTables& tables, const RunOptions& options, SessionPair& sessions)
        : m_tables(tables), m_options(options), m_sessions(sessions)
    {
    }

    std::vector<std::string> run();

private:
    template<class Work>
    void collect(const std::string& place, Work work);
    void check_table(const TableOrder& order);
    void require_upstream(const TableOrder& order) const;
    void check_writing(const Subject& subject);
    void check_step(const Subject& subject, const Step& step);
    void check_columns(const Subject& subject, const Step& step);
    void check_masks(const Subject& subject, const Step& step);
    void probe_step(const Subject& subject, const Step& step, std::vector<std::string> key);
    bool writes() const { return m_options.mode == Mode::make_equal; }

    const JobTables& m_tables;
    const RunOptions& m_options;
    SessionPair& m_sessions;
    std::size_t m_rank = 0; ///< of the table that is checked; problems are told in this order
    std::vector<JobProblem> m_problems;
    std::vector<JobProbe> m_upstream_probes;
    std::vector<JobProbe> m_downstream_probes;
    std::vector<JobProbe> m_statement_probes;
};

template<class Work>
void JobCheck::collect(const std::string& place, Work work)
{
    try {
        work();
    } catch (const base::Refusal& refusal) {
        m_problems.push_back({m_rank, place, refusal.what()});
    }
}

std::vector<std::string> JobCheck::run()
{
    for (const auto& order : m_tables.orders) {
        ++m_rank;
        if (!order.place.empty() && !only_skips(steps_of(order, m_options)))
            check_table(order);
    }
    const auto [up, down] = m_sessions.both(
        [&](db::Session& session) { return ask_in_snapshot(session, m_upstream_probes); },
        [&](db::Session& session) { return ask(session, m_downstream_probes); });
    m_problems.insert(m_problems.end(), up.begin(), up.end());
    m_problems.insert(m_problems.end(), down.begin(), down.end());
    if (!m_statement_probes.empty()) {
        // Where they will run: another sql_mode can make other SQL of them.
        db::Session session = open_ordinary(m_sessions.downstream());
        const auto statements = ask(session, m_statement_probes);
        m_problems.insert(m_problems.end(), statements.begin(), statements.end());
    }
    std::stable_sort(m_problems.begin(), m_problems.end(),
                     [](const auto& a, const auto& b) { return a.rank < b.rank; });
    std::vector<std::string> lines;
    std::set<std::string> seen; // what a table says holds for each of its steps
    for (const auto& problem : m_problems) {
        std::string line = fmt::format("{}: {}", problem.place, problem.sentence);
        if (seen.insert(line).second)
            lines.push_back(std::move(line));
    }
    return lines;
}

void JobCheck::check_table(const TableOrder& order)
{
    const auto steps = steps_of(order, m_options);
    const Subject subject{order, find(m_tables.upstream, order.name),
                          find(m_tables.downstream, order.name)};
    const bool needs_upstream = reads_upstream(steps);
    if (needs_upstream && subject.upstream == nullptr)
        collect(order.place, [&] { require_upstream(order); });
    if (subject.downstream == nullptr)
        collect(order.place, [&] {
            throw base::Refusal(fmt::format(
                "There is no table {} downstream: create it with pull_schema first.", order.name));
        });
    if (subject.downstream == nullptr || (needs_upstream && subject.upstream == nullptr))
        return;
    if (writes())
        check_writing(subject);
    for (const auto& step : steps)
        check_step(subject, step);
}

void JobCheck::require_upstream(const TableOrder& order) const
{
    const auto meant = base::nearest(order.name, m_tables.known);
    throw base::Refusal(fmt::format("{} has no table {}{}",
                                    m_sessions.upstream().endpoint().describe(), order.name,
                                    meant ? fmt::format("; did you mean {}?", *meant)
                                          : ", or its user may not SELECT from it."));
}

void JobCheck::check_writing(const Subject& subject)
{
    const sql::Table& downstream = *subject.downstream;
    const sql::Table& upstream = subject.upstream != nullptr ? *subject.upstream : downstream;
    const std::string& place = subject.order.place;
    collect(place, [&] { refuse_table(upstream, downstream, m_options.allowances); });
    collect(place, [&] { refuse_missing_privileges(m_sessions.downstream(), downstream); });
    collect(place, [&] {
        refuse_unseen_triggers(m_sessions.downstream(), downstream, m_options.allowances);
    });
}

void JobCheck::check_step(const Subject& subject, const Step& step)
{
    std::vector<std::string> key;
    if (compares_rows(step)) {
        check_columns(subject, step);
        collect(step.place, [&] { key = key_that_serves(subject, step); });
        collect(step.place, [&] { refuse_fickle_condition(subject.order.name, step.choices); });
        check_masks(subject, step);
        if (writes())
            collect(step.place, [&] {
                refuse_columns_without_value(*subject.downstream, step.choices.excluded);
            });
    }
    if (step.kind == StepKind::replace)
        check_masks(subject, step);
    if (step.kind == StepKind::lite)
        collect(step.place, [&] {
            choose_lite_column(*subject.upstream, step.lite.column, step.choices.masks);
        });
    probe_step(subject, step, std::move(key));
}

void JobCheck::check_columns(const Subject& subject, const Step& step)
{
    for (const auto& name : step.choices.excluded) {
        if (subject.upstream->find_column(name) != nullptr ||
            subject.downstream->find_column(name) != nullptr)
            continue;
        collect(step.place, [&] {
            throw base::Refusal(fmt::format("Table {} has no column {} to exclude, on either side.",
                                            subject.order.name, name));
        });
    }
}

void JobCheck::check_masks(const Subject& subject, const Step& step)
{
    const sql::Table& down = *subject.downstream;
    // A query's columns are what downstream's hold, and are tried when the query runs.
    const bool of_query = step.kind == StepKind::replace;
    const sql::Table& up = of_query ? down : *subject.upstream;
    const auto refuse = [&](const Mask& mask, const std::string& why) {
        collect(mask.place, [&] {
            throw base::Refusal(fmt::format("Table {}: {}.", subject.order.name, why));
        });
    };
    for (const Mask& mask : step.choices.masks) {
        const auto problems = mask_problems({mask}, up, down, step.choices.excluded);
        if (!problems.empty()) {
            refuse(mask, problems.front());
            continue;
        }
        try {
            const MaskedValue value = plan_mask(mask, *up.find_column(mask.column), up.family,
                                                *down.find_column(mask.column), down.family);
            if (of_query)
                continue;
            m_upstream_probes.push_back({m_rank,
                                         mask.place,
                                         fmt::format("Table {}: the mask", subject.order.name),
                                         build_mask_probe(up, value.source_sql),
                                         false,
                                         {}});
        } catch (const base::Refusal& why) {
            refuse(mask, why.what());
        }
    }
}

void JobCheck::probe_step(const Subject& subject, const Step& step, std::vector<std::string> key)
{
    const std::string& table = subject.order.name;
    if (compares_rows(step) && !step.choices.where.empty()) {
        m_upstream_probes.push_back(
            probe_condition(m_rank, step.place, *subject.upstream, step.choices.where));
        if (step.choices.keep_outside)
            m_downstream_probes.push_back(
                probe_condition(m_rank, step.place, *subject.downstream, step.choices.where));
    }
    if (has_query(step))
        m_upstream_probes.push_back(
            probe_query(m_rank, step.place, table, step.query, std::move(key)));
    for (std::size_t at = 0; at < step.statements.size(); ++at)
        m_statement_probes.push_back(
            probe_statement(m_rank, step.place, table, at + 1, step.statements[at]));
}

} // namespace

void check_job(const JobTables& tables, const RunOptions& options, SessionPair& sessions)
{
    auto lines = JobCheck(tables, options, sessions).run();
    if (lines.empty())
        return;
    lines.push_back("Nothing was compared or written.");
    throw base::Refusal(base::join(lines, "\n"));
}

} // namespace slicetool::sync
